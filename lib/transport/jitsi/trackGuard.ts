import type { Log } from '@/lib/core/log';
import type { JitsiConference, JitsiPeerConnection } from './library';

/**
 * Keeps tracks that belong to no stream from the library, whose listener throws at them. A bridge that has not said yet whose a track
 * is brings them. Does nothing in builds that hide their connections.
 */
export function guardTracks({ rtc }: JitsiConference, log: Log): void {
  const create = rtc?.createPeerConnection;
  if (!rtc || !create) return;
  rtc.createPeerConnection = (...facts) => {
    const made = create.apply(rtc, facts);
    guard(made, log);
    return made;
  };
}

function guard(made: JitsiPeerConnection, log: Log): void {
  const { onTrack, peerconnection } = made;
  if (!onTrack || !peerconnection) return;
  peerconnection.removeEventListener('track', onTrack);
  // The library removes whatever is here when it closes the connection.
  made.onTrack = (event) => {
    if (event.streams.length > 0) onTrack(event);
    else log.warn('a track came without a stream: nobody is heard or seen by it', { kind: event.track.kind });
  };
  peerconnection.addEventListener('track', made.onTrack);
}

import { Emitter } from '@/lib/core/emitter';
import { DeviceError } from '@/lib/devices/deviceError';
import type { MediaEvents, MediaTransport, RemoteTrack } from '../media';
import type { Endpoint } from '../transport';
import type { ConferencePart } from './conferenceLink';
import { IncomingMedia, type IncomingMediaListener, OutgoingMedia } from './conferenceTracks';
import type { JitsiConference, JitsiMeetJs } from './library';
import { OwnTracks } from './ownTracks';

/** The tallest video asked of a bridge that can scale down (pixels). */
const SCREEN_MAX_HEIGHT = 1440;

/** The voices and screens of a transport, over all the conferences of lib-jitsi-meet that it enters. */
export class ConferenceMedia implements MediaTransport {
  readonly media = new Emitter<MediaEvents>();
  private readonly remote = new Map<string, RemoteTrack>();
  private readonly openMicrophones = new Set<string>();
  private readonly own: OwnTracks;
  private giveLibrary: (library: JitsiMeetJs) => void = () => {};
  private refuseLibrary: (error: DeviceError) => void = () => {};

  /** @param endpoints The other endpoints in the conference, by id. */
  constructor(private readonly endpoints: () => ReadonlyMap<string, Endpoint>) {
    const library = new Promise<JitsiMeetJs>((resolve, reject) => {
      this.giveLibrary = resolve;
      this.refuseLibrary = reject;
    });
    library.catch(() => {});
    this.own = new OwnTracks(
      () => library,
      (kind) => this.media.emit('captureEnded', { kind }),
    );
  }

  get tracks(): ReadonlyMap<string, RemoteTrack> {
    return this.remote;
  }

  isMuted(endpointId: string): boolean {
    return !this.openMicrophones.has(endpointId);
  }

  async setMicrophone(deviceId: string | null): Promise<MediaStream | null> {
    if (deviceId !== null) return this.own.start('voice', deviceId);
    await this.own.stop('voice');
    return null;
  }

  setMuted(isMuted: boolean): void {
    this.own.setMuted(isMuted);
  }

  async setScreenShared(isShared: boolean): Promise<MediaStream | null> {
    if (isShared) return this.own.streamOf('screen') ?? this.own.start('screen');
    await this.own.stop('screen');
    return null;
  }

  /** The library has loaded: captures that waited for it start now. */
  begin(library: JitsiMeetJs): void {
    this.giveLibrary(library);
  }

  /** Takes part in a conference that is about to be joined, from the returned part's beginning until it is closed. */
  enter(library: JitsiMeetJs, conference: JitsiConference): ConferencePart {
    const incoming = new IncomingMedia(library, conference, this.listener());
    const outgoing = new OutgoingMedia(conference);
    askForScreens(conference);
    return {
      begin: () => {
        this.own.enter(outgoing);
        incoming.begin();
      },
      close: () => {
        this.own.leave(outgoing);
        incoming.close();
      },
    };
  }

  /** Ends every capture for good. @param left Resolves once the conference has been left. */
  async close(left: Promise<void>): Promise<void> {
    this.refuseLibrary(new DeviceError('failed', 'microphone', 'the meeting has been left'));
    await this.own.close(left);
  }

  private listener(): IncomingMediaListener {
    return {
      endpointOf: (endpointId) => this.endpoints().get(endpointId) ?? { endpointId, personId: null },
      onTrack: (track) => {
        this.remote.set(track.id, track);
        this.media.emit('trackAdded', track);
      },
      onTrackGone: (id) => {
        this.remote.delete(id);
        this.media.emit('trackRemoved', { id });
      },
      onMuted: (endpointId, isMuted) => {
        if (isMuted) this.openMicrophones.delete(endpointId);
        else this.openMicrophones.add(endpointId);
        this.media.emit('muted', { endpointId, isMuted });
      },
      onDominantSpeaker: (endpointId) => this.media.emit('dominantSpeaker', { endpointId }),
    };
  }
}

/** A bridge sends the smallest video, or none, to a client that does not say what it wants. */
function askForScreens(conference: JitsiConference): void {
  try {
    conference.setReceiverConstraints?.({ lastN: -1, defaultConstraints: { maxHeight: SCREEN_MAX_HEIGHT } });
  } catch {
    // Builds without it receive everything.
  }
}

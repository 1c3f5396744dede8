import type { TrackKind } from '../media';
import { release } from './capture';
import type { JitsiConference, JitsiLocalTrack } from './library';

/**
 * One's own tracks in one conference. What has been sent once stays in the conference until it is replaced by the next of
 * its kind: to remove a source and add it again is what current browsers refuse of older builds of the library.
 */
export class OutgoingMedia {
  private readonly sent = new Map<TrackKind, JitsiLocalTrack>();

  constructor(private readonly conference: JitsiConference) {}

  /** Sends `track` in place of the one of its kind before, which is freed. Rejects with whatever the library says. */
  async send(kind: TrackKind, track: JitsiLocalTrack): Promise<void> {
    const previous = this.sent.get(kind);
    if (previous === track) return;
    // An endpoint of an earlier conference may have given it its name.
    track.setSourceName?.('');
    if (previous) await this.conference.replaceTrack(previous, track);
    else await this.conference.addTrack(track);
    this.sent.set(kind, track);
    this.announceTracks();
    if (previous) await release(previous);
  }

  /**
   * Presence says that a track is a screen and not muted. The library writes it when the focus has acknowledged the source,
   * from the tracks it knows by then: a track whose set-up takes longer than the answer is left out, for good.
   */
  private announceTracks(): void {
    const { conference } = this;
    conference._updateRoomPresence?.(conference.getActiveMediaSession?.());
  }
}

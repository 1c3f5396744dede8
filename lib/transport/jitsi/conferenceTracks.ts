import type { RemoteTrack, TrackKind } from '../media';
import type { Endpoint } from '../transport';
import type { JitsiConference, JitsiLocalTrack, JitsiMeetJs, JitsiRemoteTrack } from './library';
import { release } from './ownTracks';

/** What the other endpoints' tracks in one conference report. */
export interface IncomingMediaListener {
  endpointOf(endpointId: string): Endpoint;
  onTrack(track: RemoteTrack): void;
  onTrackGone(id: string): void;
  onMuted(endpointId: string, isMuted: boolean): void;
  onDominantSpeaker(endpointId: string | null): void;
}

/** Track ids must differ between conferences: a track of the previous one may still be on its way out. */
let conferences = 0;

/**
 * The kind of a track, or null to ignore it. A muted screen is no longer shared, though a bridge may keep its source
 * announced. Webcam video is ignored.
 */
function kindOf(track: JitsiRemoteTrack): TrackKind | null {
  if (track.getType() === 'audio') return 'voice';
  return track.getVideoType() === 'desktop' && !track.isMuted() ? 'screen' : null;
}

/** The other endpoints' tracks in one conference of lib-jitsi-meet. */
export class IncomingMedia {
  private readonly prefix: string;
  private readonly shown = new Map<JitsiRemoteTrack, RemoteTrack>();
  private readonly openMicrophones = new Set<string>();
  /** Tracks that are here before anything is reported; null afterwards. */
  private waiting: Set<JitsiRemoteTrack> | null = new Set();
  private readonly watched = new WeakSet<JitsiRemoteTrack>();
  private dominant: string | null = null;
  private isClosed = false;

  constructor(
    library: JitsiMeetJs,
    conference: JitsiConference,
    private readonly listener: IncomingMediaListener,
  ) {
    conferences += 1;
    this.prefix = `${conferences}`;
    this.listen(library, conference);
  }

  /** Reports what is here, and from now on every change. */
  begin(): void {
    const tracks = this.waiting ?? [];
    this.waiting = null;
    for (const track of tracks) this.refresh(track);
    if (this.dominant !== null && !this.isClosed) this.listener.onDominantSpeaker(this.dominant);
  }

  /** Removes every track. */
  close(): void {
    for (const track of [...this.shown.keys()]) this.remove(track);
    if (this.dominant !== null) this.noteDominant(null);
    this.isClosed = true;
  }

  private listen(library: JitsiMeetJs, conference: JitsiConference): void {
    const names = library.events.conference;
    const on = (event: string, handle: (track: JitsiRemoteTrack) => void) =>
      conference.on(event, (track: JitsiRemoteTrack | JitsiLocalTrack) => {
        if (!this.isClosed && !track.isLocal()) handle(track as JitsiRemoteTrack);
      });
    on(names.TRACK_ADDED, (track) => {
      this.watch(library, track);
      this.refresh(track);
    });
    on(names.TRACK_MUTE_CHANGED, (track) => this.refresh(track));
    on(names.TRACK_REMOVED, (track) => this.remove(track));
    conference.on(names.DOMINANT_SPEAKER_CHANGED, (id: string) => this.noteDominant(id));
    conference.on(names.USER_LEFT, (id: string) => {
      if (id === this.dominant) this.noteDominant(null);
    });
  }

  /** A bridge that rewrites sources gives one track to several endpoints in turn. */
  private watch(library: JitsiMeetJs, track: JitsiRemoteTrack): void {
    if (this.watched.has(track)) return;
    this.watched.add(track);
    track.addEventListener(library.events.track.TRACK_VIDEOTYPE_CHANGED, () => this.refresh(track));
  }

  private refresh(track: JitsiRemoteTrack): void {
    if (this.isClosed) return;
    if (this.waiting) {
      this.waiting.add(track);
      return;
    }
    // Between two endpoints it is nobody's.
    if (!track.getParticipantId()) {
      this.hide(track);
      return;
    }
    const kind = kindOf(track);
    if (kind === null) this.hide(track);
    else if (!this.shown.has(track)) this.show(track, kind);
    if (kind === 'voice') this.noteMuted(track.getParticipantId(), track.isMuted());
  }

  private remove(track: JitsiRemoteTrack): void {
    this.waiting?.delete(track);
    if (track.getType() === 'audio') this.noteMuted(track.getParticipantId(), true);
    this.hide(track);
  }

  private show(track: JitsiRemoteTrack, kind: TrackKind): void {
    const endpointId = track.getParticipantId();
    const shown: RemoteTrack = {
      id: `${this.prefix}/${endpointId}/${kind}/${track.getTrack().id}`,
      from: this.listener.endpointOf(endpointId),
      kind,
      stream: track.getOriginalStream(),
    };
    this.shown.set(track, shown);
    this.listener.onTrack(shown);
  }

  private hide(track: JitsiRemoteTrack): void {
    const shown = this.shown.get(track);
    if (!shown) return;
    this.shown.delete(track);
    this.listener.onTrackGone(shown.id);
  }

  private noteMuted(endpointId: string, isMuted: boolean): void {
    if (this.openMicrophones.has(endpointId) === !isMuted) return;
    if (isMuted) this.openMicrophones.delete(endpointId);
    else this.openMicrophones.add(endpointId);
    this.listener.onMuted(endpointId, isMuted);
  }

  private noteDominant(endpointId: string | null): void {
    if (this.isClosed || endpointId === this.dominant) return;
    this.dominant = endpointId;
    if (!this.waiting) this.listener.onDominantSpeaker(endpointId);
  }
}

/**
 * The local tracks in one conference. A track once sent stays in the conference until the next of its kind replaces it:
 * current browsers refuse to let older builds of the library remove a source and add it again.
 */
export class OutgoingMedia {
  private readonly sent = new Map<TrackKind, JitsiLocalTrack>();

  constructor(private readonly conference: JitsiConference) {}

  /** Sends `track` in place of the previous one of its kind, which is freed. Rejects with the library's error. */
  async send(kind: TrackKind, track: JitsiLocalTrack): Promise<void> {
    const previous = this.sent.get(kind);
    if (previous === track) return;
    // It may still have the source name of an earlier conference's endpoint.
    track.setSourceName?.('');
    if (previous) await this.conference.replaceTrack(previous, track);
    else await this.conference.addTrack(track);
    this.sent.set(kind, track);
    this.announceTracks();
    if (previous) await release(previous);
  }

  /**
   * Presence says that a track is a screen and not muted. The library writes it when the focus acknowledges the source, from
   * the tracks it knows by then: a track whose setup takes longer than the answer would be left out for good.
   */
  private announceTracks(): void {
    const { conference } = this;
    conference._updateRoomPresence?.(conference.getActiveMediaSession?.());
  }
}

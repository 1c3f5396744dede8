import { DeviceError } from '@/lib/devices/deviceError';
import type { TrackKind } from '../media';
import { capture, captureErrorOf, DEVICES, release } from './capture';
import type { OutgoingMedia } from './conferenceTracks';
import type { JitsiLocalTrack, JitsiMeetJs } from './library';

/**
 * One's own microphone and screen, over all conferences of a stay: asked for once, sent in whichever conference one is in.
 * Changes of one kind are made one after the other.
 */
export class OwnTracks {
  private readonly live = new Map<TrackKind, JitsiLocalTrack>();
  private readonly pending = new Map<TrackKind, Promise<unknown>>();
  private outgoing: OutgoingMedia | null = null;
  private isMuted = false;
  private isClosed = false;

  /** @param onEnded called when a capture has ended without being asked to. */
  constructor(
    private readonly library: () => Promise<JitsiMeetJs>,
    private readonly onEnded: (kind: TrackKind) => void,
  ) {}

  /** What is captured now. */
  streamOf(kind: TrackKind): MediaStream | null {
    return this.live.get(kind)?.getOriginalStream() ?? null;
  }

  /** Captures and sends, in place of what was before. @throws DeviceError */
  start(kind: TrackKind, deviceId = ''): Promise<MediaStream> {
    return this.inTurn(kind, () => this.take(kind, deviceId));
  }

  /** Ends a capture; its source stays in the conference, muted. */
  stop(kind: TrackKind): Promise<void> {
    return this.inTurn(kind, () => this.retire(kind));
  }

  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    void this.applyMute('voice');
  }

  /** A conference is about to be joined: what is captured is sent there. */
  enter(outgoing: OutgoingMedia): void {
    this.outgoing = outgoing;
    for (const kind of this.live.keys()) void this.inTurn(kind, () => this.sendAgain(kind, outgoing));
  }

  /** The conference is over; what is captured stays. */
  leave(outgoing: OutgoingMedia): void {
    if (this.outgoing === outgoing) this.outgoing = null;
  }

  /** Ends every capture for good, at once; frees what it took once `left` has resolved. */
  async close(left: Promise<void>): Promise<void> {
    this.isClosed = true;
    this.outgoing = null;
    const tracks = [...this.live.values()];
    this.live.clear();
    for (const track of tracks) track.stopStream();
    await left;
    for (const track of tracks) void release(track);
  }

  private async take(kind: TrackKind, deviceId: string): Promise<MediaStream> {
    const track = await capture(await this.library(), kind, deviceId);
    const previous = this.live.get(kind);
    try {
      if (this.isClosed) throw new DeviceError('failed', DEVICES[kind], 'the meeting has been left');
      // Muted until it has replaced the one before: only a change of its own is told to the others.
      if (kind === 'voice') await track.mute();
      await this.outgoing?.send(kind, track);
    } catch (error) {
      void release(track);
      throw captureErrorOf(error, kind);
    }
    this.live.set(kind, track);
    if (!this.outgoing && previous) void release(previous);
    this.watch(kind, track);
    await this.applyMute(kind);
    return track.getOriginalStream();
  }

  private async sendAgain(kind: TrackKind, outgoing: OutgoingMedia): Promise<void> {
    const track = this.live.get(kind);
    if (!track || this.outgoing !== outgoing) return;
    try {
      await outgoing.send(kind, track);
      await this.applyMute(kind);
    } catch {
      // A link that breaks while it is made; the next one is given the same track.
    }
  }

  private watch(kind: TrackKind, track: JitsiLocalTrack): void {
    track.getTrack().addEventListener('ended', () => {
      if (this.live.get(kind) !== track) return;
      void this.retire(kind);
      this.onEnded(kind);
    });
  }

  private async retire(kind: TrackKind): Promise<void> {
    const track = this.live.get(kind);
    if (!track) return;
    this.live.delete(kind);
    await track.mute().catch(() => {});
    track.stopStream();
  }

  private async applyMute(kind: TrackKind): Promise<void> {
    const track = this.live.get(kind);
    const isMuted = kind === 'voice' && this.isMuted;
    if (track && track.isMuted() !== isMuted) await (isMuted ? track.mute() : track.unmute()).catch(() => {});
  }

  private inTurn<T>(kind: TrackKind, change: () => Promise<T>): Promise<T> {
    const before = this.pending.get(kind) ?? Promise.resolve();
    const result = before.then(change, change);
    this.pending.set(kind, result);
    return result;
  }
}

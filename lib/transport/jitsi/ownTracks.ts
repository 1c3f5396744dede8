import {
  asNamedError,
  type CapturedDevice,
  DeviceError,
  type DeviceErrorReason,
  deviceErrorOf,
  type NamedError,
  refusalOf,
} from '@/lib/devices/deviceError';
import { pageDevices } from '@/lib/devices/deviceManager';
import type { TrackKind } from '../media';
import type { OutgoingMedia } from './conferenceTracks';
import type { JitsiCaptureOptions, JitsiLocalTrack, JitsiMeetJs } from './library';

/**
 * The local microphone and screen, over all conferences of a transport: captured once, sent in the current conference.
 * Changes of one kind happen one after the other.
 */
export class OwnTracks {
  private readonly live = new Map<TrackKind, JitsiLocalTrack>();
  private readonly pending = new Map<TrackKind, Promise<unknown>>();
  private outgoing: OutgoingMedia | null = null;
  private isMuted = false;
  private isClosed = false;

  /** @param onEnded Called when a capture has ended by itself. */
  constructor(
    private readonly library: () => Promise<JitsiMeetJs>,
    private readonly onEnded: (kind: TrackKind) => void,
  ) {}

  /** The current capture. */
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

  /** A conference is about to be joined: sends the current captures there. */
  enter(outgoing: OutgoingMedia): void {
    this.outgoing = outgoing;
    for (const kind of this.live.keys()) void this.inTurn(kind, () => this.sendAgain(kind, outgoing));
  }

  /** The conference is over. Captures stay. */
  leave(outgoing: OutgoingMedia): void {
    if (this.outgoing === outgoing) this.outgoing = null;
  }

  /** Ends every capture for good, at once, and frees the tracks once `left` has resolved. */
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
      // Muted until it has replaced the previous one: only a change of its own reaches the other endpoints.
      if (kind === 'voice') await track.mute();
      await this.outgoing?.send(kind, track);
    } catch (error) {
      void release(track);
      throw deviceErrorFor(error, kind);
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
      // The link broke while it was made. The next one gets the same track.
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

/** The device that each kind of track is captured from. */
const DEVICES: Readonly<Record<TrackKind, CapturedDevice>> = { voice: 'microphone', screen: 'screen' };

/** Names of the library's own errors (JitsiTrackErrors). */
const REASONS: Readonly<Record<string, DeviceErrorReason>> = {
  'gum.permission_denied': 'denied',
  'gum.not_found': 'missing',
  'gum.constraint_failed': 'missing',
  'gum.screensharing_user_canceled': 'dismissed',
};

/** The library wraps the browser's own error. */
interface LibraryError extends NamedError {
  readonly gum?: { readonly error?: NamedError };
}

/** Anything the library threw, as a DeviceError: by the browser's error inside it, else by the library's own name. */
function deviceErrorFor(cause: unknown, kind: TrackKind): DeviceError {
  const error: LibraryError = asNamedError(cause);
  const reason = refusalOf(error) ?? refusalOf(asNamedError(error.gum?.error)) ?? REASONS[String(error.name)];
  if (cause instanceof DeviceError || !reason) return deviceErrorOf(cause, DEVICES[kind]);
  return new DeviceError(reason, DEVICES[kind], '', { cause });
}

/** The library switches echo cancellation, noise suppression and automatic gain on by itself. */
function optionsFor(kind: TrackKind, deviceId: string): JitsiCaptureOptions {
  if (kind === 'screen') return { devices: ['desktop'] };
  return deviceId === '' ? { devices: ['audio'] } : { devices: ['audio'], micDeviceId: deviceId };
}

/**
 * Captures a microphone (`deviceId`, or '' for the browser's choice) or a screen. A screen's sound is left out: it would be
 * another voice at the sharer's seat. @throws DeviceError
 */
async function capture(library: JitsiMeetJs, kind: TrackKind, deviceId = ''): Promise<JitsiLocalTrack> {
  if (!pageDevices.supports(DEVICES[kind])) throw new DeviceError('unsupported', DEVICES[kind]);
  const wanted = kind === 'voice' ? 'audio' : 'video';
  try {
    const tracks = await library.createLocalTracks(optionsFor(kind, deviceId));
    const track = tracks.find((candidate) => candidate.getType() === wanted);
    for (const other of tracks) if (other !== track) void release(other);
    if (track) return track;
  } catch (error) {
    throw deviceErrorFor(error, kind);
  }
  throw deviceErrorFor(new Error('nothing was captured'), kind);
}

/** Stops a capture and frees it; never rejects. */
export async function release(track: JitsiLocalTrack): Promise<void> {
  try {
    track.stopStream();
    await track.dispose();
  } catch {
    // It belongs to a conference that is already gone.
  }
}

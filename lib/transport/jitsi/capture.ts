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
import type { JitsiCaptureOptions, JitsiLocalTrack, JitsiMeetJs } from './library';

/** The device that each kind of track is captured from. */
export const DEVICES: Readonly<Record<TrackKind, CapturedDevice>> = { voice: 'microphone', screen: 'screen' };

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

/** Whatever the library threw, as a DeviceError: by the browser's error inside it, else by the library's own name. */
export function captureErrorOf(cause: unknown, kind: TrackKind): DeviceError {
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
 * one more voice at the seat of whoever shares it. @throws DeviceError
 */
export async function capture(library: JitsiMeetJs, kind: TrackKind, deviceId = ''): Promise<JitsiLocalTrack> {
  if (!pageDevices.supports(DEVICES[kind])) throw new DeviceError('unsupported', DEVICES[kind]);
  const wanted = kind === 'voice' ? 'audio' : 'video';
  try {
    const tracks = await library.createLocalTracks(optionsFor(kind, deviceId));
    const track = tracks.find((candidate) => candidate.getType() === wanted);
    for (const other of tracks) if (other !== track) void release(other);
    if (track) return track;
  } catch (error) {
    throw captureErrorOf(error, kind);
  }
  throw captureErrorOf(new Error('nothing was captured'), kind);
}

/** Stops a capture and frees it; never rejects. */
export async function release(track: JitsiLocalTrack): Promise<void> {
  try {
    track.stopStream();
    await track.dispose();
  } catch {
    // It belongs to a conference that is gone already.
  }
}

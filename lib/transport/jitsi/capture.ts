import type { TrackKind } from '../media';
import { captureErrorOf, requireCapture } from './captureErrorOf';
import type { JitsiCaptureOptions, JitsiLocalTrack, JitsiMeetJs } from './library';

/** The library switches echo cancellation, noise suppression and automatic gain on by itself. */
function optionsFor(kind: TrackKind, deviceId: string): JitsiCaptureOptions {
  if (kind === 'screen') return { devices: ['desktop'] };
  return deviceId === '' ? { devices: ['audio'] } : { devices: ['audio'], micDeviceId: deviceId };
}

/**
 * Asks for a microphone (`deviceId`, or '' for the browser's choice) or a screen. A screen's sound is not taken: it would
 * be one more voice at its sharer's seat. @throws CaptureError
 */
export async function capture(library: JitsiMeetJs, kind: TrackKind, deviceId = ''): Promise<JitsiLocalTrack> {
  requireCapture(kind);
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

import { captureErrorOf, requireCapture } from '@/lib/transport/jitsi/captureErrorOf';
import { type MicrophoneDevice, microphonesOf } from './microphoneList';

/** What the browser remembers about the microphone; `prompt` also where it does not say. */
export type MicrophonePermission = 'granted' | 'denied' | 'prompt';

function mediaDevices(): MediaDevices | null {
  // Missing on pages that are not served securely.
  return typeof navigator === 'undefined' ? null : ((navigator.mediaDevices as MediaDevices | undefined) ?? null);
}

/** The microphones that can be chosen; none before the person has allowed one. Never rejects. */
export async function listMicrophones(): Promise<readonly MicrophoneDevice[]> {
  try {
    return microphonesOf((await mediaDevices()?.enumerateDevices()) ?? []);
  } catch {
    return [];
  }
}

/** Calls `onChange` whenever a device comes or goes, until the returned function is called. */
export function watchDevices(onChange: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', onChange);
  return () => devices?.removeEventListener('devicechange', onChange);
}

/** What the browser remembers; asks nothing. Never rejects. */
export async function microphonePermission(): Promise<MicrophonePermission> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state;
  } catch {
    return 'prompt';
  }
}

/** Whether this browser can share a screen; phones can't. */
export function canShareScreen(): boolean {
  return typeof mediaDevices()?.getDisplayMedia === 'function';
}

/**
 * Opens the microphone `deviceId` ('' for the browser's choice), asking the person where they have not been asked. One
 * that is gone is replaced by the browser's choice. @throws CaptureError
 */
export async function openMicrophone(deviceId: string): Promise<MediaStream> {
  requireCapture('voice');
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    const wanted = deviceId ? { ...audio, deviceId: { exact: deviceId } } : audio;
    return await navigator.mediaDevices.getUserMedia({ audio: wanted });
  } catch (cause) {
    const error = captureErrorOf(cause, 'voice');
    if (error.reason === 'missing' && deviceId !== '') return openMicrophone('');
    throw error;
  }
}

/** Ends every track of a stream, so that the browser's recording mark goes out. */
export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

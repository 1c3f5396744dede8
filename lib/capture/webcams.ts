import { deviceRefusalOf, type NamedError } from '@/lib/core/deviceRefusal';
import { type InputDevice, inputDevicesOf } from '@/lib/core/inputDevices';
import { WebcamError } from './webcamError';

/** The models read 256 pixels of a part at most; more costs time on the way and shows them nothing. */
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } } as const;

function mediaDevices(): MediaDevices | null {
  // Missing on pages that are not served securely.
  return typeof navigator === 'undefined' ? null : ((navigator.mediaDevices as MediaDevices | undefined) ?? null);
}

/** The cameras that can be chosen; none before the person has allowed one. Never rejects. */
export async function listWebcams(): Promise<readonly InputDevice[]> {
  try {
    return inputDevicesOf('videoinput', (await mediaDevices()?.enumerateDevices()) ?? []);
  } catch {
    return [];
  }
}

/** Calls `onChange` whenever a device comes or goes, until the returned function is called. */
export function watchWebcams(onChange: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', onChange);
  return () => devices?.removeEventListener('devicechange', onChange);
}

/** What the browser remembers about cameras, `prompt` also where it does not say; asks nothing. Never rejects. */
export async function webcamPermission(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state;
  } catch {
    return 'prompt';
  }
}

function canReadPictures(): boolean {
  return (
    typeof VideoFrame === 'function' &&
    typeof OffscreenCanvas === 'function' &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype
  );
}

/**
 * Opens the camera `deviceId` ('' for the browser's choice), asking the person where they have not been asked. One that is
 * gone is replaced by the browser's choice. Without sound. @throws WebcamError
 */
export async function openWebcam(deviceId: string): Promise<MediaStream> {
  const devices = mediaDevices();
  if (!devices || !canReadPictures()) throw new WebcamError('unsupported');
  try {
    const video = deviceId ? { ...PICTURE, deviceId: { exact: deviceId } } : PICTURE;
    return await devices.getUserMedia({ video });
  } catch (cause) {
    const reason = deviceRefusalOf(cause as NamedError) ?? 'failed';
    if (reason === 'missing' && deviceId !== '') return openWebcam('');
    throw new WebcamError(reason, '', { cause });
  }
}

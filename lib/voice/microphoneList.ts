import { type DeviceFacts, type InputDevice, inputDevicesOf } from '@/lib/core/inputDevices';

/** A microphone that can be chosen. */
export type MicrophoneDevice = InputDevice;

/** The microphones among `devices`, each once, in the browser's order; those without an id (before permission) left out. */
export function microphonesOf(devices: readonly DeviceFacts[]): readonly MicrophoneDevice[] {
  return inputDevicesOf('audioinput', devices);
}

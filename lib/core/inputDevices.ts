/** A microphone or a camera that can be chosen. */
export interface InputDevice {
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** As the system calls it; '' where the browser does not say. */
  readonly label: string;
}

/** What is read of `MediaDeviceInfo`. */
export type DeviceFacts = Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>;

/** Entries by which Chromium names a device a second time: the system's choice for everything, and for calls. */
const ALIASES = ['default', 'communications'];

/** The devices of `wanted` kind, each once, in the browser's order; those without an id (before permission) left out. */
export function inputDevicesOf(
  wanted: 'audioinput' | 'videoinput',
  devices: readonly DeviceFacts[],
): readonly InputDevice[] {
  const seen = new Set<string>();
  return devices.flatMap(({ kind, deviceId, label }) => {
    if (kind !== wanted || deviceId === '' || ALIASES.includes(deviceId) || seen.has(deviceId)) return [];
    seen.add(deviceId);
    return [{ deviceId, label }];
  });
}

/** `deviceId` where it is among `devices`, else '' for the browser's choice: a device that is gone is not asked for. */
export function knownDevice(deviceId: string, devices: readonly InputDevice[]): string {
  return devices.some((device) => device.deviceId === deviceId) ? deviceId : '';
}

import { type CapturedDevice, DeviceError, deviceErrorOf } from './deviceError';

/** The kinds of device that can be chosen. */
export type DeviceKind = 'microphone' | 'speaker' | 'webcam';

/** A device that can be chosen. */
export interface Device {
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** As the system calls it; '' where the browser does not say. */
  readonly label: string;
}

/** The parts of `Navigator` that devices come from. `mediaDevices` is missing on pages that are not served securely. */
export interface DeviceNavigator {
  readonly mediaDevices?: Pick<
    MediaDevices,
    'enumerateDevices' | 'getUserMedia' | 'getDisplayMedia' | 'addEventListener' | 'removeEventListener'
  >;
  readonly permissions?: Pick<Permissions, 'query'>;
}

const BROWSER_KINDS: Readonly<Record<DeviceKind, MediaDeviceKind>> = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  webcam: 'videoinput',
};

/** Ids under which Chromium lists a device a second time: the system's default, and its default for calls. */
const ALIASES = ['default', 'communications'];

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;

/** The models read 256 pixels of a part at most; larger pictures cost time and show them nothing more. */
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } } as const;

type OpenedKind = Exclude<DeviceKind, 'speaker'>;

function constraintsOf(kind: OpenedKind, deviceId: string): MediaStreamConstraints {
  const wanted = deviceId === '' ? {} : { deviceId: { exact: deviceId } };
  return kind === 'microphone' ? { audio: { ...SOUND, ...wanted } } : { video: { ...PICTURE, ...wanted } };
}

/** Lists, watches and opens microphones, speakers and webcams. */
export class DeviceManager {
  /** @param given replaces the browser's own navigator, which is read at each call. */
  constructor(private readonly given?: DeviceNavigator) {}

  /**
   * The devices of a kind, each once, in the browser's order; none before the user has allowed one, as they have no ids yet.
   * Never rejects.
   */
  async list(kind: DeviceKind): Promise<readonly Device[]> {
    try {
      return devicesOf(kind, (await this.navigator?.mediaDevices?.enumerateDevices()) ?? []);
    } catch {
      return [];
    }
  }

  /** Calls `onChange` whenever a device is plugged in or unplugged, until the returned function is called. */
  watch(onChange: () => void): () => void {
    const media = this.navigator?.mediaDevices;
    media?.addEventListener('devicechange', onChange);
    return () => media?.removeEventListener('devicechange', onChange);
  }

  /** What the browser remembers about a kind of device, `prompt` also where it does not say. Asks nothing, never rejects. */
  async permission(kind: OpenedKind): Promise<PermissionState> {
    try {
      const name = (kind === 'webcam' ? 'camera' : kind) as PermissionName;
      return (await this.navigator?.permissions?.query({ name }))?.state ?? 'prompt';
    } catch {
      return 'prompt';
    }
  }

  /** Whether this browser can capture such a device at all: phones share no screens. */
  supports(device: CapturedDevice): boolean {
    const media = this.navigator?.mediaDevices;
    return typeof (device === 'screen' ? media?.getDisplayMedia : media?.getUserMedia) === 'function';
  }

  /**
   * Opens the device `deviceId` ('' for the browser's choice), asking the user where the browser has to. A device that is
   * gone is replaced by the browser's choice. @throws DeviceError
   */
  async open(kind: OpenedKind, deviceId: string): Promise<MediaStream> {
    const media = this.navigator?.mediaDevices;
    if (!media || !this.supports(kind)) throw new DeviceError('unsupported', kind);
    try {
      return await media.getUserMedia(constraintsOf(kind, deviceId));
    } catch (cause) {
      const error = deviceErrorOf(cause, kind);
      if (error.reason === 'missing' && deviceId !== '') return this.open(kind, '');
      throw error;
    }
  }

  private get navigator(): DeviceNavigator | undefined {
    return this.given ?? globalThis.navigator;
  }
}

function devicesOf(kind: DeviceKind, listed: readonly MediaDeviceInfo[]): readonly Device[] {
  const labels = new Map<string, string>();
  for (const { kind: browserKind, deviceId, label } of listed) {
    if (browserKind !== BROWSER_KINDS[kind] || deviceId === '' || ALIASES.includes(deviceId)) continue;
    if (!labels.has(deviceId)) labels.set(deviceId, label);
  }
  return Array.from(labels, ([deviceId, label]) => ({ deviceId, label }));
}

/** The devices of this page. */
export const pageDevices = new DeviceManager();

/** `deviceId` where it is among `devices`, else '' for the browser's choice: a device that is gone is not asked for. */
export function knownDevice(deviceId: string, devices: readonly Device[]): string {
  return devices.some((device) => device.deviceId === deviceId) ? deviceId : '';
}

/** Ends every track of a stream, so that the browser's recording mark goes out. */
export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

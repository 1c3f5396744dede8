import { describe, expect, it, vi } from 'vitest';
import { DeviceManager, knownDevice, stopStream } from '@/lib/devices/deviceManager';

const info = (kind: MediaDeviceKind, deviceId: string, label = deviceId): MediaDeviceInfo =>
  ({ kind, deviceId, label, groupId: '' }) as MediaDeviceInfo;

const refusal = (name: string, message = '') => Object.assign(new Error(message), { name });

/** A browser's devices, which a test plugs and unplugs. */
class FakeMedia extends EventTarget {
  plugged: MediaDeviceInfo[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  /** What `getUserMedia` rejects with next, one a call. */
  readonly refusals: Error[] = [];
  readonly stream = { getTracks: () => [] } as unknown as MediaStream;

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.plugged;
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    const refused = this.refusals.shift();
    if (refused) throw refused;
    return this.stream;
  }

  async getDisplayMedia(): Promise<MediaStream> {
    return this.stream;
  }

  plug(...devices: MediaDeviceInfo[]): void {
    this.plugged = devices;
    this.dispatchEvent(new Event('devicechange'));
  }
}

function browser(media = new FakeMedia()) {
  return { media, devices: new DeviceManager({ mediaDevices: media }) };
}

describe('the devices that DeviceManager lists', () => {
  const desk = [
    info('audioinput', 'default', 'Default - Desk'),
    info('audioinput', 'communications', 'Communications - Desk'),
    info('audioinput', 'desk'),
    info('audioinput', 'desk'),
    info('audioinput', 'headset', ''),
    info('audiooutput', 'loud'),
    info('videoinput', 'cam'),
  ];

  it('the device manager lists each device once, by kind, without the browser’s aliases', async () => {
    const { media, devices } = browser();
    media.plugged = desk;
    expect(await devices.list('microphone')).toEqual([
      { deviceId: 'desk', label: 'desk' },
      { deviceId: 'headset', label: '' },
    ]);
    expect(await devices.list('speaker')).toEqual([{ deviceId: 'loud', label: 'loud' }]);
    expect(await devices.list('webcam')).toEqual([{ deviceId: 'cam', label: 'cam' }]);
  });

  it('the device manager lists no devices before permission, when the browser hides their ids, and all of them after', async () => {
    const { media, devices } = browser();
    media.plugged = [info('audioinput', '', ''), info('videoinput', '', '')];
    expect(await devices.list('microphone')).toEqual([]);
    expect(await devices.list('webcam')).toEqual([]);
    media.plugged = desk;
    expect(await devices.list('microphone')).toHaveLength(2);
    expect(await devices.list('webcam')).toHaveLength(1);
  });

  it('the device manager lists no devices if the browser refuses, or has none at all', async () => {
    const { media, devices } = browser();
    media.enumerateDevices = async () => {
      throw refusal('NotAllowedError');
    };
    expect(await devices.list('microphone')).toEqual([]);
    expect(await new DeviceManager({}).list('webcam')).toEqual([]);
  });
});

describe('DeviceManager.watch', () => {
  it('the device manager calls back when a device is plugged in or unplugged, until it is stopped', async () => {
    const { media, devices } = browser();
    const lists: number[] = [];
    const stop = devices.watch(() => void devices.list('webcam').then(({ length }) => lists.push(length)));
    media.plug(info('videoinput', 'cam'));
    await vi.waitFor(() => expect(lists).toEqual([1]));
    media.plug();
    await vi.waitFor(() => expect(lists).toEqual([1, 0]));
    stop();
    media.plug(info('videoinput', 'cam'));
    await devices.list('webcam');
    expect(lists).toEqual([1, 0]);
  });

  it('watching devices does nothing where the browser has none', () => {
    expect(new DeviceManager({}).watch(() => {})()).toBeUndefined();
  });
});

describe('DeviceManager.open', () => {
  it('the device manager opens the chosen device, or leaves the choice to the browser', async () => {
    const { media, devices } = browser();
    expect(await devices.open('microphone', 'desk')).toBe(media.stream);
    await devices.open('webcam', '');
    expect(media.asked).toEqual([
      { audio: expect.objectContaining({ echoCancellation: true, deviceId: { exact: 'desk' } }) },
      { video: expect.not.objectContaining({ deviceId: expect.anything() }) },
    ]);
  });

  it('the device manager opens the browser’s choice in place of a device that was unplugged', async () => {
    const { media, devices } = browser();
    media.refusals.push(refusal('OverconstrainedError'));
    expect(await devices.open('webcam', 'gone')).toBe(media.stream);
    expect(media.asked).toHaveLength(2);
    media.refusals.push(refusal('OverconstrainedError'), refusal('NotFoundError'));
    await expect(devices.open('microphone', 'gone')).rejects.toMatchObject({ reason: 'missing', device: 'microphone' });
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'failed'],
  ])('the device manager rejects with a typed reason for %s: %s, without asking again', async (name, reason) => {
    const { media, devices } = browser();
    media.refusals.push(refusal(name));
    await expect(devices.open('webcam', 'cam')).rejects.toMatchObject({ name: 'DeviceError', reason });
    expect(media.asked).toHaveLength(1);
  });

  it('no device is supported on pages that are not served securely', async () => {
    const devices = new DeviceManager({});
    await expect(devices.open('webcam', '')).rejects.toMatchObject({ reason: 'unsupported' });
    expect(devices.supports('microphone')).toBe(false);
  });
});

describe('what DeviceManager knows without asking', () => {
  it('a screen is supported only where the browser can share one', () => {
    const { devices } = browser();
    expect([devices.supports('microphone'), devices.supports('screen')]).toEqual([true, true]);
    const phone = Object.assign(new FakeMedia(), { getDisplayMedia: undefined }) as unknown as FakeMedia;
    expect(new DeviceManager({ mediaDevices: phone }).supports('screen')).toBe(false);
  });

  it('the permission is what the browser remembers, `prompt` where it does not say', async () => {
    const query = vi.fn(async () => ({ state: 'granted' }) as PermissionStatus);
    expect(await new DeviceManager({ permissions: { query } }).permission('webcam')).toBe('granted');
    expect(query).toHaveBeenCalledWith({ name: 'camera' });
    expect(await new DeviceManager({}).permission('microphone')).toBe('prompt');
    query.mockRejectedValueOnce(new TypeError('unknown name'));
    expect(await new DeviceManager({ permissions: { query } }).permission('microphone')).toBe('prompt');
  });
});

describe('knownDevice', () => {
  it('a device that is gone or an alias becomes the browser’s choice', () => {
    const devices = [{ deviceId: 'desk', label: 'Desk' }];
    expect(knownDevice('desk', devices)).toBe('desk');
    expect(knownDevice('default', devices)).toBe('');
    expect(knownDevice('gone', devices)).toBe('');
  });
});

describe('stopStream', () => {
  it('stopStream stops every track', () => {
    const stop = vi.fn();
    stopStream({ getTracks: () => [{ stop }, { stop }] } as unknown as MediaStream);
    expect(stop).toHaveBeenCalledTimes(2);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceError, type DeviceErrorReason } from '@/lib/devices/deviceError';
import type { Device } from '@/lib/devices/deviceManager';
import { MicrophoneTest } from '@/lib/voice/microphoneTest';

/** A microphone's stream that a test unplugs. */
class FakeStream extends EventTarget {
  isStopped = false;

  constructor(readonly deviceId: string) {
    super();
  }

  getSettings = () => ({ deviceId: this.deviceId });
  getTracks = () => [this];
  getAudioTracks = () => [this];

  stop(): void {
    this.isStopped = true;
  }

  unplug(): void {
    this.dispatchEvent(new Event('ended'));
  }
}

/** Devices whose answers a test sets. */
class FakeDevices {
  permitted: PermissionState = 'granted';
  refusal: DeviceErrorReason | null = null;
  plugged: readonly Device[] = [{ deviceId: 'desk', label: 'Desk' }];
  readonly opened: FakeStream[] = [];
  readonly watchers = new Set<() => void>();

  list = async () => this.plugged;
  permission = async () => this.permitted;

  watch = (onChange: () => void) => {
    this.watchers.add(onChange);
    return () => this.watchers.delete(onChange);
  };

  open = async (_kind: string, deviceId: string): Promise<MediaStream> => {
    if (this.refusal) throw new DeviceError(this.refusal, 'microphone');
    const stream = new FakeStream(deviceId || 'desk');
    this.opened.push(stream);
    return stream as unknown as MediaStream;
  };
}

describe('MicrophoneTest', () => {
  let devices: FakeDevices;
  let test: MicrophoneTest;

  beforeEach(() => {
    devices = new FakeDevices();
    test = new MicrophoneTest('', devices as unknown as ConstructorParameters<typeof MicrophoneTest>[1]);
  });

  afterEach(() => test.close());

  it('a microphone test opens a microphone on its own only if the browser need not ask', async () => {
    devices.permitted = 'prompt';
    await test.openIfAllowed();
    expect([test.getSnapshot().phase, devices.opened.length]).toEqual(['off', 0]);
    devices.permitted = 'granted';
    await test.openIfAllowed();
    expect(test.getSnapshot()).toMatchObject({ phase: 'open', deviceId: 'desk', devices: [{ label: 'Desk' }] });
  });

  it.each(['denied', 'dismissed', 'missing', 'busy', 'unsupported', 'failed'] as const)(
    'a microphone test shows that the tested microphone is %s, and can be opened again',
    async (reason) => {
      devices.refusal = reason;
      await test.open('desk');
      expect(test.getSnapshot().phase).toBe(reason);
      devices.refusal = null;
      await test.open('desk');
      expect(test.getSnapshot().phase).toBe('open');
    },
  );

  it('a microphone test shows that the tested microphone was unplugged, and releases it', async () => {
    await test.open('desk');
    devices.opened[0]!.unplug();
    expect(test.getSnapshot().phase).toBe('missing');
    expect([devices.opened[0]!.isStopped, devices.watchers.size]).toEqual([true, 0]);
  });

  it('a microphone test lists microphones again when one is plugged in', async () => {
    await test.open('');
    devices.plugged = [...devices.plugged, { deviceId: 'headset', label: 'Headset' }];
    for (const onChange of devices.watchers) onChange();
    await vi.waitFor(() => expect(test.getSnapshot().devices).toHaveLength(2));
  });

  it('a microphone test keeps only the newest of several tested microphones', async () => {
    await Promise.all([test.open('desk'), test.open('headset')]);
    expect(test.getSnapshot()).toMatchObject({ phase: 'open', deviceId: 'headset' });
    expect(devices.opened.map(({ isStopped }) => isStopped)).toEqual([true, false]);
    test.close();
    expect(devices.opened[1]!.isStopped).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { type DeviceFacts, knownDevice } from '@/lib/core/inputDevices';
import { microphonesOf } from '@/lib/voice/microphoneList';

const input = (deviceId: string, label = deviceId): DeviceFacts => ({ kind: 'audioinput', deviceId, label });

describe('microphonesOf', () => {
  it('names each microphone once, and nothing else', () => {
    const devices = [
      input('default', 'Default - Desk'),
      input('communications', 'Communications - Desk'),
      input('desk'),
      input('desk'),
      { kind: 'audiooutput', deviceId: 'speaker', label: 'Speaker' } as const,
      { kind: 'videoinput', deviceId: 'camera', label: 'Camera' } as const,
      input('headset', ''),
    ];
    expect(microphonesOf(devices)).toEqual([
      { deviceId: 'desk', label: 'desk' },
      { deviceId: 'headset', label: '' },
    ]);
  });

  it('has none before the person has allowed one', () => {
    expect(microphonesOf([input('', '')])).toEqual([]);
  });
});

describe('knownDevice', () => {
  it('is the browser’s choice where the device is gone or an alias', () => {
    const devices = microphonesOf([input('desk')]);
    expect(knownDevice('desk', devices)).toBe('desk');
    expect(knownDevice('default', devices)).toBe('');
    expect(knownDevice('gone', devices)).toBe('');
  });
});

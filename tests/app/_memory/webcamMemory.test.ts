import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWebcamMemory } from '@/app/_memory/webcamMemory';

describe('what is remembered of the camera', () => {
  it('what is remembered of the webcam comes back as it was stored', () => {
    const memory = { isWanted: true, deviceId: 'desk', calibration: { version: 1 } };
    expect(parseWebcamMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
  });

  it('what is remembered of the webcam is empty where nothing usable is stored', () => {
    const nothing = { isWanted: false, deviceId: '', calibration: null };
    for (const stored of [null, 7, 'x', [], { isWanted: 'yes', deviceId: 3 }]) {
      expect(parseWebcamMemory(stored)).toEqual(nothing);
    }
    fc.assert(fc.property(fc.anything(), (stored) => typeof parseWebcamMemory(stored).deviceId === 'string'));
  });
});

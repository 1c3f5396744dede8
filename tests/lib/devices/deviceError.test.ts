import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceError, deviceErrorOf, refusalOf } from '@/lib/devices/deviceError';

describe('deviceErrorOf', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'denied', 'The browser may not use the microphone'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed', 'The question of the browser was closed'],
    ['SecurityError', '', 'denied', 'The browser may not use the microphone'],
    ['NotFoundError', 'Requested device not found', 'missing', 'No microphone was found'],
    ['OverconstrainedError', '', 'missing', 'No microphone was found'],
    ['NotReadableError', 'Could not start audio source', 'busy', 'The microphone does not start'],
    ['AbortError', '', 'busy', 'The microphone does not start'],
    ['InvalidStateError', '', 'failed', 'The microphone does not work'],
    ['TypeError', '', 'failed', 'The microphone does not work'],
    ['constructor', '', 'failed', 'The microphone does not work'],
  ])('getUserMedia’s %s "%s" becomes the reason %s, with a sentence', (name, message, reason, sentence) => {
    const cause = Object.assign(new Error(message), { name });
    const error = deviceErrorOf(cause, 'microphone');
    expect(error).toMatchObject({ name: 'DeviceError', reason, device: 'microphone', cause });
    expect(error.message).toContain(sentence);
  });

  it.each(['microphone', 'webcam', 'screen'] as const)('a DeviceError names the %s in its sentence', (device) => {
    for (const reason of ['denied', 'missing', 'busy', 'unsupported', 'failed'] as const) {
      expect(new DeviceError(reason, device).message).toContain(device);
    }
  });

  it('deviceErrorOf leaves a DeviceError as it is', () => {
    const known = new DeviceError('busy', 'webcam');
    expect(deviceErrorOf(known, 'microphone')).toBe(known);
  });

  it('deviceErrorOf makes a DeviceError of anything that is thrown', () => {
    expect(refusalOf({ name: 'NotAllowedError', message: { toString: null } })).toBe('denied');
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(deviceErrorOf(thrown, 'screen')).toBeInstanceOf(DeviceError);
        expect(deviceErrorOf({ name: thrown, message: thrown }, 'screen').device).toBe('screen');
      }),
    );
  });
});

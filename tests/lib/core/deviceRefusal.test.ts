import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceRefusalOf } from '@/lib/core/deviceRefusal';

describe('why a browser gives no device', () => {
  it.each([
    ['denied', 'NotAllowedError', 'Permission denied'],
    ['dismissed', 'NotAllowedError', 'Permission dismissed'],
    ['missing', 'NotFoundError', 'Requested device not found'],
    ['missing', 'OverconstrainedError', ''],
    ['busy', 'NotReadableError', 'Could not start video source'],
    [null, 'TypeError', ''],
    [null, 'constructor', ''],
  ] as const)('is %s', (reason, name, message) => {
    expect(deviceRefusalOf({ name, message })).toBe(reason);
  });

  it('makes something of whatever is thrown', () => {
    expect(deviceRefusalOf({ name: 'NotAllowedError', message: { toString: null } })).toBe('denied');
    fc.assert(fc.property(fc.anything(), (name) => void deviceRefusalOf({ name, message: name })));
  });
});

import { describe, expect, it } from 'vitest';
import { createFailureOf, normaliseLinkName } from '@/app/_components/home/createMeeting';
import { ParleyApiError } from '@/lib/api';

const refusal = (data: ConstructorParameters<typeof ParleyApiError>[0]) => new ParleyApiError(data, 'refused');

describe('normaliseLinkName', () => {
  it('typed link names become lowercase letters and hyphens', () => {
    expect(normaliseLinkName('  Thursday Round_7 ')).toBe('thursday-round-7');
  });
});

describe('createFailureOf', () => {
  it('a taken link name belongs to its field', () => {
    expect(createFailureOf(refusal({ reason: 'exists' }))).toEqual({ key: 'homeError.exists', field: 'id' });
  });

  it('too many requests name the wait in whole seconds', () => {
    expect(createFailureOf(refusal({ reason: 'tooManyRequests', retryAfterMs: 1200 }))).toEqual({
      key: 'homeError.tooManyRequests',
      values: { seconds: 2 },
    });
  });

  it('every other failure has a sentence', () => {
    expect(createFailureOf(refusal({ reason: 'unavailable' })).key).toBe('homeError.unavailable');
    expect(createFailureOf(new TypeError('fetch failed')).key).toBe('homeError.offline');
  });
});

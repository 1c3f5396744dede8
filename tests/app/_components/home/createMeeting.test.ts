import { describe, expect, it } from 'vitest';
import { createFailureOf, normaliseLinkName } from '@/app/_components/home/createMeeting';
import { ParleyApiError } from '@/lib/api';

const refusal = (data: ConstructorParameters<typeof ParleyApiError>[0]) => new ParleyApiError(data, 'refused');

describe('normaliseLinkName', () => {
  it('makes small letters and hyphens of what people type', () => {
    expect(normaliseLinkName('  Thursday Round_7 ')).toBe('thursday-round-7');
  });
});

describe('createFailureOf', () => {
  it('puts a taken name beside its field', () => {
    expect(createFailureOf(refusal({ reason: 'exists' }))).toEqual({ key: 'homeError.exists', field: 'id' });
  });

  it('says how long to wait, in whole seconds', () => {
    expect(createFailureOf(refusal({ reason: 'tooManyRequests', retryAfterMs: 1200 }))).toEqual({
      key: 'homeError.tooManyRequests',
      values: { seconds: 2 },
    });
  });

  it('has a sentence for everything else', () => {
    expect(createFailureOf(refusal({ reason: 'unavailable' })).key).toBe('homeError.unavailable');
    expect(createFailureOf(new TypeError('fetch failed')).key).toBe('homeError.offline');
  });
});

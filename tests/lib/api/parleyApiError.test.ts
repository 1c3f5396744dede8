import { TRPCClientError } from '@trpc/client';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParleyApiError, toParleyApiError } from '@/lib/api';

function answered(data: unknown, message = 'A sentence.') {
  return TRPCClientError.from({ error: { message, code: -32600, data } } as never);
}

describe('toParleyApiError', () => {
  it('a ParleyApiError keeps the reason, its data and the sentence', () => {
    expect(toParleyApiError(answered({ reason: 'full', limit: 16 }))).toMatchObject({
      reason: 'full',
      limit: 16,
      message: 'A sentence.',
    });
    expect(toParleyApiError(answered({ reason: 'tooManyRequests', retryAfterMs: 500 }))).toMatchObject({
      reason: 'tooManyRequests',
      retryAfterMs: 500,
      limit: undefined,
    });
  });

  it('a ParleyApiError is not wrapped again', () => {
    const error = new ParleyApiError({ reason: 'ended' }, 'It is over.');
    expect(toParleyApiError(error)).toBe(error);
  });

  it('every other error counts as no answer, and none throws', () => {
    const values = fc.oneof(
      fc.anything(),
      fc.anything().map((data) => answered(data)),
      fc.string().map((reason) => answered({ reason, limit: 'many' })),
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(toParleyApiError(value)).toMatchObject({ reason: 'offline', limit: undefined });
      }),
    );
    expect(toParleyApiError(answered({ reason: 'toString' })).reason).toBe('offline');
  });
});

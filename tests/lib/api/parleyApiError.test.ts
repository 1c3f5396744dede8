import { TRPCClientError } from '@trpc/client';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParleyApiError, toParleyApiError } from '@/lib/api';

function answered(data: unknown, message = 'A sentence.') {
  return TRPCClientError.from({ error: { message, code: -32600, data } } as never);
}

describe('toParleyApiError', () => {
  it('keeps the reason, what belongs to it and the sentence', () => {
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

  it('leaves one of its own as it is', () => {
    const error = new ParleyApiError({ reason: 'ended' }, 'It is over.');
    expect(toParleyApiError(error)).toBe(error);
  });

  it('takes everything else for no answer, and never throws', () => {
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

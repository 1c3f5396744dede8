import { describe, expect, it } from 'vitest';
import { ParleyApiError, type ParleyApiErrorReason } from '@/lib/api';
import {
  admitFreshStart,
  askedWaitMs,
  asPassError,
  attemptMaxMs,
  failureOf,
  nextTryDelayMs,
  remedyFor,
  type TryContext,
} from '@/lib/attend/policy';
import { TransportError, type TransportErrorReason } from '@/lib/transport/transport';

const api = (reason: ParleyApiErrorReason, retryAfterMs?: number) =>
  new ParleyApiError({ reason, retryAfterMs }, reason);
const jitsi = (reason: TransportErrorReason) => new TransportError(reason, reason);

describe('the remedy for a failure', () => {
  it.each(['offline', 'unavailable', 'tooManyRequests'] as const)(
    'the remedy is another attempt if the API is %s',
    (reason) => {
      expect(remedyFor(api(reason))).toBe('retry');
    },
  );

  it.each(['tokenExpired', 'tokenInvalid'] as const)(
    'the remedy is a fresh start if the stay is gone: %s',
    (reason) => {
      expect(remedyFor(api(reason))).toBe('freshStart');
    },
  );

  it.each(['full', 'ended', 'notFound', 'forbidden', 'replaced', 'badInput'] as const)(
    'there is no remedy if the API has decided: %s',
    (reason) => {
      expect(remedyFor(api(reason))).toBe('none');
    },
  );

  it('the remedy is another attempt if Jitsi is unreachable, and a fresh start if it cuts off', () => {
    const reasons = [
      'unreachable',
      'libraryUnavailable',
      'lost',
      'kicked',
      'conferenceDestroyed',
      'notAllowed',
    ] as const;
    const freshStarts = ['kicked', 'conferenceDestroyed', 'notAllowed'];
    for (const reason of reasons) {
      expect(remedyFor(jitsi(reason)), reason).toBe(freshStarts.includes(reason) ? 'freshStart' : 'retry');
    }
  });
});

describe('errors of a pass', () => {
  it("a pass error ends the transport's attempts only if the API has decided", () => {
    expect(asPassError(api('full')).reason).toBe('notAllowed');
    expect(asPassError(api('offline')).reason).toBe('unreachable');
    expect(asPassError(new TypeError('a bug')).reason).toBe('unreachable');
    const kicked = jitsi('kicked');
    expect(asPassError(kicked)).toBe(kicked);
  });

  it("a failure is the API's own error, however the transport wraps it", () => {
    const full = api('full');
    expect(failureOf(asPassError(full))).toBe(full);
    expect(failureOf(new TypeError('a bug'))).toMatchObject({ reason: 'unreachable' });
  });
});

describe('waits that the API asks for', () => {
  it('a wait that the API asks for is obeyed up to 5 s, four times', () => {
    expect(askedWaitMs(api('tooManyRequests', 5_000), 0)).toBe(5_000);
    expect(askedWaitMs(api('tooManyRequests', 5_001), 0)).toBeNull();
    expect(askedWaitMs(api('unavailable', 100), 3)).toBe(100);
    expect(askedWaitMs(api('unavailable', 100), 4)).toBeNull();
  });

  it('there is no wait if the API asks for none', () => {
    expect(askedWaitMs(api('offline'), 0)).toBeNull();
    expect(askedWaitMs(jitsi('lost'), 0)).toBeNull();
  });
});

describe('the next try', () => {
  const failure = jitsi('unreachable');
  const context: TryContext = {
    kind: 'join',
    attempts: 0,
    elapsedMs: 0,
    unadmittedMs: 0,
    tookMs: 0,
    failure,
    random: 1,
  };

  it('attempts of a first join come after growing pauses, and only within eight seconds', () => {
    let elapsedMs = 0;
    const delays: number[] = [];
    for (let attempts = 0; attempts < 100; attempts += 1) {
      const delayMs = nextTryDelayMs({ ...context, attempts, elapsedMs });
      if (delayMs === null) break;
      delays.push(delayMs);
      elapsedMs += delayMs;
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000]);
    expect(elapsedMs).toBeLessThanOrEqual(8_000);
  });

  it('a first join is retried once after attempts without an answer, and fails after thirty seconds', () => {
    const beganMs: number[] = [];
    let elapsedMs = 0;
    for (let attempts = 0; ; attempts += 1) {
      beganMs.push(elapsedMs);
      const tookMs = attemptMaxMs('join', elapsedMs);
      elapsedMs += tookMs;
      const delayMs = nextTryDelayMs({ ...context, attempts, elapsedMs, tookMs });
      if (delayMs === null) break;
      elapsedMs += delayMs;
    }
    expect(beganMs).toEqual([0, 10_250]);
    expect(elapsedMs).toBe(30_000);
  });

  it('a first join that is refused late is not retried', () => {
    expect(nextTryDelayMs({ ...context, elapsedMs: 10_300, tookMs: 50, attempts: 1 })).toBeNull();
  });

  it('an attempt to come back may take ten seconds, whenever it begins', () => {
    for (const elapsedMs of [0, 15_000, 300_000]) expect(attemptMaxMs('return', elapsedMs)).toBe(10_000);
  });

  it('a return is retried until the API has granted no stay for ten minutes', () => {
    const late: TryContext = { ...context, kind: 'return', attempts: 200, elapsedMs: 3_600_000 };
    expect(nextTryDelayMs({ ...late, unadmittedMs: 599_999 })).toBe(20_000);
    expect(nextTryDelayMs({ ...late, unadmittedMs: 600_000 })).toBeNull();
  });

  it.each(['join', 'return'] as const)('the next attempt of a %s waits as long as the API asks', (kind) => {
    const busy = api('tooManyRequests', 7_000);
    expect(nextTryDelayMs({ ...context, kind, failure: busy, attempts: 1 })).toBe(7_000);
  });

  it('a first join is not retried if the API asks for a wait of a minute', () => {
    expect(nextTryDelayMs({ ...context, failure: api('tooManyRequests', 60_000) })).toBeNull();
  });

  it.each([api('full'), api('ended'), api('tokenInvalid'), jitsi('kicked'), jitsi('notAllowed')])(
    'nothing is retried after a refusal: $reason',
    (refusal) => {
      expect(nextTryDelayMs({ ...context, failure: refusal })).toBeNull();
      expect(nextTryDelayMs({ ...context, kind: 'return', failure: refusal })).toBeNull();
    },
  );
});

describe('fresh starts', () => {
  function admitAll(timesMs: readonly number[]): boolean[] {
    let startsMs: readonly number[] = [];
    return timesMs.map((nowMs) => {
      const admitted = admitFreshStart(startsMs, nowMs);
      startsMs = admitted?.startsMs ?? startsMs;
      return admitted !== null;
    });
  }

  it('fresh starts are given up after five within a minute', () => {
    expect(admitAll([0, 1_000, 2_000, 3_000, 4_000, 5_000])).toEqual([true, true, true, true, true, false]);
  });

  it('the first fresh start comes at once, those that follow within a minute after pauses that double', () => {
    const delaysMs: number[] = [];
    let startsMs: readonly number[] = [];
    for (const nowMs of [0, 10_000, 20_000, 30_000, 40_000, 200_000]) {
      const start = admitFreshStart(startsMs, nowMs);
      startsMs = start?.startsMs ?? startsMs;
      delaysMs.push(start?.delayMs ?? -1);
    }
    expect(delaysMs).toEqual([0, 1_000, 2_000, 4_000, 8_000, 0]);
  });

  it('rare fresh starts are always admitted', () => {
    expect(admitAll(Array.from({ length: 20 }, (_, k) => k * 20_000))).not.toContain(false);
  });
});

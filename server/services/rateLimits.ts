import type { Clock } from '@/lib/core/clock';
import { type BucketRate, KeyedTokenBuckets } from '@/server/limits/tokenBuckets';
import { callerKey } from '@/server/services/callerKey';
import { MeetingError } from '@/server/services/meetingError';

/** What one address may ask for. */
export const RATES = {
  create: { burst: 30, perSecond: 0.5 },
  join: { burst: 64, perSecond: 2 },
  /** Avatars brought along, of 10 MB at most. */
  upload: { burst: 12, perSecond: 1 / 30 },
  /** Other names and avatars of somebody who sits: everybody there hears of each, and may have to load it. */
  change: { burst: 30, perSecond: 0.5 },
  /** Everything else that costs a query: a whole office behind one address beats its hearts here. */
  call: { burst: 300, perSecond: 60 },
  /** Looking for a meeting that isn't there: what guessing ids looks like. */
  miss: { burst: 10, perSecond: 10 / 60 },
} as const satisfies Record<string, BucketRate>;

/** Counts what each address asks for. */
export class RateLimits {
  private readonly buckets: Record<keyof typeof RATES, KeyedTokenBuckets>;

  constructor(clock: Clock) {
    this.buckets = {
      create: new KeyedTokenBuckets(RATES.create, clock),
      join: new KeyedTokenBuckets(RATES.join, clock),
      upload: new KeyedTokenBuckets(RATES.upload, clock),
      change: new KeyedTokenBuckets(RATES.change, clock),
      call: new KeyedTokenBuckets(RATES.call, clock),
      miss: new KeyedTokenBuckets(RATES.miss, clock),
    };
  }

  /** Counts one request. @throws MeetingError `tooManyRequests` */
  admit(kind: Exclude<keyof typeof RATES, 'miss'>, ip: string): void {
    refuse(this.buckets[kind].take(callerKey(ip)));
  }

  /**
   * Runs a look-up and counts it where it finds nothing. Whoever has missed too often isn't told any more whether a
   * meeting exists.
   * @throws MeetingError `tooManyRequests`, or whatever `look` throws.
   */
  async lookUp<Result>(ip: string, look: () => Promise<Result>): Promise<Result> {
    const key = callerKey(ip);
    refuse(this.buckets.miss.waitMs(key));
    try {
      return await look();
    } catch (error) {
      if (error instanceof MeetingError && error.reason === 'notFound') refuse(this.buckets.miss.take(key));
      throw error;
    }
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw MeetingError.tooManyRequests(waitMs);
}

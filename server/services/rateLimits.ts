import type { Clock } from '@/lib/core/clock';
import type { MeetingErrorReason } from '@/lib/core/meeting';
import { type BucketRate, callerKey, KeyedTokenBuckets } from '@/server/limits/tokenBuckets';
import { MeetingError } from './meetings/meetingError';

/** How often one address may do what. */
export const RATES = {
  create: { burst: 30, perSecond: 0.5 },
  join: { burst: 64, perSecond: 2 },
  /** Custom avatars, of 10 MB at most. */
  upload: { burst: 12, perSecond: 1 / 30 },
  /** Bytes of custom avatars that are new here: 200 MB a day. */
  uploadBytes: { burst: 200_000_000, perSecond: 200_000_000 / 86_400 },
  /** Seconds that the reader of custom avatars works, of which there is one: a usual file takes less than one. */
  reading: { burst: 30, perSecond: 1 / 30 },
  /** Changes of name or avatar: everyone in the meeting hears of each, and may have to load it. */
  change: { burst: 30, perSecond: 0.5 },
  /** Reports of an endpoint by stays that have not shown a sign of life lately. */
  claim: { burst: 64, perSecond: 2 },
  /** Reports of what is wrong with the Jitsi deployment: a client makes one of each fault. */
  fault: { burst: 30, perSecond: 0.1 },
  /** Files of recordings: of an office that watches one live without a cache, or of a cache of many that nobody named a proxy. */
  read: { burst: 1200, perSecond: 200 },
  /** Beacons of those who watch live: where there are many, only a share of them sends any. */
  viewer: { burst: 600, perSecond: 20 },
  /** What operators do: their page asks for two things every five seconds. */
  ops: { burst: 60, perSecond: 2 },
  /** Wrong tokens of operators. */
  opsMiss: { burst: 30, perSecond: 0.5 },
  /** Everything else that costs a query: the heartbeats of a whole office behind one address count here. */
  call: { burst: 300, perSecond: 60 },
  /** Heartbeats, event streams and reports of an endpoint of one live stay: others behind the same address cannot use them up. */
  stay: { burst: 20, perSecond: 1 },
  /** Look-ups of meetings that don't exist, and creations of those that do: what guessing ids looks like. */
  miss: { burst: 10, perSecond: 10 / 60 },
} as const satisfies Record<string, BucketRate>;

const GUESSED: ReadonlySet<string> = new Set(['notFound', 'exists'] satisfies MeetingErrorReason[]);

/** Counts the requests of each address. */
export class RateLimits {
  private readonly buckets: Record<keyof typeof RATES, KeyedTokenBuckets>;

  constructor(clock: Clock) {
    this.buckets = {
      create: new KeyedTokenBuckets(RATES.create, clock),
      join: new KeyedTokenBuckets(RATES.join, clock),
      upload: new KeyedTokenBuckets(RATES.upload, clock),
      uploadBytes: new KeyedTokenBuckets(RATES.uploadBytes, clock),
      reading: new KeyedTokenBuckets(RATES.reading, clock),
      change: new KeyedTokenBuckets(RATES.change, clock),
      claim: new KeyedTokenBuckets(RATES.claim, clock),
      fault: new KeyedTokenBuckets(RATES.fault, clock),
      read: new KeyedTokenBuckets(RATES.read, clock),
      viewer: new KeyedTokenBuckets(RATES.viewer, clock),
      ops: new KeyedTokenBuckets(RATES.ops, clock),
      opsMiss: new KeyedTokenBuckets(RATES.opsMiss, clock),
      call: new KeyedTokenBuckets(RATES.call, clock),
      stay: new KeyedTokenBuckets(RATES.stay, clock),
      miss: new KeyedTokenBuckets(RATES.miss, clock),
    };
  }

  /** Counts one request of an address, or `amount` of what is counted. @throws MeetingError `tooManyRequests` */
  admit(
    kind: Exclude<keyof typeof RATES, 'miss' | 'stay' | 'reading' | 'ops' | 'opsMiss'>,
    ip: string,
    amount = 1,
  ): void {
    refuse(this.buckets[kind].take(callerKey(ip), amount));
  }

  /** Whether an address may have another custom avatar read. @throws MeetingError `tooManyRequests` */
  admitReading(ip: string): void {
    refuse(this.buckets.reading.waitMs(callerKey(ip)));
  }

  /** Counts what the reader of custom avatars has worked for an address. */
  noteReading(ip: string, workMs: number): void {
    this.buckets.reading.owe(callerKey(ip), workMs / 1000);
  }

  /**
   * Counts one request with the operators' token, or with a wrong one. An address that has shown too many wrong ones is not told
   * which it is. @throws MeetingError `tooManyRequests`
   */
  admitOperator(ip: string, isRight: boolean): void {
    const key = callerKey(ip);
    refuse(this.buckets.opsMiss.waitMs(key));
    refuse(this.buckets[isRight ? 'ops' : 'opsMiss'].take(key));
  }

  /** Counts one request of a live stay. @throws MeetingError `tooManyRequests` */
  admitStay(stayId: string): void {
    refuse(this.buckets.stay.take(stayId));
  }

  /**
   * Runs what tells whether a meeting exists, and counts it if the answer is the one that guessing would get: it doesn't
   * (look-ups), or it does (creations under a chosen id). An address that has guessed too often is told neither.
   * @throws MeetingError `tooManyRequests`, or whatever `look` throws
   */
  async lookUp<Result>(ip: string, look: () => Promise<Result>): Promise<Result> {
    const key = callerKey(ip);
    refuse(this.buckets.miss.waitMs(key));
    try {
      const found = await look();
      // Others of the same burst may have guessed wrong meanwhile: a hit among them must not tell itself apart.
      refuse(this.buckets.miss.waitMs(key));
      return found;
    } catch (error) {
      if (error instanceof MeetingError && GUESSED.has(error.reason)) refuse(this.buckets.miss.take(key));
      throw error;
    }
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw MeetingError.tooManyRequests(waitMs);
}

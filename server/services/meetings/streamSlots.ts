import { callerKey } from '@/server/limits/tokenBuckets';
import { MeetingError } from './meetingError';

/** How many event streams may be open at once. */
export const STREAM_LIMITS = {
  /** Of one address, by those who only look. */
  onlookersPerAddress: 32,
  /** In one meeting, by those who only look. */
  onlookersPerMeeting: 64,
  /** Of one address, by people in meetings: a large office behind one address. */
  stayingPerAddress: 256,
  /** Of one stay: its page may open another before the server has noticed that the last one is dead. */
  perStay: 3,
} as const;

/** When it is worth trying again. */
const RETRY_MS = 10_000;

/** What a stream is counted by. */
export interface StreamOwner {
  readonly ip: string;
  readonly meetingId: string;
  /** Hash of the token of a live stay; null for those who only look. */
  readonly tokenHash: string | null;
}

/**
 * Counts open event streams. A person's own stream always has room: it does not count with those of onlookers, and where a
 * stay has too many, its oldest ends.
 */
export class StreamSlots {
  private readonly counts = new Map<string, number>();
  /** What ends each stream of a stay, oldest first. */
  private readonly ofStay = new Map<string, (() => void)[]>();

  /**
   * Takes a slot. Returns the function that gives it back.
   * @param end Ends the stream, because its stay has opened too many.
   * @throws MeetingError `tooManyRequests`
   */
  take({ ip, meetingId, tokenHash }: StreamOwner, end: () => void): () => void {
    const address = callerKey(ip);
    if (tokenHash === null) {
      return this.count([
        [`looks from ${address}`, STREAM_LIMITS.onlookersPerAddress],
        [`looks at ${meetingId}`, STREAM_LIMITS.onlookersPerMeeting],
      ]);
    }
    const giveBack = this.count([[`stays from ${address}`, STREAM_LIMITS.stayingPerAddress]]);
    const endNow = () => {
      giveBack();
      end();
    };
    const forget = this.rotate(`${meetingId} ${tokenHash}`, endNow);
    return () => {
      giveBack();
      forget();
    };
  }

  /** Keys that have a count, for tests of what is left over. */
  get size(): number {
    return this.counts.size + this.ofStay.size;
  }

  private count(limits: readonly (readonly [key: string, most: number])[]): () => void {
    const isFull = limits.some(([key, most]) => (this.counts.get(key) ?? 0) >= most);
    if (isFull) throw MeetingError.tooManyRequests(RETRY_MS);
    for (const [key] of limits) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) for (const [key] of limits) this.discount(key);
      isHeld = false;
    };
  }

  private discount(key: string): void {
    const left = (this.counts.get(key) ?? 0) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }

  private rotate(stay: string, end: () => void): () => void {
    const ends = [...(this.ofStay.get(stay) ?? []), end];
    if (ends.length > STREAM_LIMITS.perStay) ends.shift()?.();
    this.ofStay.set(stay, ends);
    return () => {
      const left = (this.ofStay.get(stay) ?? []).filter((each) => each !== end);
      if (left.length > 0) this.ofStay.set(stay, left);
      else this.ofStay.delete(stay);
    };
  }
}

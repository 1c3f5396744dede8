import { isIPv6 } from 'node:net';
import type { Clock } from '@/lib/core/clock';

/**
 * Lets `perSecond` units pass in the long run and up to `burst` at once. The caller passes the time in.
 * What is left is kept as the milliseconds it takes to fill up, so that whole numbers stay exact.
 */
export class TokenBucket {
  private readonly unitMs: number;
  private readonly fullMs: number;
  private creditMs: number;
  private filledAtMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.unitMs = 1000 / perSecond;
    this.fullMs = burst * this.unitMs;
    this.creditMs = this.fullMs;
    this.filledAtMs = nowMs;
  }

  /** Takes `amount` and returns true, or takes nothing and returns false. */
  tryTake(amount: number, nowMs: number): boolean {
    this.fill(nowMs);
    const priceMs = amount * this.unitMs;
    if (priceMs > this.creditMs) return false;
    this.creditMs -= priceMs;
    return true;
  }

  /** Takes `amount` even if there is less: what is owed comes off what is gained later. */
  owe(amount: number, nowMs: number): void {
    this.fill(nowMs);
    this.creditMs -= amount * this.unitMs;
  }

  /** Milliseconds, rounded up, until `amount` can be taken; 0 if it can be taken now. */
  waitMs(amount: number, nowMs: number): number {
    this.fill(nowMs);
    return Math.max(0, Math.ceil(amount * this.unitMs - this.creditMs));
  }

  private fill(nowMs: number): void {
    this.creditMs = Math.min(this.fullMs, this.creditMs + Math.max(0, nowMs - this.filledAtMs));
    this.filledAtMs = nowMs;
  }
}

/** How often something may happen: `burst` times at once, then `perSecond`. */
export interface BucketRate {
  readonly burst: number;
  readonly perSecond: number;
}

const KEYS_MAX = 10_000;

/** Token buckets by key, of bounded memory: past {@link KEYS_MAX} keys the least recently used is forgotten. */
export class KeyedTokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly rate: BucketRate,
    private readonly clock: Clock,
    private readonly keysMax = KEYS_MAX,
  ) {}

  /** Takes tokens and returns 0, or takes nothing and returns the milliseconds to wait. */
  take(key: string, amount = 1): number {
    const nowMs = this.clock.nowMs();
    const bucket = this.bucket(key, nowMs);
    return bucket.tryTake(amount, nowMs) ? 0 : bucket.waitMs(amount, nowMs);
  }

  /** Takes `amount`, known only afterwards, even if there is less: {@link waitMs} says when there is some again. */
  owe(key: string, amount: number): void {
    const nowMs = this.clock.nowMs();
    this.bucket(key, nowMs).owe(amount, nowMs);
  }

  /** Milliseconds until there is a token; 0 if there is one. */
  waitMs(key: string): number {
    const nowMs = this.clock.nowMs();
    return this.bucket(key, nowMs).waitMs(1, nowMs);
  }

  private bucket(key: string, nowMs: number): TokenBucket {
    const bucket = this.buckets.get(key) ?? new TokenBucket(this.rate.perSecond, this.rate.burst, nowMs);
    // A Map keeps insertion order: removing the key and adding it again makes it the newest.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.keysMax) this.forgetOldest();
    return bucket;
  }

  private forgetOldest(): void {
    const oldest = this.buckets.keys().next();
    if (!oldest.done) this.buckets.delete(oldest.value);
  }
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The first four groups of an IPv6 address, written out. */
function prefix64(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

/**
 * The key under which a limit counts a caller: an IPv4 address, or the /64 of an IPv6 address, since one subscriber has
 * all of that. Anything else is its own key.
 */
export function callerKey(ip: string): string {
  const mapped = MAPPED_IPV4.exec(ip)?.[1];
  if (mapped) return mapped;
  const address = ip.replace(/%.*$/, '');
  return isIPv6(address) ? `${prefix64(address)}::/64` : ip;
}

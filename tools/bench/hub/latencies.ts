const MARK = '~'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const SENDER_DIGITS = 2;
const SEQUENCE_DIGITS = 7;
const TIME_DIGITS = 10;

/** Length of a stamp: constant, so that it can be found from the end of a message. */
const STAMP_CHARACTERS = 1 + SENDER_DIGITS + SEQUENCE_DIGITS + TIME_DIGITS;

/** Sender of a message, its number among the sender's messages, and when it was sent (ms on the load's clock, to 10 us). */
export interface Stamp {
  sender: number;
  sequence: number;
  sentMs: number;
}

/** Writes a stamp in characters that JSON does not escape. */
export function stampText({ sender, sequence, sentMs }: Stamp): string {
  const time = Math.round(sentMs * 100);
  return `~${pad(sender, SENDER_DIGITS)}${pad(sequence, SEQUENCE_DIGITS)}${pad(time, TIME_DIGITS)}`;
}

/** Finds the stamp in the message `bytes[start..end)` and reads it into `out`. False if there is none. */
export function readStamp(bytes: Buffer, start: number, end: number, out: Stamp): boolean {
  const at = bytes.lastIndexOf(MARK, end - STAMP_CHARACTERS);
  if (at < start) return false;
  out.sender = digits(bytes, at + 1, SENDER_DIGITS);
  out.sequence = digits(bytes, at + 1 + SENDER_DIGITS, SEQUENCE_DIGITS);
  out.sentMs = digits(bytes, at + 1 + SENDER_DIGITS + SEQUENCE_DIGITS, TIME_DIGITS) / 100;
  return true;
}

function pad(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1) value = value * 10 + bytes[at + index]! - ZERO;
  return value;
}

const BUCKET_MS = 0.05;
const BUCKETS = 200_000;

/** Latencies, counted in buckets of 0.05 ms up to 10 s; later ones count as 10 s. */
export class Latencies {
  private readonly buckets = new Uint32Array(BUCKETS);
  private total = 0;

  get count(): number {
    return this.total;
  }

  add(ms: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(ms / BUCKET_MS)));
    this.buckets[bucket]! += 1;
    this.total += 1;
  }

  clear(): void {
    this.buckets.fill(0);
    this.total = 0;
  }

  /** The latency, ms, that `share` (0 .. 1) of all do not exceed; 0 if there are none. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(this.total * share);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS && wanted > 0; bucket += 1) {
      seen += this.buckets[bucket]!;
      if (seen >= wanted) return (bucket + 1) * BUCKET_MS;
    }
    return 0;
  }
}

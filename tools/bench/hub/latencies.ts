const MARK = '~'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const SENDER_DIGITS = 2;
const SEQUENCE_DIGITS = 7;
const TIME_DIGITS = 10;

/** Characters of a stamp: it is of one size, so that it can be found from a message's end. */
const STAMP_CHARACTERS = 1 + SENDER_DIGITS + SEQUENCE_DIGITS + TIME_DIGITS;

/** Who sent a message within the room, which of theirs it is, and when (ms on the load's own clock, to 10 us). */
export interface Stamp {
  sender: number;
  sequence: number;
  sentMs: number;
}

/** Writes a stamp: it stands in a message as plain characters that JSON leaves as they are. */
export function stampText({ sender, sequence, sentMs }: Stamp): string {
  const time = Math.round(sentMs * 100);
  return `~${pad(sender, SENDER_DIGITS)}${pad(sequence, SEQUENCE_DIGITS)}${pad(time, TIME_DIGITS)}`;
}

/** Finds the stamp in the message `bytes[start..end)` and reads it into `out`. False where there is none. */
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

/** Latencies, counted in buckets of 0.05 ms up to 10 s; what is later counts as 10 s. */
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

  /** The latency, ms, that the part `share` (0 .. 1) of all does not exceed; 0 where there is none. */
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

import { ENVELOPE_BYTES } from '@/lib/quality/wireCost';

const BUCKET_MS = 250;
/** Two seconds are measured. */
const BUCKETS = 8;
const BITS_PER_BYTE = 8;

/**
 * Bytes that a packet of `sizeBytes` takes on the wire at one receiver, modelled: base64 in the bridge's JSON, WebSocket,
 * TLS, TCP and IP, each message in a segment of its own.
 */
export function messageBytes(sizeBytes: number): number {
  return ENVELOPE_BYTES + Math.ceil((sizeBytes * 4) / 3);
}

/** What one's own packets take on the wire at one receiver, over the last two seconds. Fixed memory. */
export class WireRate {
  private readonly bytes = new Float64Array(BUCKETS);
  private bucket = Number.NaN;

  /** Notes a packet that has left. */
  note(sizeBytes: number, nowMs: number): void {
    this.turnTo(nowMs);
    const slot = this.bucket % BUCKETS;
    this.bytes[slot] = this.bytes[slot]! + messageBytes(sizeBytes);
  }

  /** Bits a second at `nowMs`. */
  bps(nowMs: number): number {
    this.turnTo(nowMs);
    let sum = 0;
    for (let k = 0; k < BUCKETS; k += 1) sum += this.bytes[k]!;
    return (sum * BITS_PER_BYTE * 1000) / ((BUCKETS - 1) * BUCKET_MS + (nowMs % BUCKET_MS));
  }

  private turnTo(nowMs: number): void {
    const bucket = Math.max(0, Math.floor(nowMs / BUCKET_MS));
    if (Number.isNaN(this.bucket)) this.bucket = bucket;
    if (bucket <= this.bucket) return;
    const passed = Math.min(BUCKETS, bucket - this.bucket);
    for (let k = 0; k < passed; k += 1) this.bytes[(bucket - k) % BUCKETS] = 0;
    this.bucket = bucket;
  }
}

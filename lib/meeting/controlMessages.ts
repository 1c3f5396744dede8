import { fnv1a } from '@/lib/core/hash';
import { SEATS_MAX } from '@/lib/core/meeting';
import type { PoseReport } from '@/lib/quality/quality';

/** What endpoints send each other besides poses (rule M-1). */
export type ControlKind = 'keyframeRequest' | 'report';

/** First byte of a receiver's report (rule M-20). */
const REPORT_TYPE = 0x0b;

/** The only byte of a keyframe request (rule M-10). */
const KEYFRAME_REQUEST_TYPE = 0x0a;

/** A whole keyframe request. */
export const KEYFRAME_REQUEST: Readonly<Uint8Array> = Uint8Array.of(KEYFRAME_REQUEST_TYPE);

/** Which control message `bytes` starts as; null for a pose packet or anything unknown. */
export function controlKindOf(bytes: Uint8Array): ControlKind | null {
  if (bytes[0] === KEYFRAME_REQUEST_TYPE) return 'keyframeRequest';
  return bytes[0] === REPORT_TYPE ? 'report' : null;
}

/** What a receiver reports about one sender. */
export interface ReportEntry extends PoseReport {
  readonly endpointId: string;
}

/** Unit of an age on the wire, ms; the highest byte means 2040 ms or more (rule M-22). */
export const AGE_STEP_MS = 8;
/** Units of a share of lost packets on the wire (rule M-22). */
const LOST_STEPS = 255;
const BYTE_MAX = 255;

const HEADER_BYTES = 2;
const ENTRY_BYTES = 6;
/** Offsets of an entry's fields. */
const AGE_AT = 4;
const LOST_AT = 5;

/** Most bytes of a report (rule M-20). */
export const REPORT_MAX_BYTES = HEADER_BYTES + SEATS_MAX * ENTRY_BYTES;

function byteOf(value: number): number {
  return Math.max(0, Math.min(BYTE_MAX, Math.round(value))) || 0;
}

function writeHash(hash: number, out: Uint8Array, at: number): void {
  for (let k = 0; k < 4; k += 1) out[at + k] = (hash >>> (8 * k)) & 0xff;
}

function hasHash(bytes: Uint8Array, at: number, hash: number): boolean {
  for (let k = 0; k < 4; k += 1) if (bytes[at + k] !== ((hash >>> (8 * k)) & 0xff)) return false;
  return true;
}

/** Writes a report of the first 16 of `entries` into `out` ({@link REPORT_MAX_BYTES}). Returns its size in bytes. */
export function writeReport(entries: readonly ReportEntry[], out: Uint8Array): number {
  const count = Math.min(entries.length, SEATS_MAX);
  out[0] = REPORT_TYPE;
  out[1] = count;
  for (let k = 0; k < count; k += 1) {
    const { endpointId, ageMs, lostShare } = entries[k]!;
    const at = HEADER_BYTES + k * ENTRY_BYTES;
    writeHash(fnv1a(endpointId), out, at);
    out[at + AGE_AT] = byteOf(ageMs / AGE_STEP_MS);
    out[at + LOST_AT] = byteOf(lostShare * LOST_STEPS);
  }
  return HEADER_BYTES + count * ENTRY_BYTES;
}

/** Whether `bytes` is a complete report (rule M-23). */
export function isReport(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== REPORT_TYPE || bytes[1]! > SEATS_MAX) return false;
  return bytes.length === HEADER_BYTES + bytes[1]! * ENTRY_BYTES;
}

/** What a report says about `endpointId`; null if it says nothing, or `bytes` is no complete report. Never throws. */
export function readReport(bytes: Uint8Array, endpointId: string): PoseReport | null {
  if (!isReport(bytes)) return null;
  const hash = fnv1a(endpointId);
  for (let at = HEADER_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    if (!hasHash(bytes, at, hash)) continue;
    return { ageMs: bytes[at + AGE_AT]! * AGE_STEP_MS, lostShare: bytes[at + LOST_AT]! / LOST_STEPS };
  }
  return null;
}

/** What a meeting's people say to each other besides poses (rule M-1). */
export type ControlKind = 'keyframeRequest' | 'report';

/** First byte of a receiver's report (rule M-20). */
export const REPORT_TYPE = 0x0b;

/** First byte of a keyframe request, and all of it (rule M-10). */
const KEYFRAME_REQUEST_TYPE = 0x0a;

/** A whole keyframe request. */
export const KEYFRAME_REQUEST: Readonly<Uint8Array> = Uint8Array.of(KEYFRAME_REQUEST_TYPE);

/** Which control message `bytes` begins as; null for a pose packet, and for everything unknown. */
export function controlKindOf(bytes: Uint8Array): ControlKind | null {
  if (bytes[0] === KEYFRAME_REQUEST_TYPE) return 'keyframeRequest';
  return bytes[0] === REPORT_TYPE ? 'report' : null;
}

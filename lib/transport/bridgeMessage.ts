/**
 * The payload of an endpoint message that carries a packet: one base64 string under a tag of our own, because a bridge
 * parses and rewrites every message, and because lib-jitsi-meet raises other JSON as the same event.
 */
interface PacketEnvelope {
  readonly parley: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const INVALID = 255;

const VALUE_OF = (() => {
  const table = new Uint8Array(128).fill(INVALID);
  for (let value = 0; value < ALPHABET.length; value += 1) table[ALPHABET.charCodeAt(value)] = value;
  return table;
})();

/** Base64 without padding of the first `sizeBytes` of `bytes`. */
function toBase64(bytes: Uint8Array, sizeBytes: number): string {
  let text = '';
  for (let at = 0; at < sizeBytes; at += 3) {
    const left = sizeBytes - at;
    const group = (bytes[at]! << 16) | ((left > 1 ? bytes[at + 1]! : 0) << 8) | (left > 2 ? bytes[at + 2]! : 0);
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    if (left > 1) text += ALPHABET[(group >> 6) & 63]!;
    if (left > 2) text += ALPHABET[group & 63]!;
  }
  return text;
}

/** Decodes base64 with or without padding into `out`. Returns the size in bytes; -1 if it is not base64 or too long. */
function fromBase64(text: string, out: Uint8Array): number {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === 61) length -= 1;
  const sizeBytes = Math.floor((length * 3) / 4);
  if (length % 4 === 1 || sizeBytes > out.length) return -1;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? VALUE_OF[code]! : INVALID;
    if (value === INVALID) return -1;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      out[at] = (bits >> bitCount) & 255;
      at += 1;
    }
  }
  return sizeBytes;
}

/** Wraps the first `sizeBytes` of `bytes`. */
export function wrapPacket(bytes: Uint8Array, sizeBytes: number): PacketEnvelope {
  return { parley: toBase64(bytes, sizeBytes) };
}

/** Unwraps a payload into `out`. Returns the size in bytes; -1 if it carries no packet of ours. Never throws. */
export function unwrapPacket(payload: unknown, out: Uint8Array): number {
  if (typeof payload !== 'object' || payload === null) return -1;
  const text = (payload as Partial<PacketEnvelope>).parley;
  return typeof text === 'string' ? fromBase64(text, out) : -1;
}

/** An estimate above this is nonsense (bits per second). */
const DOWNLINK_MAX_BPS = 1e11;

/**
 * The bandwidth from the bridge to this client that the message estimates (JVB: `ConnectionStats`), bits per second; null
 * for any other message. Never throws.
 */
export function downlinkOf(message: unknown): number | null {
  if (typeof message !== 'object' || message === null) return null;
  const { colibriClass, estimatedDownlinkBandwidth: bps } = message as Record<string, unknown>;
  if (colibriClass !== 'ConnectionStats' || typeof bps !== 'number') return null;
  return bps >= 0 && bps <= DOWNLINK_MAX_BPS ? bps : null;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** What UTF-8 JSON says; null if it is none. Never throws. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return null;
  }
}

export function writeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

import { deflateSync as nodeDeflateSync } from 'node:zlib';

export function deflateSync(bytes: Uint8Array): Buffer {
  return nodeDeflateSync(bytes, { level: 9 });
}

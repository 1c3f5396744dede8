import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { indexAt, type JsonObject, listAt, objectAt, readEach, wholeAt } from './json';

const BASE64_URI = /^data:[^,]{0,128};base64,/;

/** The bytes of a `data:` address. @throws AvatarFileError `external`, `json` */
export function bytesOfUri(uri: unknown, where: string): Uint8Array {
  if (typeof uri !== 'string') throw AvatarFileError.json(where);
  const prefix = BASE64_URI.exec(uri)?.[0];
  if (prefix === undefined) throw AvatarFileError.external(where);
  try {
    return Uint8Array.from(atob(uri.slice(prefix.length)), (letter) => letter.charCodeAt(0));
  } catch {
    throw AvatarFileError.json(where);
  }
}

/** A part of a buffer. */
export interface BufferView {
  readonly bytes: Uint8Array;
  /** Bytes from one value to the next, 0 where they lie close. */
  readonly strideBytes: number;
}

function readBuffer(buffer: JsonObject, where: string, bin: Uint8Array | null): Uint8Array {
  const sizeBytes = wholeAt(buffer.byteLength, `${where}.byteLength`, READ_LIMITS.sizeBytes);
  if (buffer.uri === undefined && bin === null) throw AvatarFileError.json(where);
  const bytes = buffer.uri === undefined ? bin! : bytesOfUri(buffer.uri, `${where}.uri`);
  if (bytes.length < sizeBytes) throw AvatarFileError.bounds(where);
  return bytes.subarray(0, sizeBytes);
}

/** Reads all buffer views. `bin` is the GLB's binary chunk. @throws AvatarFileError */
export function readBufferViews(json: JsonObject, bin: Uint8Array): BufferView[] {
  const buffers = listAt(json.buffers, 'buffers', READ_LIMITS.parts).map((entry, index) => {
    const where = `buffers[${index}]`;
    return readBuffer(objectAt(entry, where), where, index === 0 ? bin : null);
  });
  return readEach(json.bufferViews, 'bufferViews', (view, where) => {
    const buffer = buffers[indexAt(view.buffer, `${where}.buffer`, buffers.length)]!;
    const begin = wholeAt(view.byteOffset, `${where}.byteOffset`, READ_LIMITS.sizeBytes, 0);
    const end = begin + wholeAt(view.byteLength, `${where}.byteLength`, READ_LIMITS.sizeBytes);
    if (end > buffer.length) throw AvatarFileError.bounds(where);
    const strideBytes = wholeAt(view.byteStride, `${where}.byteStride`, 252, 0);
    return { bytes: buffer.subarray(begin, end), strideBytes };
  });
}

import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { indexAt, type JsonObject, listAt, objectAt, readEach, wholeAt } from './json';

/** The two chunks of a GLB (glTF 2.0, section 4.4). */
export interface Glb {
  readonly json: unknown;
  /** The binary chunk, a view of the file; empty if it has none. */
  readonly bin: Uint8Array;
}

const MAGIC = 0x46546c67;
const VERSION = 2;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Whether a file begins like a GLB. */
function looksLikeGlb(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && viewOf(bytes).getUint32(0, true) === MAGIC;
}

/** Splits a GLB into its chunks. @throws AvatarFileError `size`, `container` */
export function readGlb(bytes: Uint8Array): Glb {
  if (bytes.length > READ_LIMITS.sizeBytes) throw AvatarFileError.size(READ_LIMITS.sizeBytes);
  if (!looksLikeGlb(bytes)) throw AvatarFileError.container('it does not begin like one');
  const view = viewOf(bytes);
  if (view.getUint32(4, true) !== VERSION) throw AvatarFileError.container('its version is not 2');
  const lengthBytes = view.getUint32(8, true);
  if (lengthBytes > bytes.length) throw AvatarFileError.container('its end is missing');
  const file = bytes.subarray(0, lengthBytes);
  const json = chunkAt(file, HEADER_BYTES, JSON_CHUNK);
  if (!json) throw AvatarFileError.container('it has no description');
  if (json.length > READ_LIMITS.jsonBytes) throw AvatarFileError.container('its description is too long');
  // Chunks begin at multiples of four.
  const next = HEADER_BYTES + CHUNK_HEADER_BYTES + json.length + (-json.length & 3);
  return { json: parseJson(json), bin: chunkAt(file, next, BIN_CHUNK) ?? new Uint8Array(0) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The chunk that begins at `at`; null if there is none of this type. */
function chunkAt(file: Uint8Array, at: number, type: number): Uint8Array | null {
  if (at + CHUNK_HEADER_BYTES > file.length) return null;
  const view = viewOf(file);
  if (view.getUint32(at + 4, true) !== type) return null;
  const begin = at + CHUNK_HEADER_BYTES;
  const end = begin + view.getUint32(at, true);
  if (end > file.length) throw AvatarFileError.container('one of its chunks is cut off');
  return file.subarray(begin, end);
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Refuses JSON of many values, or values deep within each other, before it is parsed. @throws AvatarFileError */
function refuseVastJson(bytes: Uint8Array): void {
  let depth = 0;
  let values = 0;
  let isText = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte === QUOTE) isText = !isText;
    else if (isText) i += byte === BACKSLASH ? 1 : 0;
    else if (byte === COMMA || byte === COLON) values += 1;
    else if (byte === LIST || byte === OBJECT) {
      values += 1;
      depth += 1;
      if (depth > READ_LIMITS.jsonDepth) throw AvatarFileError.container('its description is nested too deeply');
    } else if (byte === LIST_END || byte === OBJECT_END) depth -= 1;
  }
  if (values > READ_LIMITS.jsonValues) throw AvatarFileError.count('parts');
}

function parseJson(bytes: Uint8Array): unknown {
  refuseVastJson(bytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw AvatarFileError.container('its description is not JSON');
  }
}

const BASE64_URI = /^data:[^,]{0,128};base64,/;

/** The bytes of a `data:` address. @throws AvatarFileError `external`, `json` */
export function bytesOfUri(uri: unknown, where: string): Uint8Array {
  if (typeof uri !== 'string') throw AvatarFileError.json(where);
  const prefix = BASE64_URI.exec(uri)?.[0];
  if (prefix === undefined) throw AvatarFileError.external(where);
  try {
    const letters = atob(uri.slice(prefix.length));
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
    return bytes;
  } catch {
    throw AvatarFileError.json(where);
  }
}

/** A part of a buffer. */
export interface BufferView {
  readonly bytes: Uint8Array;
  /** Bytes from one value to the next, 0 if they are packed. */
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

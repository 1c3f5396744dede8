import { AvatarFileError } from '../avatarFileError';
import { COORDINATE_MAX } from '../limits';
import { type Accessor, COMPONENT_BYTES, COMPONENTS, type ValueBlock } from './gltf';

const FLOAT = 5126;

type Read = (view: DataView, at: number) => number;

/** Reads a component, by its number in WebGL. */
const READ: Readonly<Record<number, Read>> = {
  5120: (view, at) => view.getInt8(at),
  5121: (view, at) => view.getUint8(at),
  5122: (view, at) => view.getInt16(at, true),
  5123: (view, at) => view.getUint16(at, true),
  5125: (view, at) => view.getUint32(at, true),
  5126: (view, at) => view.getFloat32(at, true),
};

/** The value that stands for 1 (glTF 2.0, section 3.6.2.2). */
const ONE: Readonly<Record<number, number>> = { 5120: 127, 5121: 255, 5122: 32767, 5123: 65535 };

/**
 * The values of an accessor, `COMPONENTS[type]` numbers each.
 * @throws AvatarFileError `numbers` if one isn't finite or is too large, `bounds` for a sparse index past the end
 */
export function floatsOf(accessor: Accessor, where: string): Float32Array {
  const size = COMPONENTS[accessor.type];
  const out = new Float32Array(accessor.count * size);
  if (accessor.block) copyBlock(accessor.block, accessor, size, (value) => value * size, out);
  if (accessor.sparse) {
    const places = indicesOfBlock(accessor.sparse.indices, accessor.sparse.count, accessor.count, where);
    copyBlock(accessor.sparse.values, accessor, size, (value) => places[value]! * size, out, places.length);
  }
  for (let i = 0; i < out.length; i += 1) {
    // False for NaN as well.
    if (!(Math.abs(out[i]!) <= COORDINATE_MAX)) throw AvatarFileError.numbers(where);
  }
  return out;
}

function copyBlock(
  { bytes, strideBytes, componentType }: ValueBlock,
  { normalized, count }: Accessor,
  size: number,
  placeOf: (value: number) => number,
  out: Float32Array,
  values = count,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READ[componentType]!;
  const componentBytes = COMPONENT_BYTES[componentType]!;
  const scale = normalized && componentType !== FLOAT ? 1 / (ONE[componentType] ?? 1) : 1;
  for (let value = 0; value < values; value += 1) {
    const from = value * strideBytes;
    const to = placeOf(value);
    for (let k = 0; k < size; k += 1) out[to + k] = read(view, from + k * componentBytes) * scale;
  }
}

/** The whole numbers of an accessor, each below `limit`. @throws AvatarFileError `bounds` */
export function indicesOf(accessor: Accessor, limit: number, where: string): Uint32Array {
  if (!accessor.block) return new Uint32Array(accessor.count * COMPONENTS[accessor.type]);
  return indicesOfBlock(accessor.block, accessor.count, limit, where, COMPONENTS[accessor.type]);
}

function indicesOfBlock(
  { bytes, strideBytes, componentType }: ValueBlock,
  count: number,
  limit: number,
  where: string,
  size = 1,
): Uint32Array {
  if (componentType === FLOAT) throw AvatarFileError.json(where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READ[componentType]!;
  const componentBytes = COMPONENT_BYTES[componentType]!;
  const out = new Uint32Array(count * size);
  for (let i = 0; i < out.length; i += 1) {
    const index = read(view, Math.floor(i / size) * strideBytes + (i % size) * componentBytes);
    if (index < 0 || index >= limit) throw AvatarFileError.bounds(where);
    out[i] = index;
  }
  return out;
}

import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { type Accessor, type AccessorType, COMPONENT_BYTES, COMPONENTS, type ValueBlock } from './gltf';
import { indexAt, type JsonObject, objectAt, readEach, wholeAt } from './json';
import type { BufferView } from './readBuffers';

/** Reads all accessors and checks that their values lie within the file. @throws AvatarFileError */
export function readAccessors(json: JsonObject, views: readonly BufferView[]): Accessor[] {
  let allBytes = 0;
  return readEach(json.accessors, 'accessors', (entry, where) => {
    const accessor = readAccessor(entry, where, views);
    allBytes += accessor.count * COMPONENTS[accessor.type] * 4;
    if (allBytes > READ_LIMITS.accessorBytes) throw AvatarFileError.count('values');
    return accessor;
  });
}

function readAccessor(entry: JsonObject, where: string, views: readonly BufferView[]): Accessor {
  const type = entry.type;
  if (typeof type !== 'string' || !Object.hasOwn(COMPONENTS, type)) throw AvatarFileError.json(`${where}.type`);
  const values = COMPONENTS[type as AccessorType];
  const count = wholeAt(entry.count, `${where}.count`, READ_LIMITS.indices);
  return {
    count,
    type: type as AccessorType,
    normalized: entry.normalized === true,
    block: entry.bufferView === undefined ? null : readBlock(entry, where, views, values, count),
    sparse: entry.sparse === undefined ? null : readSparse(entry, where, views, values, count),
  };
}

function readSparse(entry: JsonObject, where: string, views: readonly BufferView[], values: number, of: number) {
  const sparse = objectAt(entry.sparse, `${where}.sparse`);
  const count = wholeAt(sparse.count, `${where}.sparse.count`, of);
  const indices = objectAt(sparse.indices, `${where}.sparse.indices`);
  const replaced = { ...objectAt(sparse.values, `${where}.sparse.values`), componentType: entry.componentType };
  return {
    count,
    indices: readBlock(indices, `${where}.sparse.indices`, views, 1, count),
    values: readBlock(replaced, `${where}.sparse.values`, views, values, count),
  };
}

function readBlock(
  entry: JsonObject,
  where: string,
  views: readonly BufferView[],
  values: number,
  count: number,
): ValueBlock {
  const componentType = wholeAt(entry.componentType, `${where}.componentType`, 0xffff);
  const componentBytes = COMPONENT_BYTES[componentType];
  if (componentBytes === undefined) throw AvatarFileError.json(`${where}.componentType`);
  const view = views[indexAt(entry.bufferView, `${where}.bufferView`, views.length)]!;
  const begin = wholeAt(entry.byteOffset, `${where}.byteOffset`, READ_LIMITS.sizeBytes, 0);
  const valueBytes = values * componentBytes;
  const strideBytes = view.strideBytes || valueBytes;
  const end = begin + (count === 0 ? 0 : strideBytes * (count - 1) + valueBytes);
  if (strideBytes < valueBytes || end > view.bytes.length) throw AvatarFileError.bounds(where);
  return { bytes: view.bytes.subarray(begin, end), strideBytes, componentType };
}

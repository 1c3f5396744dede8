import { COMPONENTS, GL, type GltfJson } from '@/tools/avatars/glb/glbWriter';

/** A parsed GLB: its JSON and its binary chunk. */
export interface Glb {
  readonly json: GltfJson;
  readonly bin: Buffer;
}

/** Parses a GLB strictly: magic, version, lengths and chunk types must be right. */
export function readGlb(bytes: Buffer): Glb {
  if (bytes.toString('latin1', 0, 4) !== 'glTF') throw new Error('not a GLB');
  if (bytes.readUInt32LE(4) !== 2) throw new Error('not glTF 2');
  if (bytes.readUInt32LE(8) !== bytes.length) throw new Error('length in the header is wrong');
  const jsonLength = bytes.readUInt32LE(12);
  if (bytes.toString('latin1', 16, 20) !== 'JSON') throw new Error('no JSON chunk');
  const binHeader = 20 + jsonLength;
  if (bytes.toString('latin1', binHeader + 4, binHeader + 7) !== 'BIN') throw new Error('no BIN chunk');
  const bin = bytes.subarray(binHeader + 8);
  if (bytes.readUInt32LE(binHeader) !== bin.length) throw new Error('length of the BIN chunk is wrong');
  return { json: JSON.parse(bytes.toString('utf8', 20, binHeader)) as GltfJson, bin };
}

function readView({ json, bin }: Glb, view: number, componentType: number, count: number): number[] {
  const { byteOffset, byteLength } = json.bufferViews[view]!;
  const size = componentType === GL.float ? 4 : componentType === GL.unsignedShort ? 2 : 1;
  if (count * size > byteLength || byteOffset + byteLength > bin.length) throw new Error('accessor leaves its view');
  return Array.from({ length: count }, (_, i) => {
    const at = byteOffset + i * size;
    if (size === 4) return bin.readFloatLE(at);
    return size === 2 ? bin.readUInt16LE(at) : bin.readUInt8(at);
  });
}

/** All numbers of an accessor, sparse ones filled in. */
export function readAccessor(glb: Glb, index: number): number[] {
  const { bufferView, componentType, count, type, sparse } = glb.json.accessors[index]!;
  const width = COMPONENTS[type];
  const values =
    bufferView === undefined
      ? new Array<number>(count * width).fill(0)
      : readView(glb, bufferView, componentType, count * width);
  if (!sparse) return values;
  const places = readView(glb, sparse.indices.bufferView, sparse.indices.componentType, sparse.count);
  const changed = readView(glb, sparse.values.bufferView, componentType, sparse.count * width);
  places.forEach((place, i) => {
    values.splice(place * width, width, ...changed.slice(i * width, (i + 1) * width));
  });
  return values;
}

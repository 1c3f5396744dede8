import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { type BufferView, readBufferViews, readGlb } from './glb';
import {
  type Accessor,
  type AccessorType,
  COMPONENT_BYTES,
  COMPONENTS,
  type Gltf,
  type Mesh,
  type MorphTarget,
  type Node,
  type Primitive,
  type Skin,
  type ValueBlock,
} from './gltf';
import { indexAt, indexOrNone, type JsonObject, listAt, numbersAt, objectAt, readEach, textOr, wholeAt } from './json';
import { composeMatrix } from './matrix';
import { readImages, readMaterials, readTextures } from './readSurfaces';

const ORIGIN = [0, 0, 0];
const UNTURNED = [0, 0, 0, 1];
const UNSCALED = [1, 1, 1];
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function matrixOf(node: JsonObject, where: string): Float64Array {
  if (node.matrix !== undefined) return Float64Array.from(numbersAt(node.matrix, `${where}.matrix`, IDENTITY));
  return composeMatrix(
    numbersAt(node.translation, `${where}.translation`, ORIGIN),
    numbersAt(node.rotation, `${where}.rotation`, UNTURNED),
    numbersAt(node.scale, `${where}.scale`, UNSCALED),
  );
}

/** Reads all nodes. @throws AvatarFileError, `json` if a node has two parents */
function readNodes(json: JsonObject, meshes: number, skins: number): Node[] {
  const count = listAt(json.nodes, 'nodes').length;
  const nodes = readEach(json.nodes, 'nodes', (node, where) => ({
    name: textOr(node.name),
    parent: -1,
    children: listAt(node.children, `${where}.children`).map((child) => indexAt(child, `${where}.children`, count)),
    matrix: matrixOf(node, where),
    mesh: indexOrNone(node.mesh, `${where}.mesh`, meshes),
    skin: indexOrNone(node.skin, `${where}.skin`, skins),
  }));
  nodes.forEach(({ children }, index) => {
    for (const child of children) {
      if (nodes[child]!.parent >= 0 || child === index) throw AvatarFileError.json(`nodes[${child}]`);
      nodes[child]!.parent = index;
    }
  });
  return nodes;
}

/** The nodes under the roots, parents first. Nodes that form a cycle have no root. */
function orderOf(nodes: readonly Node[]): number[] {
  const order = nodes.flatMap(({ parent }, index) => (parent < 0 ? [index] : []));
  for (let i = 0; i < order.length; i += 1) order.push(...nodes[order[i]!]!.children);
  return order;
}

/** Reads all accessors and checks that their values lie within the file. @throws AvatarFileError */
function readAccessors(json: JsonObject, views: readonly BufferView[]): Accessor[] {
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

const TRIANGLES = 4;

/** The parts that meshes and skins refer to. */
interface MeshParts {
  readonly accessors: readonly Accessor[];
  readonly materials: number;
  readonly nodes: number;
}

/** Looks up accessors and checks their types and lengths. */
class AccessorIndex {
  constructor(private readonly accessors: readonly Accessor[]) {}

  /** The accessor that `value` names, of one of `types` and with `count` values; -1 if it names none. */
  find(value: unknown, where: string, types: readonly AccessorType[], count?: number): number {
    const index = indexOrNone(value, where, this.accessors.length);
    if (index < 0) return index;
    const accessor = this.accessors[index]!;
    if (!types.includes(accessor.type)) throw AvatarFileError.json(where);
    if (count !== undefined && accessor.count !== count) throw AvatarFileError.bounds(where);
    return index;
  }

  count(index: number): number {
    return this.accessors[index]!.count;
  }
}

/** Counts primitives and morph targets before any is read. @throws AvatarFileError `count` */
function refuseManyPrimitives(json: JsonObject): void {
  let primitives = 0;
  let targets = 0;
  for (const mesh of listAt(json.meshes, 'meshes')) {
    for (const primitive of listAt(objectAt(mesh, 'meshes').primitives, 'meshes.primitives')) {
      primitives += 1;
      targets += listAt(objectAt(primitive, 'primitives').targets, 'primitives.targets', READ_LIMITS.targets).length;
      if (primitives > READ_LIMITS.primitives) throw AvatarFileError.count('meshes');
      if (targets > READ_LIMITS.allTargets) throw AvatarFileError.count('morph targets');
    }
  }
}

/** Reads all meshes; primitives that aren't triangles are skipped. @throws AvatarFileError */
function readMeshes(json: JsonObject, parts: MeshParts): Mesh[] {
  refuseManyPrimitives(json);
  const accessors = new AccessorIndex(parts.accessors);
  return readEach(json.meshes, 'meshes', (mesh, where) => ({
    name: textOr(mesh.name),
    primitives: listAt(mesh.primitives, `${where}.primitives`).flatMap((entry, index) => {
      const place = `${where}.primitives[${index}]`;
      const primitive = objectAt(entry, place);
      return (primitive.mode ?? TRIANGLES) === TRIANGLES ? [readPrimitive(primitive, place, accessors, parts)] : [];
    }),
    targetNames: targetNames(mesh, where),
  }));
}

/** Names of the morph targets: the mesh's, or those of its first primitive (older exporters). */
function targetNames(mesh: JsonObject, where: string): string[] {
  const [first] = listAt(mesh.primitives, `${where}.primitives`);
  const ofMesh = objectAt(mesh.extras, `${where}.extras`).targetNames;
  const ofFirst = objectAt(objectAt(first, where).extras, `${where}.extras`).targetNames;
  return listAt(ofMesh ?? ofFirst, `${where}.extras.targetNames`, READ_LIMITS.targets).map((name) => textOr(name));
}

function readPrimitive(entry: JsonObject, where: string, accessors: AccessorIndex, parts: MeshParts): Primitive {
  const attributes = objectAt(entry.attributes, `${where}.attributes`);
  const position = accessors.find(attributes.POSITION, `${where}.POSITION`, ['VEC3']);
  if (position < 0) throw AvatarFileError.json(`${where}.POSITION`);
  const vertices = accessors.count(position);
  if (vertices > READ_LIMITS.vertices) throw AvatarFileError.count('vertices');
  const find = (name: string, ...types: AccessorType[]) =>
    accessors.find(attributes[name], `${where}.${name}`, types, vertices);
  return {
    position,
    normal: find('NORMAL', 'VEC3'),
    uv: find('TEXCOORD_0', 'VEC2'),
    color: find('COLOR_0', 'VEC3', 'VEC4'),
    joints: find('JOINTS_0', 'VEC4'),
    weights: find('WEIGHTS_0', 'VEC4'),
    indices: accessors.find(entry.indices, `${where}.indices`, ['SCALAR']),
    levels: readLevels(entry, where, accessors),
    material: indexOrNone(entry.material, `${where}.material`, parts.materials),
    targets: listAt(entry.targets, `${where}.targets`, READ_LIMITS.targets).map((target, index) =>
      readTarget(objectAt(target, where), `${where}.targets[${index}]`, accessors, vertices),
    ),
  };
}

function readLevels(entry: JsonObject, where: string, accessors: AccessorIndex): number[] {
  const { levels } = objectAt(entry.extras, `${where}.extras`);
  // Other programs store other things there.
  if (!Array.isArray(levels)) return [];
  const place = `${where}.extras.levels`;
  const fine = accessors.find(entry.indices, place, ['SCALAR']);
  return listAt(levels, place, 4).map((level) => {
    const index = accessors.find(level, place, ['SCALAR']);
    // A coarser level has no more triangles; only those of the finest are limited.
    if (index < 0 || fine < 0 || accessors.count(index) > accessors.count(fine)) throw AvatarFileError.bounds(place);
    return index;
  });
}

function readTarget(target: JsonObject, where: string, accessors: AccessorIndex, vertices: number): MorphTarget {
  const find = (name: string) => accessors.find(target[name], `${where}.${name}`, ['VEC3'], vertices);
  return { position: find('POSITION'), normal: find('NORMAL') };
}

/** Reads all skins. @throws AvatarFileError */
function readSkins(json: JsonObject, { accessors, nodes }: MeshParts): Skin[] {
  return readEach(json.skins, 'skins', (skin, where) => {
    const listed = listAt(skin.joints, `${where}.joints`, READ_LIMITS.jointsPerSkin);
    const joints = listed.map((joint) => indexAt(joint, `${where}.joints`, nodes));
    const place = `${where}.inverseBindMatrices`;
    const inverseBindMatrices = indexOrNone(skin.inverseBindMatrices, place, accessors.length);
    const matrices = accessors[inverseBindMatrices];
    if (joints.length === 0) throw AvatarFileError.json(`${where}.joints`);
    if (matrices && (COMPONENTS[matrices.type] !== 16 || matrices.count < joints.length))
      throw AvatarFileError.bounds(place);
    return { joints, inverseBindMatrices };
  });
}

/** Extensions without which a file can't be shown. Others only add to what is read. */
const UNREADABLE = /^(KHR_draco_mesh_compression|EXT_meshopt_compression|KHR_texture_basisu|MSFT_texture_dds)$/;

function refuseUnreadable(json: JsonObject): void {
  const required = listAt(json.extensionsRequired, 'extensionsRequired').map((name) => textOr(name));
  const unreadable = required.find((name) => UNREADABLE.test(name));
  if (unreadable) throw AvatarFileError.unsupported(unreadable);
}

function refuseManyDraws(order: readonly number[], nodes: readonly Node[], meshes: readonly Mesh[]): void {
  let draws = 0;
  for (const node of order) {
    const mesh = meshes[nodes[node]!.mesh];
    // A mesh without primitives costs its reading all the same.
    if (mesh) draws += Math.max(1, mesh.primitives.length);
  }
  if (draws > READ_LIMITS.draws) throw AvatarFileError.count('meshes');
}

/**
 * Reads the parts of a GLB or VRM that an avatar needs. Every index and extent is checked; no vertex or pixel is
 * decoded. @throws AvatarFileError
 */
export function readGltf(bytes: Uint8Array): Gltf {
  const glb = readGlb(bytes);
  const json = objectAt(glb.json, 'the top');
  refuseUnreadable(json);
  const views = readBufferViews(json, glb.bin);
  const accessors = readAccessors(json, views);
  const images = readImages(json, views);
  const textures = readTextures(json, images.length);
  const materials = readMaterials(json, textures.length);
  const parts = { accessors, materials: materials.length, nodes: listAt(json.nodes, 'nodes').length };
  const meshes = readMeshes(json, parts);
  const skins = readSkins(json, parts);
  const nodes = readNodes(json, meshes.length, skins.length);
  const order = orderOf(nodes);
  refuseManyDraws(order, nodes, meshes);
  const extensions = objectAt(json.extensions, 'extensions');
  const asset = objectAt(json.asset, 'asset');
  return { nodes, order, meshes, skins, materials, textures, images, accessors, extensions, asset };
}

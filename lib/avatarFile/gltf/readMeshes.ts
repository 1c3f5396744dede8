import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import {
  type Accessor,
  type AccessorType,
  COMPONENTS,
  type Mesh,
  type MorphTarget,
  type Primitive,
  type Skin,
} from './gltf';
import { indexAt, indexOrNone, type JsonObject, listAt, objectAt, readEach, textOr } from './json';

const TRIANGLES = 4;

/** What meshes and skins refer to. */
export interface MeshParts {
  readonly accessors: readonly Accessor[];
  readonly materials: number;
  readonly nodes: number;
}

/** Looks up accessors and checks what they hold. */
class AccessorIndex {
  constructor(private readonly accessors: readonly Accessor[]) {}

  /** The accessor `value` names, of one of `types` and of `count` values; -1 where none is named. */
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

/** Reads all meshes; primitives that aren't triangles are left out. @throws AvatarFileError */
export function readMeshes(json: JsonObject, parts: MeshParts): Mesh[] {
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

/** Names of the shapes: the mesh's, or (older exporters) those of its first primitive or of its accessors. */
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
  // Other programs keep other things there.
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
export function readSkins(json: JsonObject, { accessors, nodes }: MeshParts): Skin[] {
  return readEach(json.skins, 'skins', (skin, where) => {
    const joints = listAt(skin.joints, `${where}.joints`).map((joint) => indexAt(joint, `${where}.joints`, nodes));
    const place = `${where}.inverseBindMatrices`;
    const inverseBindMatrices = indexOrNone(skin.inverseBindMatrices, place, accessors.length);
    const matrices = accessors[inverseBindMatrices];
    if (joints.length === 0) throw AvatarFileError.json(`${where}.joints`);
    if (matrices && (COMPONENTS[matrices.type] !== 16 || matrices.count < joints.length))
      throw AvatarFileError.bounds(place);
    return { joints, inverseBindMatrices };
  });
}

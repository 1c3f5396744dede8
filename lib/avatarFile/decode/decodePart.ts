import { COMPONENTS, type Gltf, type Image, type Material, type Primitive } from '../gltf/gltf';
import type { DataMorph } from './avatarData';
import type { DecodeBudget } from './decodeBudget';
import type { EyeTurn } from './eyeTurns';
import type { FaceShapes } from './faceShapes';
import { type Binding, PartShape, readSkin, writePoint } from './skinPart';
import { smoothNormals, type UsedVertices, usedVertices } from './triangles';

/** One primitive on one node, in T-pose, with the vertices it uses. */
export interface DecodedPart {
  readonly material: Material;
  /** The material's picture; null for none. */
  readonly image: Image | null;
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  readonly uvs: Float32Array<ArrayBuffer> | null;
  /** Four per vertex; null for all white. */
  readonly colors: Float32Array<ArrayBuffer> | null;
  readonly joints: Uint16Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly levels: readonly number[][];
  readonly morphs: readonly DataMorph[];
}

/** The context in which a part is decoded. */
export interface PartContext {
  readonly gltf: Gltf;
  readonly budget: DecodeBudget;
  /** How the mesh is bound to the body. */
  readonly binding: Binding;
  /** Those of the part's mesh. */
  readonly shapes: FaceShapes;
  readonly eyes: readonly EyeTurn[];
  /** Whether texture coordinates must lie within one tile. */
  readonly isTiled: boolean;
}

const PLAIN: Material = {
  name: '',
  color: [1, 1, 1, 1],
  texture: -1,
  alphaMode: 'OPAQUE',
  alphaCutoff: 0.5,
  isDoubleSided: false,
  uvTransform: [0, 0, 1, 1],
};

/** Of a vertex without blendshapes: position, normal, texture coordinates, colour, joints, weights. */
export const VERTEX_BYTES = 72;
/** Of a vertex in one blendshape. */
export const OFFSET_BYTES = 12;

/** Offsets smaller than this, metres, are not visible. */
const STILL_M = 1e-6;

/** The image of a material; null for none. */
export function imageOf({ textures, images }: Gltf, { texture }: Material): Image | null {
  return images[textures[texture]?.image ?? -1] ?? null;
}

export function materialOf({ materials }: Gltf, primitive: Primitive): Material {
  return materials[primitive.material] ?? PLAIN;
}

/** Decodes one primitive. @throws AvatarFileError */
export function decodePart(context: PartContext, primitive: Primitive, where: string): DecodedPart {
  const { gltf, budget, binding, isTiled } = context;
  const material = materialOf(gltf, primitive);
  const image = imageOf(gltf, material);
  const fileUvs = image && primitive.uv >= 0 ? transformedUvs(context, primitive, material, where) : null;
  const used = usedVertices(gltf, budget, primitive, isTiled ? fileUvs : null, where);
  budget.make(used.vertices.length * VERTEX_BYTES);
  const skin = readSkin(gltf, budget, primitive, binding, where);
  const shape = new PartShape(used, binding, skin);
  const positions = shape.points(budget.floats(gltf.accessors[primitive.position]!, where));
  return {
    material,
    image: fileUvs && image,
    positions,
    normals:
      primitive.normal < 0
        ? smoothNormals(positions, used.levels[0]!)
        : shape.normals(budget.floats(gltf.accessors[primitive.normal]!, where)),
    uvs: fileUvs && tiledUvs(fileUvs, used),
    colors: vertexColors(context, primitive, material, used, where),
    joints: shape.joints(),
    weights: shape.weights(),
    levels: used.levels,
    morphs: [...shapeMorphs(context, primitive, shape, where), ...eyeMorphs(context, shape, positions)],
  };
}

function transformedUvs(
  { gltf, budget }: PartContext,
  { uv }: Primitive,
  { uvTransform }: Material,
  where: string,
): Float32Array {
  const uvs = budget.floats(gltf.accessors[uv]!, where);
  for (let i = 0; i < uvs.length; i += 1) uvs[i] = uvs[i]! * uvTransform[2 + (i & 1)]! + uvTransform[i & 1]!;
  return uvs;
}

function tiledUvs(uvs: Float32Array, { vertices, tiles }: UsedVertices): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: vertices.length * 2 },
    (_, i) => uvs[vertices[i >> 1]! * 2 + (i & 1)]! - tiles[i]!,
  );
}

function vertexColors(
  { gltf, budget }: PartContext,
  primitive: Primitive,
  { color }: Material,
  { vertices }: UsedVertices,
  where: string,
) {
  const accessor = gltf.accessors[primitive.color];
  if (!accessor && color.every((part) => part === 1)) return null;
  const own = accessor && budget.floats(accessor, where);
  const size = accessor ? COMPONENTS[accessor.type] : 4;
  return Float32Array.from({ length: vertices.length * 4 }, (_, i) => {
    const part = i & 3;
    const ofVertex = own && part < size ? own[vertices[i >> 2]! * size + part]! : 1;
    return ofVertex * color[part]!;
  });
}

/** The file's morph targets, blended into ARKit blendshapes. */
function* shapeMorphs(
  { gltf, budget, shapes }: PartContext,
  primitive: Primitive,
  shape: PartShape,
  where: string,
): Generator<DataMorph> {
  if (primitive.targets.length === 0) return;
  const moved = targetOffsets(gltf, budget, primitive, shape, where);
  for (const [index, shares] of shapes) {
    const offsets = new Float32Array(shape.used.vertices.length * 3);
    for (const { target, weight } of shares) add(moved(target), weight, offsets);
    if (!offsets.some((value) => Math.abs(value) > STILL_M)) continue;
    budget.make(offsets.byteLength);
    yield { shape: index, offsets };
  }
}

/** Offsets of each of a primitive's morph targets in T-pose, decoded on demand. */
function targetOffsets(
  { accessors }: Gltf,
  budget: DecodeBudget,
  { targets }: Primitive,
  shape: PartShape,
  where: string,
) {
  const decoded = new Map<number, Float32Array>();
  return (target: number): Float32Array => {
    const known = decoded.get(target);
    if (known) return known;
    const accessor = accessors[targets[target]?.position ?? -1];
    const offsets = accessor ? shape.offsets(budget.floats(accessor, where)) : new Float32Array(0);
    decoded.set(target, offsets);
    return offsets;
  };
}

function add(from: Float32Array, weight: number, out: Float32Array): void {
  for (let i = 0; i < from.length; i += 1) out[i]! += from[i]! * weight;
}

/** Blendshapes that turn eyes that are bones. */
function* eyeMorphs({ budget, eyes }: PartContext, shape: PartShape, positions: Float32Array): Generator<DataMorph> {
  const turned = new Float32Array(3);
  for (const { shape: index, node, matrix } of eyes) {
    if (!shape.binding.nodes.includes(node)) continue;
    const offsets = new Float32Array(positions.length);
    for (let place = 0; place < shape.used.vertices.length; place += 1) {
      const weight = shape.weightOf(node, place);
      if (weight === 0) continue;
      writePoint(matrix, positions, place * 3, turned, 0);
      for (let axis = 0; axis < 3; axis += 1)
        offsets[place * 3 + axis] = weight * (turned[axis]! - positions[place * 3 + axis]!);
    }
    if (!offsets.some((value) => Math.abs(value) > STILL_M)) continue;
    budget.make(offsets.byteLength);
    yield { shape: index, offsets };
  }
}

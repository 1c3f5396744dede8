import { AvatarFileError } from '../avatarFileError';
import type { Gltf, Image, Primitive } from '../gltf/gltf';
import { type InspectedAvatar, inspectAvatar, requireWearable } from '../inspectAvatar';
import { AVATAR_LIMITS } from '../limits';
import { readSprings } from '../springs/readSprings';
import type { AvatarData, DataMesh, DataNode } from './avatarData';
import { DecodeBudget } from './decodeBudget';
import { type DecodedPart, decodePart, imageOf, materialOf } from './decodePart';
import { eyeTurns } from './eyeTurns';
import { FileFaces } from './faceShapes';
import { mergeParts } from './mergeParts';
import { layOutAtlas, type Picture } from './picture';
import { placeSprings } from './placeSprings';
import { type RestBody, restBody } from './restBody';
import { type Binding, bindingOf } from './skinPart';

/** One primitive of the mesh on a node. */
interface Drawn {
  readonly node: number;
  readonly mesh: number;
  readonly primitive: Primitive;
  readonly where: string;
}

function drawnOf({ order, nodes, meshes }: Gltf): Drawn[] {
  return order.flatMap((node) => {
    const { mesh } = nodes[node]!;
    const primitives = meshes[mesh]?.primitives ?? [];
    return primitives.map((primitive, index) => ({
      node,
      mesh,
      primitive,
      where: `meshes[${mesh}].primitives[${index}]`,
    }));
  });
}

/** The distinct images that are drawn; null stands for parts without one. */
function imagesOf(gltf: Gltf, drawn: readonly Drawn[]): (Image | null)[] {
  const images = drawn.map(({ primitive }) => (primitive.uv < 0 ? null : imageOf(gltf, materialOf(gltf, primitive))));
  return [...new Set(images)];
}

function pictureOf(gltf: Gltf, images: readonly (Image | null)[]): Picture | null {
  if (images.every((image) => image === null)) return null;
  if (images.length > 1) return layOutAtlas(images);
  const image = images[0]!;
  const isNearest = gltf.textures.some((texture) => texture.isNearest && gltf.images[texture.image] === image);
  return { kind: 'plain', image, isNearest };
}

/** Feet farther than this from the floor are put on it, metres. */
const FLOOR_TOLERANCE_M = 0.03;

function lowestOf(meshes: readonly DataMesh[]): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { positions } of meshes)
    for (let i = 1; i < positions.length; i += 3) lowest = Math.min(lowest, positions[i]!);
  return lowest;
}

function putOnFloor(nodes: readonly DataNode[], meshes: readonly DataMesh[]): DataNode[] {
  const lowest = lowestOf(meshes);
  if (Math.abs(lowest) <= FLOOR_TOLERANCE_M) return [...nodes];
  for (const { positions } of meshes) for (let i = 1; i < positions.length; i += 3) positions[i]! -= lowest;
  return nodes.map(({ place: [x, y, z], ...node }) => ({ ...node, place: [x, y - lowest, z] as const }));
}

/** How nodes are bound to the body; those with the same skin are bound alike. */
function bindings(gltf: Gltf, budget: DecodeBudget, body: RestBody): (node: number) => Binding {
  const bySkin = new Map<number, Binding>();
  return (node) => {
    const { skin } = gltf.nodes[node]!;
    const binding = bySkin.get(skin) ?? bindingOf(gltf, budget, body, node);
    if (skin >= 0) bySkin.set(skin, binding);
    return binding;
  };
}

function decodeParts({ gltf, humanoid }: InspectedAvatar, body: RestBody, drawn: readonly Drawn[], isTiled: boolean) {
  const faces = new FileFaces(gltf);
  const eyes = eyeTurns(humanoid, body, faces.named);
  const budget = new DecodeBudget();
  const binding = bindings(gltf, budget, body);
  return drawn.map(
    ({ node, mesh, primitive, where }): DecodedPart =>
      decodePart({ gltf, budget, binding: binding(node), shapes: faces.of(mesh), eyes, isTiled }, primitive, where),
  );
}

/**
 * Decodes an inspected file: turned to look along +Z, in metres, in T-pose, its parts merged into at most four draws with
 * one picture, its face as ARKit blendshapes, missing levels of detail added. Whether the avatar is acceptable is up to the
 * caller, by `requireWearable`.
 * @throws AvatarFileError
 */
export function decodeInspected(inspected: InspectedAvatar): AvatarData {
  const { gltf, humanoid } = inspected;
  if (inspected.report.figures.vertices > AVATAR_LIMITS.vertices) throw AvatarFileError.count('vertices');
  const springs = readSprings(gltf, humanoid);
  const body = restBody(gltf, humanoid, new Set(springs.joints.map(({ node }) => node)));
  const drawn = drawnOf(gltf);
  const picture = pictureOf(gltf, imagesOf(gltf, drawn));
  const atlas = picture?.kind === 'atlas' ? picture : null;
  const meshes = mergeParts(decodeParts(inspected, body, drawn, atlas !== null), atlas);
  if (meshes.length === 0) throw AvatarFileError.skeleton('a mesh');
  const nodes = putOnFloor(body.nodes, meshes);
  return { nodes, boneNodes: body.boneNodes, meshes, picture, springs: placeSprings(gltf, springs, body) };
}

/** Reads and decodes an avatar file, unless it is too heavy. Takes any bytes. @throws AvatarFileError and nothing else */
export function decodeAvatar(bytes: Uint8Array): AvatarData {
  const inspected = inspectAvatar(bytes);
  requireWearable(inspected.report);
  return decodeInspected(inspected);
}

import type { AvatarModel } from '../buildAvatar';
import { GlbWriter } from '../glb/glbWriter';
import type { GltfPrimitive } from '../glb/gltfJson';
import { GL } from '../glb/gltfJson';
import { palettePng } from '../glb/palettePng';
import type { SkinnedMesh } from '../mesh/skinnedMesh';
import type { Palette } from '../palette';
import { subtract } from '../sdf/vec';
import { REST_JOINTS, restAt } from '../skeleton/restSkeleton';
import { MORPH_GRID, NORMAL_GRID, POSITION_GRID, snapped } from './snap';
import { vrmExtension } from './vrmExtension';

const GENERATOR = 'Parley avatar generator';
const ROUGHNESS = 0.9;

function addBones(glb: GlbWriter): void {
  for (const joint of REST_JOINTS) {
    const from = joint.parent === null ? ([0, 0, 0] as const) : restAt(joint.parent);
    const children = REST_JOINTS.flatMap((child, index) => (child.parent === joint.name ? [index] : []));
    const translation = subtract(joint.at, from).map((value) => Number(value.toFixed(6)));
    glb.json.nodes.push({ name: joint.name, translation, ...(children.length > 0 ? { children } : {}) });
  }
}

function addSkin(glb: GlbWriter): void {
  const matrices = REST_JOINTS.flatMap(({ at: [x, y, z] }) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1]);
  const inverseBindMatrices = glb.addAccessor(Float32Array.from(matrices), 'MAT4');
  glb.json.skins.push({ joints: REST_JOINTS.map((_, index) => index), skeleton: 0, inverseBindMatrices });
}

function addMaterial(glb: GlbWriter, palette: Palette): void {
  glb.json.images.push({ bufferView: glb.addView(palettePng(palette)), mimeType: 'image/png', name: 'palette' });
  glb.json.samplers.push({
    magFilter: GL.nearest,
    minFilter: GL.nearest,
    wrapS: GL.clampToEdge,
    wrapT: GL.clampToEdge,
  });
  glb.json.textures.push({ source: 0, sampler: 0 });
  glb.json.materials.push({
    name: 'Avatar',
    pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: ROUGHNESS },
  });
}

function unorm8(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}

/** RGBA bytes: alpha keeps vertices four bytes apart, as alignment asks. */
function tintBytes(mesh: SkinnedMesh): Uint8Array {
  const rgb = unorm8(mesh.tints);
  return Uint8Array.from({ length: mesh.vertexCount * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + (i % 4)]!,
  );
}

function paletteCoordinates(mesh: SkinnedMesh): Uint16Array {
  return Uint16Array.from(mesh.paletteU.flatMap((u) => [Math.round(u * 65535), 32768]));
}

function addPrimitive(glb: GlbWriter, mesh: SkinnedMesh): GltfPrimitive {
  const target = GL.arrayBuffer;
  return {
    attributes: {
      POSITION: glb.addAccessor(snapped(mesh.positions, POSITION_GRID), 'VEC3', { target, bounded: true }),
      NORMAL: glb.addAccessor(snapped(mesh.normals, NORMAL_GRID), 'VEC3', { target }),
      TEXCOORD_0: glb.addAccessor(paletteCoordinates(mesh), 'VEC2', { target, normalized: true }),
      COLOR_0: glb.addAccessor(tintBytes(mesh), 'VEC4', { target, normalized: true }),
      JOINTS_0: glb.addAccessor(Uint8Array.from(mesh.joints), 'VEC4', { target }),
      WEIGHTS_0: glb.addAccessor(Uint8Array.from(mesh.weights), 'VEC4', { target, normalized: true }),
    },
    indices: glb.addAccessor(Uint16Array.from(mesh.triangles), 'SCALAR', { target: GL.elementArrayBuffer }),
    material: 0,
  };
}

function addMeshes(glb: GlbWriter, { body, face, morphs }: AvatarModel): { bodyNode: number; faceNode: number } {
  const targets = (primitive: GltfPrimitive) => ({
    ...primitive,
    targets: morphs.map(({ deltas }) => ({ POSITION: glb.addSparseVec3(snapped(deltas, MORPH_GRID)) })),
  });
  glb.json.meshes.push(
    { name: 'Body', primitives: [addPrimitive(glb, body)] },
    {
      name: 'Face',
      primitives: [targets(addPrimitive(glb, face))],
      weights: morphs.map(() => 0),
      extras: { targetNames: morphs.map(({ name }) => name) },
    },
  );
  const bodyNode = glb.json.nodes.push({ name: 'Body', mesh: 0, skin: 0 }) - 1;
  const faceNode = glb.json.nodes.push({ name: 'Face', mesh: 1, skin: 0 }) - 1;
  glb.json.scenes.push({ nodes: [0, bodyNode, faceNode] });
  return { bodyNode, faceNode };
}

/** The avatar as a VRM 1.0 file: bones, one skin, one material, the meshes Body and Face. */
export function encodeVrm(model: AvatarModel): Buffer {
  const glb = new GlbWriter(GENERATOR);
  addBones(glb);
  addSkin(glb);
  addMaterial(glb, model.spec.palette);
  const nodes = addMeshes(glb, model);
  glb.json.extensionsUsed.push('VRMC_vrm');
  glb.json.extensions['VRMC_vrm'] = vrmExtension({
    name: model.spec.name,
    ...nodes,
    morphNames: model.morphs.map(({ name }) => name),
  });
  return glb.toBytes();
}

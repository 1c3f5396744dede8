import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { GlbWriter } from '@/tools/avatars/glb/glbWriter';
import { GL, type GltfNode, type GltfPrimitive } from '@/tools/avatars/glb/gltfJson';
import { encodePng } from '@/tools/avatars/glb/png';
import { vrmcMtoon, vrmcNodeConstraint, vrmcSpringBone, vrmcVrm } from './heavyExtensions';
import { heavyGeometry, heavyMorph } from './heavyGeometry';
import { type HeavyPart, heavyParts } from './heavyParts';
import { type HeavySkeleton, heavySkeleton } from './heavySkeleton';

const TEXTURE_SIZE = 64;
const MESHES = ['Face', 'Body', 'Hair'] as const;
const EXTENSIONS = ['VRMC_vrm', 'VRMC_materials_mtoon', 'VRMC_springBone', 'VRMC_node_constraint'] as const;

function addBones(glb: GlbWriter, { bones, twists }: HeavySkeleton): void {
  const sources = new Map(twists);
  bones.forEach(({ name, parent, at }, index) => {
    const from = bones[parent]?.at ?? [0, 0, 0];
    const children = bones.flatMap((bone, child) => (bone.parent === index ? [child] : []));
    const source = sources.get(index);
    const node: GltfNode & { extensions?: object } = {
      name,
      translation: at.map((value, axis) => value - from[axis]!),
      ...(children.length > 0 ? { children } : {}),
      ...(source === undefined ? {} : { extensions: { VRMC_node_constraint: vrmcNodeConstraint(source) } }),
    };
    glb.json.nodes.push(node);
  });
}

/** A skin of all bones for each mesh, as exporters write them. */
function addSkins(glb: GlbWriter, { bones }: HeavySkeleton): void {
  const inverses = bones.flatMap(({ at: [x, y, z] }) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1]);
  const inverseBindMatrices = glb.addAccessor(Float32Array.from(inverses), 'MAT4');
  const joints = bones.map((_, index) => index);
  for (const _ of MESHES) glb.json.skins.push({ joints, skeleton: 0, inverseBindMatrices });
}

/** A texture of its own for each material; small, as its size costs the main thread nothing a frame. */
function addTexture(glb: GlbWriter, shade: number): number {
  const pixels = new Uint8Array(TEXTURE_SIZE * TEXTURE_SIZE * 4).map((_, i) => (i % 4 === 3 ? 255 : 160 + shade * 5));
  const png = encodePng(TEXTURE_SIZE, TEXTURE_SIZE, pixels);
  const source = glb.json.images.push({ bufferView: glb.addView(png), mimeType: 'image/png' }) - 1;
  return glb.json.textures.push({ source }) - 1;
}

function addMaterial(glb: GlbWriter, part: HeavyPart, index: number): number {
  const texture = addTexture(glb, index);
  const material = {
    name: part.name,
    pbrMetallicRoughness: { baseColorTexture: { index: texture }, metallicFactor: 0, roughnessFactor: 0.9 },
    extensions: { VRMC_materials_mtoon: vrmcMtoon(texture, part.outlined) },
  };
  return glb.json.materials.push(material) - 1;
}

function addPrimitive(glb: GlbWriter, part: HeavyPart, index: number, { bones }: HeavySkeleton): GltfPrimitive {
  const geometry = heavyGeometry(part, bones);
  const target = GL.arrayBuffer;
  const morphs = part.mesh === 'Face' ? ARKIT_BLENDSHAPES : [];
  const targets = morphs.map((_, shape) => ({
    POSITION: glb.addSparseVec3(heavyMorph(geometry, shape, ARKIT_COUNT)),
  }));
  return {
    attributes: {
      POSITION: glb.addAccessor(geometry.positions, 'VEC3', { target, bounded: true }),
      NORMAL: glb.addAccessor(geometry.normals, 'VEC3', { target }),
      TEXCOORD_0: glb.addAccessor(geometry.uvs, 'VEC2', { target }),
      JOINTS_0: glb.addAccessor(geometry.joints, 'VEC4', { target }),
      WEIGHTS_0: glb.addAccessor(geometry.weights, 'VEC4', { target }),
    },
    indices: glb.addAccessor(geometry.triangles, 'SCALAR', { target: GL.elementArrayBuffer }),
    material: addMaterial(glb, part, index),
    ...(targets.length > 0 ? { targets } : {}),
  };
}

function addMeshes(glb: GlbWriter, skeleton: HeavySkeleton): void {
  const primitives = heavyParts(skeleton).map((part, index) => ({
    mesh: part.mesh,
    primitive: addPrimitive(glb, part, index, skeleton),
  }));
  for (const name of MESHES) {
    const own = primitives.flatMap(({ mesh, primitive }) => (mesh === name ? [primitive] : []));
    const face = { weights: ARKIT_BLENDSHAPES.map(() => 0), extras: { targetNames: [...ARKIT_BLENDSHAPES] } };
    glb.json.meshes.push({ name, primitives: own, ...(name === 'Face' ? face : {}) });
  }
  const nodes = MESHES.map((name, mesh) => glb.json.nodes.push({ name, mesh, skin: mesh }) - 1);
  glb.json.scenes.push({ nodes: [0, ...nodes] });
}

/**
 * A VRM 1.0 of the class that VRoid Studio exports: 40,000 triangles in 15 primitives of three skinned meshes, each
 * primitive with an MToon material and texture of its own, eight outlined; 161 bones; 52 shapes on each of the seven face
 * primitives, 13 presets over them; 22 spring chains of 100 joints with 17 colliders; six roll constraints. It looks like a
 * bunch of balloons: what it costs is what counts.
 */
export function heavyAvatar(): Buffer {
  const glb = new GlbWriter('Parley scene benchmark');
  const skeleton = heavySkeleton();
  addBones(glb, skeleton);
  addSkins(glb, skeleton);
  addMeshes(glb, skeleton);
  glb.json.extensionsUsed.push(...EXTENSIONS);
  glb.json.extensions['VRMC_vrm'] = vrmcVrm(skeleton.bones.length);
  glb.json.extensions['VRMC_springBone'] = vrmcSpringBone(skeleton);
  return glb.toBytes();
}

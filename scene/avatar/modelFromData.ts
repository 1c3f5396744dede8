import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  FrontSide,
  LinearFilter,
  LinearMipmapLinearFilter,
  Matrix4,
  NearestFilter,
  Quaternion,
  SRGBColorSpace,
  Texture,
  Vector3,
} from 'three';
import type { AvatarData, DataMesh, DataNode } from '@/lib/avatarFile/decode/avatarData';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { measureAvatar } from './avatarMeasures';
import { type AvatarModel, createAvatarModel } from './avatarModel';
import type { AvatarSource, AvatarSurface, SourceMesh, SourceNode } from './avatarSource';
import type { ReadAvatar } from './reading/readAvatar';

/** Makes a model of an avatar that has been read. Takes over its arrays and picture. */
export function modelFromData({ data, bitmap }: ReadAvatar): AvatarModel {
  const map = bitmap && textureOf(data, bitmap);
  const meshes = data.meshes.map((mesh) => sourceMesh(mesh, data, map));
  const source: AvatarSource = {
    nodes: data.nodes.map((node) => sourceNode(node, data.nodes)),
    boneNodes: data.boneNodes,
    meshes,
    measures: measureData(data, meshes),
    springs: data.springs,
  };
  return createAvatarModel(source);
}

function sourceNode({ name, parent, place }: DataNode, nodes: readonly DataNode[]): SourceNode {
  const position = new Vector3(...place);
  if (parent >= 0) position.sub(new Vector3(...nodes[parent]!.place));
  return { name, parent, position, rotation: new Quaternion(), scale: new Vector3(1, 1, 1) };
}

function sourceMesh(mesh: DataMesh, { nodes }: AvatarData, map: Texture | null): SourceMesh {
  const arkitMorphs = Array.from({ length: ARKIT_COUNT }, (_, shape) =>
    mesh.morphs.findIndex((morph) => morph.shape === shape),
  );
  return {
    name: mesh.name,
    geometries: geometriesOf(mesh),
    surface: surfaceOf(mesh, map),
    joints: nodes.map((_, index) => index),
    boneInverses: nodes.map(({ place: [x, y, z] }) => new Matrix4().makeTranslation(-x, -y, -z)),
    bindMatrix: new Matrix4(),
    arkitMorphs: mesh.morphs.length > 0 ? arkitMorphs : [],
  };
}

/** A geometry for each level. All share their vertex buffers; levels with the same triangles share the geometry. */
function geometriesOf(mesh: DataMesh): BufferGeometry[] {
  const fine = new BufferGeometry();
  fine.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  fine.setAttribute('normal', new BufferAttribute(mesh.normals, 3));
  fine.setAttribute('skinIndex', new BufferAttribute(mesh.joints, 4));
  fine.setAttribute('skinWeight', new BufferAttribute(mesh.weights, 4));
  if (mesh.uvs) fine.setAttribute('uv', new BufferAttribute(mesh.uvs, 2));
  if (mesh.colors) fine.setAttribute('color', new BufferAttribute(mesh.colors, 4));
  fine.morphAttributes.position = mesh.morphs.map(({ offsets }) => new BufferAttribute(offsets, 3));
  const ofTriangles = new Map<Uint32Array, BufferGeometry>();
  return mesh.levels.map((triangles, level) => {
    const known = ofTriangles.get(triangles);
    const geometry = known ?? withTriangles(level === 0 ? fine : sharing(fine), triangles, mesh.positions.length / 3);
    ofTriangles.set(triangles, geometry);
    return geometry;
  });
}

function sharing(fine: BufferGeometry): BufferGeometry {
  const other = new BufferGeometry();
  for (const [name, attribute] of Object.entries(fine.attributes)) other.setAttribute(name, attribute);
  return other;
}

function withTriangles(geometry: BufferGeometry, triangles: Uint32Array, vertices: number): BufferGeometry {
  const index =
    vertices <= 0xffff ? new BufferAttribute(Uint16Array.from(triangles), 1) : new BufferAttribute(triangles, 1);
  return geometry.setIndex(index);
}

function surfaceOf(mesh: DataMesh, map: Texture | null): AvatarSurface {
  return {
    name: mesh.name,
    map: mesh.uvs ? map : null,
    color: new Color(1, 1, 1),
    vertexColors: mesh.colors !== null,
    transparent: mesh.isBlended,
    alphaTest: mesh.alphaCutoff,
    side: mesh.isDoubleSided ? DoubleSide : FrontSide,
  };
}

function textureOf({ picture }: AvatarData, bitmap: ImageBitmap): Texture {
  const texture = new Texture(bitmap);
  const isNearest = picture?.kind === 'plain' && picture.isNearest;
  texture.name = picture?.kind === 'plain' ? picture.image.name : 'atlas';
  texture.flipY = false;
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = isNearest ? NearestFilter : LinearFilter;
  texture.minFilter = isNearest ? NearestFilter : LinearMipmapLinearFilter;
  texture.needsUpdate = true;
  return texture;
}

function measureData({ nodes, boneNodes }: AvatarData, meshes: readonly SourceMesh[]) {
  const jointAt = (bone: BoneName) => {
    const [, y, z] = nodes[boneNodes[BONE_INDEX[bone]]!]?.place ?? [];
    return y === undefined || z === undefined ? null : { y, z };
  };
  // Swinging hair counts as head; a swinging skirt does not count as thigh.
  const head = boneNodes[BONE_INDEX.head]!;
  const jointBones = nodes.map((_, node) => (hangsFrom(nodes, node, head) ? BONE_INDEX.head : boneNodes.indexOf(node)));
  return measureAvatar(
    jointAt,
    meshes.map(({ geometries }) => ({ geometry: geometries[0]!, jointBones })),
  );
}

function hangsFrom(nodes: readonly DataNode[], node: number, other: number): boolean {
  for (let above = node; above >= 0; above = nodes[above]!.parent) if (above === other) return true;
  return false;
}

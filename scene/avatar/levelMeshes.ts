import {
  type BufferGeometry,
  DynamicDrawUsage,
  type Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  type Material,
  Mesh,
} from 'three';
import type { AvatarModel, ModelMesh } from './avatarModel';
import { ROW_ATTRIBUTE } from './rigMaterial';

/** What one mesh of a model is drawn with, at every level. */
export interface MeshMaterials {
  readonly lit: Material;
  readonly depth: Material;
}

/** One level of detail of a model: a mesh each of the model's, drawn once for all rows in its list. */
export class LevelMeshes {
  readonly meshes: readonly Mesh[];
  private readonly rows: InstancedBufferAttribute;
  private count = 0;

  constructor(model: AvatarModel, level: number, materials: readonly MeshMaterials[], capacity: number) {
    this.rows = new InstancedBufferAttribute(new Float32Array(capacity), 1).setUsage(DynamicDrawUsage);
    this.meshes = model.meshes.map((mesh, index) => createMesh(mesh, level, materials[index]!, this.rows));
  }

  addTo(group: Group): void {
    group.add(...this.meshes);
  }

  /** Begins a new list. */
  clear(): void {
    this.count = 0;
  }

  push(row: number): void {
    this.rows.array[this.count] = row;
    this.count += 1;
  }

  /** Draws the list as it is now. */
  finish(): void {
    this.rows.needsUpdate = true;
    for (let i = 0; i < this.meshes.length; i += 1) {
      const mesh = this.meshes[i]!;
      mesh.visible = this.count > 0;
      (mesh.geometry as InstancedBufferGeometry).instanceCount = this.count;
    }
  }

  dispose(): void {
    for (const mesh of this.meshes) {
      mesh.removeFromParent();
      mesh.geometry.dispose();
    }
  }
}

function createMesh(
  from: ModelMesh,
  level: number,
  { lit, depth }: MeshMaterials,
  rows: InstancedBufferAttribute,
): Mesh {
  const { geometries } = from;
  const geometry = instanced(geometries[Math.min(level, geometries.length - 1)]!, rows);
  const mesh = new Mesh(geometry, lit);
  mesh.name = from.name;
  mesh.customDepthMaterial = depth;
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  // Who is in the picture is decided person by person; the mesh itself stays where it is.
  mesh.frustumCulled = false;
  mesh.matrixAutoUpdate = false;
  mesh.visible = false;
  return mesh;
}

/** The same vertex buffers and triangles, to be drawn for each of `rows`. */
function instanced(from: BufferGeometry, rows: InstancedBufferAttribute): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.setIndex(from.index);
  for (const [name, attribute] of Object.entries(from.attributes)) geometry.setAttribute(name, attribute);
  geometry.setAttribute(ROW_ATTRIBUTE, rows);
  geometry.instanceCount = 0;
  return geometry;
}

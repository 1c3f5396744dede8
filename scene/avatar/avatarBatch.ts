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
import { isPalette, PaletteRows } from './paletteRows';
import {
  type CreateAvatarMaterial,
  createRigDepthMaterial,
  createRigMaterial,
  type RigUniforms,
  ROW_ATTRIBUTE,
} from './rigMaterial';
import { HIDDEN, RigRows } from './rigRows';
import { RowTexture, type RowWriter } from './rowTexture';

/** Draws everyone who wears one model together: one draw per mesh and level. */
export class AvatarBatch {
  readonly rows: RigRows;
  /** Null where the model has pictures, not a palette. */
  readonly palettes: PaletteRows | null;
  private readonly texture: RowTexture;
  private readonly uniforms: RigUniforms;
  private readonly materials: readonly MeshMaterials[];
  private levels: readonly LevelMeshes[] = [];
  private areListsStale = false;

  constructor(
    readonly model: AvatarModel,
    create: CreateAvatarMaterial,
    private readonly parent: Group,
  ) {
    this.rows = new RigRows(
      model.rig,
      model.meshes.some(({ morphs }) => morphs !== null),
    );
    this.texture = new RowTexture(this.rows);
    this.palettes = model.meshes.some(({ surface }) => isPalette(surface.map)) ? new PaletteRows() : null;
    this.uniforms = {
      rigRows: { value: this.texture.texture },
      rigPalettes: { value: this.palettes?.texture ?? null },
      rigMorphTexel: { value: this.rows.layout.morphTexel },
    };
    this.materials = model.meshes.map(({ surface, morphs }) => ({
      lit: createRigMaterial(create, surface, this.uniforms, morphs),
      depth: createRigDepthMaterial(this.uniforms, morphs),
    }));
  }

  setLevel(row: number, level: number): void {
    if (this.rows.setLevel(row, level)) this.areListsStale = true;
  }

  /** A row's own colours, see {@link PaletteRows.set}; a model without a palette keeps its pictures. */
  setPalette(row: number, palette: Uint8Array | null): void {
    if (!this.palettes) return;
    this.palettes.reserve(this.rows.capacity);
    this.palettes.set(row, palette);
  }

  remove(row: number): void {
    this.setLevel(row, HIDDEN);
    this.setPalette(row, null);
    this.rows.remove(row);
  }

  /** Uploads what has changed: who is drawn at which level, and their rows. */
  upload(writer: RowWriter): void {
    if (this.texture.update(writer)) this.rebuild();
    this.uploadPalettes();
    if (this.areListsStale) this.fillLists();
  }

  dispose(): void {
    for (const level of this.levels) level.dispose();
    for (const { lit, depth } of this.materials) {
      lit.dispose();
      depth.dispose();
    }
    this.texture.dispose();
    this.palettes?.dispose();
  }

  /** The rows have grown, and so must the lists of them. */
  private rebuild(): void {
    this.uniforms.rigRows.value = this.texture.texture;
    for (const level of this.levels) level.dispose();
    const { meshes } = this.model;
    const count = Math.max(...meshes.map(({ geometries }) => geometries.length));
    this.levels = Array.from(
      { length: count },
      (_, level) => new LevelMeshes(this.model, level, this.materials, this.rows.capacity),
    );
    for (const level of this.levels) level.addTo(this.parent);
    this.areListsStale = true;
  }

  private uploadPalettes(): void {
    if (!this.palettes) return;
    this.palettes.reserve(this.rows.capacity);
    this.palettes.update();
    this.uniforms.rigPalettes.value = this.palettes.texture;
  }

  private fillLists(): void {
    const { levels, rows } = this;
    for (let i = 0; i < levels.length; i += 1) levels[i]!.clear();
    for (let row = 0; row < rows.levels.length; row += 1) {
      const level = rows.levels[row]!;
      if (level !== HIDDEN) levels[Math.min(level, levels.length - 1)]!.push(row);
    }
    for (let i = 0; i < levels.length; i += 1) levels[i]!.finish();
    this.areListsStale = false;
  }
}

/** What one mesh of a model is drawn with, at every level. */
interface MeshMaterials {
  readonly lit: Material;
  readonly depth: Material;
}

/** One level of detail of a model: its meshes, each drawn once for all rows in the list. */
class LevelMeshes {
  private readonly meshes: readonly Mesh[];
  private readonly rows: InstancedBufferAttribute;
  private count = 0;

  constructor(model: AvatarModel, level: number, materials: readonly MeshMaterials[], capacity: number) {
    this.rows = new InstancedBufferAttribute(new Float32Array(capacity), 1).setUsage(DynamicDrawUsage);
    this.meshes = model.meshes.map((mesh, index) => createMesh(mesh, level, materials[index]!, this.rows));
  }

  addTo(group: Group): void {
    group.add(...this.meshes);
  }

  /** Starts a new list. */
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
  // Culling decides person by person; the mesh itself stays at the origin.
  mesh.frustumCulled = false;
  mesh.matrixAutoUpdate = false;
  mesh.visible = false;
  return mesh;
}

/** The same vertex buffers and triangles, drawn once for each of `rows`. */
function instanced(from: BufferGeometry, rows: InstancedBufferAttribute): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.setIndex(from.index);
  for (const [name, attribute] of Object.entries(from.attributes)) geometry.setAttribute(name, attribute);
  geometry.setAttribute(ROW_ATTRIBUTE, rows);
  geometry.instanceCount = 0;
  return geometry;
}

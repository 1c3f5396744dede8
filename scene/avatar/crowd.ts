import {
  type BufferGeometry,
  DynamicDrawUsage,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  type Material,
  Mesh,
  type Vector3,
} from 'three';
import type { Pose } from '@/lib/pose/pose';
import type { AvatarModel, ModelMesh } from './avatarModel';
import { isPalette, PaletteRows } from './paletteRows';
import {
  type CreateAvatarMaterial,
  createPlainMaterial,
  createRigDepthMaterial,
  createRigMaterial,
  type RigUniforms,
  ROW_ATTRIBUTE,
} from './rigMaterial';
import { HIDDEN, RigRows } from './rigRows';
import { NO_WRITER, RowTexture, type RowWriter } from './rowTexture';

/** Batches kept after their last member left: the next member with that model needs no new programs or uploads. */
const IDLE_BATCHES_KEPT = 2;

/**
 * All avatars of a scene. Members who wear the same model share its draws. Each frame: set the members' poses, places and
 * levels, then {@link solve}, {@link swing} and {@link upload} (or {@link update}), then render. None of that allocates.
 *
 * @example
 * const crowd = new Crowd(createAvatarMaterial);
 * const writer = new WebGlRowWriter(renderer);
 * scene.add(crowd.root);
 * const member = crowd.add(model);
 * member.place(0, -1, Math.PI / 4);
 * member.setLevel(0);
 * member.setPose(pose);
 * crowd.update(writer);
 * renderer.render(scene, camera);
 */
export class Crowd {
  /** Holds what is drawn; must stay at the origin. */
  readonly root = new Group();
  private readonly batches: AvatarBatch[] = [];

  /** `create` makes the material of each mesh. */
  constructor(private readonly create: CreateAvatarMaterial = createPlainMaterial) {
    this.root.matrixAutoUpdate = false;
  }

  /** A new member who wears `model`: at rest, at the origin, hidden until {@link CrowdMember.setLevel}. */
  add(model: AvatarModel): CrowdMember {
    return new CrowdMember(this.batches.find((known) => known.model === model) ?? this.open(model));
  }

  /** Takes a member out; the member must not be used afterwards. */
  remove({ batch, row }: CrowdMember): void {
    batch.remove(row);
    this.closeIdle();
  }

  /** {@link solve}, then {@link upload}; nothing swings. */
  update(writer: RowWriter = NO_WRITER): void {
    this.solve();
    this.upload(writer);
  }

  /** Turns poses into matrices, for every member who is drawn and has moved. */
  solve(): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.rows.solve();
  }

  /** Lets hair and clothes swing on for `deltaMs`, after {@link solve}. */
  swing(deltaMs: number): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.rows.swing(deltaMs);
  }

  /**
   * Uploads what has changed: rows, and who is drawn at which level. Without a writer only three's own uploads reach
   * the GPU: the rows as they are when first drawn.
   */
  upload(writer: RowWriter = NO_WRITER): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.upload(writer);
  }

  dispose(): void {
    this.root.removeFromParent();
    for (const batch of this.batches) batch.dispose();
    this.batches.length = 0;
  }

  private open(model: AvatarModel): AvatarBatch {
    const batch = new AvatarBatch(model, this.create, this.root);
    this.batches.push(batch);
    return batch;
  }

  private closeIdle(): void {
    const idle = this.batches.filter(({ rows }) => rows.count === 0);
    for (const batch of idle.slice(0, Math.max(0, idle.length - IDLE_BATCHES_KEPT))) {
      this.batches.splice(this.batches.indexOf(batch), 1);
      batch.dispose();
    }
  }
}

/** One avatar of a {@link Crowd}: a row of the batch that draws everyone in the same model. */
export class CrowdMember {
  readonly row: number;

  constructor(readonly batch: AvatarBatch) {
    this.row = batch.rows.add();
  }

  get model(): AvatarModel {
    return this.batch.model;
  }

  /** Copies a pose: rotations, hips, face, and the gaze where the pose has one. */
  setPose(pose: Pose): void {
    this.batch.rows.setPose(this.row, pose);
  }

  /** Where the avatar stands: metres on the floor; yaw about +Y in radians, 0 looks along +Z. */
  place(x: number, z: number, yawRad: number): void {
    this.batch.rows.place(this.row, x, z, yawRad);
  }

  /** 0 full colour .. 1 dimmed. */
  setDim(dim: number): void {
    this.batch.rows.setDim(this.row, dim);
  }

  /**
   * This avatar's own colours: `PALETTE_SLOTS.length` texels of RGBA bytes, sRGB; null for those of the model. A model
   * that has pictures instead of a palette stays as it is.
   */
  setPalette(palette: Uint8Array | null): void {
    this.batch.setPalette(this.row, palette);
  }

  /** 0 the finest; a model with fewer levels shows its coarsest. `HIDDEN` (-1) draws nothing. */
  setLevel(level: number): void {
    this.batch.setLevel(this.row, level);
  }

  get level(): number {
    return this.batch.rows.levels[this.row]!;
  }

  /** Whether hair and clothes swing ({@link Crowd.swing}); off at first, and without effect where nothing can. */
  setSwinging(isOn: boolean): void {
    this.batch.rows.setSwinging(this.row, isOn);
  }

  /**
   * Writes where a joint of `BONES` is as last solved, metres, world space; false where the model has no such bone.
   * A hidden avatar is where it was when last drawn.
   */
  jointPlace(bone: number, out: Vector3): boolean {
    const { rows } = this.batch;
    const { entryOfBone, pivots } = rows.rig;
    const entry = entryOfBone[bone]!;
    if (entry < 0) return false;
    const at = rows.matrixAt(this.row, entry);
    const pivot = (entry - 1) * 3;
    const x = pivots[pivot]!;
    const y = pivots[pivot + 1]!;
    const z = pivots[pivot + 2]!;
    const { data } = rows;
    out.x = data[at]! * x + data[at + 1]! * y + data[at + 2]! * z + data[at + 3]!;
    out.y = data[at + 4]! * x + data[at + 5]! * y + data[at + 6]! * z + data[at + 7]!;
    out.z = data[at + 8]! * x + data[at + 9]! * y + data[at + 10]! * z + data[at + 11]!;
    return true;
  }
}

/** Draws everyone who wears one model together: one draw per mesh and level. */
class AvatarBatch {
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

import { Group, type Vector3 } from 'three';
import type { Pose } from '@/lib/pose/pose';
import { AvatarBatch } from './avatarBatch';
import type { AvatarModel } from './avatarModel';
import { type CreateAvatarMaterial, createPlainMaterial, DIM_BRIGHTNESS } from './rigMaterial';
import { SlotTable } from './rigRows';
import { NO_WRITER, type RowWriter } from './rowTexture';

/** Batches nobody uses kept for the next one who wears their model: what they compiled and uploaded stays. */
const IDLE_BATCHES_KEPT = 2;
const FIRST_SLOTS = 16;

/**
 * All avatars of a scene. A slot is one person; people who wear the same model share its draws. Each frame: set poses,
 * places and levels, then {@link solve}, {@link swing} and {@link upload} (or {@link update}), then render. None of that allocates.
 *
 * @example
 * const crowd = new Crowd(createAvatarMaterial);
 * const writer = new WebGlRowWriter(renderer);
 * scene.add(crowd.root);
 * const slot = crowd.add(model);
 * crowd.place(slot, 0, -1, Math.PI / 4);
 * crowd.setLevel(slot, 0);
 * crowd.setPose(slot, pose);
 * crowd.update(writer);
 * renderer.render(scene, camera);
 */
export class Crowd {
  /** Holds what is drawn; must stay at the origin. */
  readonly root = new Group();
  private readonly batches: AvatarBatch[] = [];
  private readonly batchOf: (AvatarBatch | null)[] = [];
  private readonly rowOf: number[] = [];
  private readonly slots = new SlotTable(FIRST_SLOTS, () => {});

  /** `create` makes the material of each mesh. */
  constructor(private readonly create: CreateAvatarMaterial = createPlainMaterial) {
    this.root.matrixAutoUpdate = false;
  }

  /** People in the crowd. */
  get count(): number {
    return this.slots.taken;
  }

  /** A slot for somebody who wears `model`: at rest, at the origin, hidden until {@link setLevel}. */
  add(model: AvatarModel): number {
    const batch = this.batches.find((known) => known.model === model) ?? this.open(model);
    const slot = this.slots.take();
    this.batchOf[slot] = batch;
    this.rowOf[slot] = batch.rows.add();
    return slot;
  }

  /** Frees a slot; it must not be used any more. */
  remove(slot: number): void {
    this.batch(slot).remove(this.rowOf[slot]!);
    this.batchOf[slot] = null;
    this.slots.give(slot);
    this.closeIdle();
  }

  model(slot: number): AvatarModel {
    return this.batch(slot).model;
  }

  /** Takes over a pose: rotations, hips, face, and the gaze where the pose has one. */
  setPose(slot: number, pose: Pose): void {
    this.batch(slot).rows.setPose(this.rowOf[slot]!, pose);
  }

  /** Copies the pose `slot` was given last. */
  readPose(slot: number, out: Pose): Pose {
    return this.batch(slot).rows.readPose(this.rowOf[slot]!, out);
  }

  /** Where somebody stands: metres on the floor; yaw about +Y in radians, 0 looks along +Z. */
  place(slot: number, x: number, z: number, yawRad: number): void {
    this.batch(slot).rows.place(this.rowOf[slot]!, x, z, yawRad);
  }

  /** 0 full colour .. 1 dimmed. */
  setDim(slot: number, dim: number): void {
    const share = Math.min(1, Math.max(0, dim));
    this.batch(slot).rows.setBrightness(this.rowOf[slot]!, 1 - (1 - DIM_BRIGHTNESS) * share);
  }

  /** 1 full colour .. 0.5 dimmed. */
  brightness(slot: number): number {
    return this.batch(slot).rows.brightness(this.rowOf[slot]!);
  }

  /**
   * Colours of one's own: `PALETTE_SLOTS.length` texels of RGBA bytes, sRGB; null as the model comes. A model that has
   * pictures instead of a palette stays as it is.
   */
  setPalette(slot: number, palette: Uint8Array | null): void {
    this.batch(slot).setPalette(this.rowOf[slot]!, palette);
  }

  /** The colours somebody was given last, alpha 0 where none; null for a model without a palette. Only to be read. */
  palette(slot: number): Uint8Array | null {
    return this.batch(slot).palette(this.rowOf[slot]!);
  }

  /** 0 the finest; a model with fewer levels shows its coarsest. `HIDDEN` (-1) draws nothing. */
  setLevel(slot: number, level: number): void {
    this.batch(slot).setLevel(this.rowOf[slot]!, level);
  }

  level(slot: number): number {
    return this.batch(slot).rows.levels[this.rowOf[slot]!]!;
  }

  /** Whether hair and clothes of somebody swing ({@link swing}); off at first, and without effect where nothing can. */
  setSwinging(slot: number, isOn: boolean): void {
    this.batch(slot).rows.setSwinging(this.rowOf[slot]!, isOn);
  }

  /** {@link solve}, then {@link upload}; nothing swings. */
  update(writer: RowWriter = NO_WRITER): void {
    this.solve();
    this.upload(writer);
  }

  /** Poses to matrices, for everybody who is drawn and has moved. */
  solve(): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.solve();
  }

  /** Lets hair and clothes swing on for `deltaMs`, after {@link solve}. */
  swing(deltaMs: number): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.swing(deltaMs);
  }

  /**
   * Uploads what has changed: rows, and who is drawn at which level. Without a writer only what three itself uploads
   * reaches the GPU: the rows as they are when first drawn.
   */
  upload(writer: RowWriter = NO_WRITER): void {
    for (let i = 0; i < this.batches.length; i += 1) this.batches[i]!.upload(writer);
  }

  /**
   * Writes where a joint of `BONES` is as last solved, metres, world space; false where the model has no such bone.
   * Somebody hidden is where they were when last drawn.
   */
  jointPlace(slot: number, bone: number, out: Vector3): boolean {
    const { rows } = this.batch(slot);
    const { entryOfBone, pivots } = rows.rig;
    const entry = entryOfBone[bone]!;
    if (entry < 0) return false;
    const at = rows.matrixAt(this.rowOf[slot]!, entry);
    const pivot = (entry - 1) * 3;
    out.x = applyRow(rows.data, at, pivots, pivot);
    out.y = applyRow(rows.data, at + 4, pivots, pivot);
    out.z = applyRow(rows.data, at + 8, pivots, pivot);
    return true;
  }

  dispose(): void {
    this.root.removeFromParent();
    for (const batch of this.batches) batch.dispose();
    this.batches.length = 0;
  }

  private batch(slot: number): AvatarBatch {
    return this.batchOf[slot]!;
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

function applyRow(rows: Float32Array, at: number, points: Float32Array, point: number): number {
  return (
    rows[at]! * points[point]! + rows[at + 1]! * points[point + 1]! + rows[at + 2]! * points[point + 2]! + rows[at + 3]!
  );
}

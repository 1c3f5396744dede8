import { Group, type Vector3 } from 'three';
import type { Pose } from '@/lib/pose/pose';
import { AvatarBatch } from './avatarBatch';
import type { AvatarModel } from './avatarModel';
import { type CreateAvatarMaterial, createPlainMaterial } from './rigMaterial';
import { NO_WRITER, type RowWriter } from './rowTexture';

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

import { createPose, POSE_LENGTH, type Pose } from '@/lib/pose/pose';
import {
  HEAD_BRIGHTNESS,
  HEAD_MORPHS,
  MATRICES_AT,
  MATRIX,
  PLACE_LENGTH,
  type RigRowLayout,
  rigRowLayout,
  solveExtras,
  solveRig,
  TEXEL,
  writeFace,
} from './rigRow';
import type { RigSkeleton } from './rigSkeleton';
import { SpringStates } from './swingSprings';

/** Hands out small numbers and takes them back. Grows by doubling; nothing else allocates. */
export class SlotTable {
  private free: number[] = [];
  private capacityNow = 0;
  private takenCount = 0;

  /** `onGrow` must make room for slots below `capacity`. */
  constructor(
    private readonly firstCapacity: number,
    private readonly onGrow: (capacity: number) => void,
  ) {}

  get capacity(): number {
    return this.capacityNow;
  }

  /** Slots in use. */
  get taken(): number {
    return this.takenCount;
  }

  /** A free slot; the one given back last comes first. */
  take(): number {
    if (this.free.length === 0) this.grow();
    this.takenCount += 1;
    return this.free.pop()!;
  }

  /** Gives back a slot that was taken. */
  give(slot: number): void {
    this.takenCount -= 1;
    this.free.push(slot);
  }

  private grow(): void {
    const before = this.capacityNow;
    this.capacityNow = Math.max(this.firstCapacity, before * 2);
    this.onGrow(this.capacityNow);
    for (let slot = this.capacityNow - 1; slot >= before; slot -= 1) this.free.push(slot);
  }
}

const FIRST_CAPACITY = 4;
const REST = createPose();

/** From this level on fingers move with the hand. */
const FINGERLESS_LEVEL = 2;

/** Moving an avatar farther than this at once does not swing its hair and clothes, metres. */
const TELEPORT_M = 0.5;

/** Brightness of an avatar that is fully dimmed. */
const DIM_BRIGHTNESS = 0.5;

/** Level of an avatar that is not drawn. */
export const HIDDEN = -1;

/**
 * Everyone who wears one model, as numbers: a row each with pose, place and brightness, and what the shaders read. No
 * WebGL and no scene graph; only {@link add} allocates.
 */
export class RigRows {
  readonly layout: RigRowLayout;
  /** What the shaders read: `layout.widthTexels` * 4 numbers for each row. Growing replaces the array. */
  data = new Float32Array(0);
  /** Level of each row, {@link HIDDEN} for none. */
  levels = new Int8Array(0);
  /** Rows whose `data` has changed since the last upload. */
  changed = new Uint8Array(0);
  /** Values of the pose each row was given last. */
  poses = new Float32Array(0);
  private parts = new Uint8Array(0);
  private places = new Float32Array(0);
  /** Rows to be solved. */
  private stale = new Uint8Array(0);
  /** Null where nothing of the model swings. */
  private readonly springs: SpringStates | null;
  private readonly slots = new SlotTable(FIRST_CAPACITY, (capacity) => this.grow(capacity));

  constructor(
    readonly rig: RigSkeleton,
    private readonly hasMorphs: boolean,
  ) {
    this.layout = rigRowLayout(rig.entryCount, hasMorphs);
    this.springs = rig.springs && new SpringStates(rig.springs);
  }

  get capacity(): number {
    return this.slots.capacity;
  }

  /** Number of rows in use. */
  get count(): number {
    return this.slots.taken;
  }

  /** A new row: at rest, at the origin, at full brightness, hidden. */
  add(): number {
    const row = this.slots.take();
    this.levels[row] = HIDDEN;
    this.setPose(row, REST);
    this.place(row, 0, 0, 0);
    this.setDim(row, 0);
    return row;
  }

  remove(row: number): void {
    this.levels[row] = HIDDEN;
    this.setSwinging(row, false);
    this.slots.give(row);
  }

  setPose(row: number, pose: Pose): void {
    this.poses.set(pose.values, row * POSE_LENGTH);
    this.parts[row] = pose.parts;
    this.stale[row] = 1;
  }

  /** Metres on the floor; yaw about +Y, radians. */
  place(row: number, x: number, z: number, yawRad: number): void {
    const at = row * PLACE_LENGTH;
    if (Math.abs(this.places[at]! - x) + Math.abs(this.places[at + 1]! - z) > TELEPORT_M) this.springs?.restart(row);
    this.places[at] = x;
    this.places[at + 1] = z;
    this.places[at + 2] = Math.sin(yawRad);
    this.places[at + 3] = Math.cos(yawRad);
    this.stale[row] = 1;
  }

  /** 0 full colour .. 1 dimmed to {@link DIM_BRIGHTNESS}. */
  setDim(row: number, dim: number): void {
    const at = this.rowAt(row) + HEAD_BRIGHTNESS;
    const brightness = 1 - (1 - DIM_BRIGHTNESS) * Math.min(1, Math.max(0, dim));
    if (this.data[at] === Math.fround(brightness)) return;
    this.data[at] = brightness;
    this.changed[row] = 1;
  }

  /** True where that changes the lists of drawn rows. */
  setLevel(row: number, level: number): boolean {
    if (this.levels[row] === level) return false;
    if (this.levels[row] === HIDDEN) this.springs?.restart(row);
    this.levels[row] = level;
    this.stale[row] = 1;
    return true;
  }

  /** Whether hair and clothes of a row swing; otherwise they hang as at rest. */
  setSwinging(row: number, isOn: boolean): void {
    if (this.springs?.set(row, isOn)) this.stale[row] = 1;
  }

  /** Swings the drawn rows that have swinging on, after {@link solve}. */
  swing(deltaMs: number): void {
    const { springs } = this;
    if (springs === null) return;
    springs.advance(deltaMs);
    for (let row = 0; row < this.levels.length; row += 1) {
      if (!springs.isOn(row) || this.levels[row] === HIDDEN) continue;
      const at = this.rowAt(row) + MATRICES_AT;
      springs.swing(row, this.data, at);
      solveExtras(this.rig, this.data, at);
      this.changed[row] = 1;
    }
  }

  /** Solves the drawn rows that have changed. */
  solve(): void {
    for (let row = 0; row < this.stale.length; row += 1) {
      if (this.stale[row] === 0 || this.levels[row] === HIDDEN) continue;
      this.solveRow(row);
    }
  }

  /** First number of a matrix in `data`. */
  matrixAt(row: number, entry: number): number {
    return this.rowAt(row) + MATRICES_AT + entry * MATRIX;
  }

  private solveRow(row: number): void {
    const level = this.levels[row]!;
    const { bones, bodyCount } = this.rig;
    const boneCount = level >= FINGERLESS_LEVEL ? bodyCount : bones.length;
    const poseAt = row * POSE_LENGTH;
    const at = this.rowAt(row);
    const matricesAt = at + MATRICES_AT;
    const isSwung = this.springs?.isSwinging(row) ?? false;
    solveRig(this.rig, this.poses, poseAt, this.places, row * PLACE_LENGTH, this.data, matricesAt, boneCount, isSwung);
    if (this.hasMorphs) {
      const morphsAt = at + this.layout.morphTexel * TEXEL;
      this.data[at + HEAD_MORPHS] = writeFace(this.poses, poseAt, this.parts[row]!, level, this.data, morphsAt);
    }
    this.stale[row] = 0;
    this.changed[row] = 1;
  }

  private rowAt(row: number): number {
    return row * this.layout.widthTexels * TEXEL;
  }

  private grow(capacity: number): void {
    this.data = larger(this.data, new Float32Array(capacity * this.layout.widthTexels * TEXEL));
    this.levels = larger(this.levels, new Int8Array(capacity).fill(HIDDEN));
    this.changed = larger(this.changed, new Uint8Array(capacity));
    this.poses = larger(this.poses, new Float32Array(capacity * POSE_LENGTH));
    this.parts = larger(this.parts, new Uint8Array(capacity));
    this.places = larger(this.places, new Float32Array(capacity * PLACE_LENGTH));
    this.stale = larger(this.stale, new Uint8Array(capacity));
    this.springs?.grow(capacity);
  }
}

function larger<T extends Float32Array | Int8Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

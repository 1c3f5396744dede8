import { MATRIX, solveBone } from './rigRow';
import type { RigColliders, RigSprings } from './rigSkeleton';

/** Time of a step: VRM's springs lose speed in each step, so all machines must take the same steps. */
const SPRING_STEP_S = 1 / 60;
/** Numbers kept for each joint: its far end now and a step ago, in the space of its center. */
const SPRING_STATE = 6;

const NEARLY_ZERO = 1e-9;

/** Scratch of the module, world space, so that no number passes between functions, where V8 would box it. */
const joint = new Float64Array(3);
const axis = new Float64Array(3);
const tail = new Float64Array(3);
const other = new Float64Array(3);
const push = new Float64Array(3);
const turn = new Float32Array(4);

/** Puts every joint at rest under its parent, without speed. The matrices at `at` must be those of springs at rest. */
function resetSprings(springs: RigSprings, out: Float32Array, at: number, state: Float32Array, from: number): void {
  for (let i = 0; i < springs.entries.length; i += 1) {
    const parent = at + springs.parents[i]! * MATRIX;
    placePoint(out, parent, springs.pivots, i * 3, joint);
    turnVector(out, parent, springs.axes, i * 3, axis);
    for (let k = 0; k < 3; k += 1) tail[k] = joint[k]! + axis[k]! * springs.lengths[i]!;
    toCenter(springs, i, out, at);
    for (let k = 0; k < 3; k += 1) {
      state[from + i * SPRING_STATE + k] = tail[k]!;
      state[from + i * SPRING_STATE + 3 + k] = tail[k]!;
    }
  }
}

/**
 * Moves the joints by `steps` steps of {@link SPRING_STEP_S} and writes their matrices, 3x4 row by row, among the
 * others of the row at `at`; with 0 steps they only follow their parents. Verlet integration as in the VRM
 * specification (VRMC_springBone 1.0): inertia, stiffness, gravity, length, colliders. Allocates nothing.
 */
function swingSprings(
  springs: RigSprings,
  out: Float32Array,
  at: number,
  state: Float32Array,
  from: number,
  steps: number,
): void {
  placeColliders(springs.colliders, out, at);
  for (let step = 0; step < Math.max(1, steps); step += 1) {
    for (let i = 0; i < springs.entries.length; i += 1) {
      const parent = at + springs.parents[i]! * MATRIX;
      placePoint(out, parent, springs.pivots, i * 3, joint);
      readTail(springs, i, out, at, state, from + i * SPRING_STATE, steps > 0);
      reach(springs, i, out, parent, steps > 0);
      if (steps > 0) {
        collide(springs, i);
        remember(springs, i, out, at, state, from + i * SPRING_STATE);
      }
      aim(springs, i, out, parent, at + springs.entries[i]! * MATRIX);
    }
  }
}

/** Writes the far end into `tail`, moved on by its speed where `isMoving`. */
function readTail(
  springs: RigSprings,
  i: number,
  out: Float32Array,
  at: number,
  state: Float32Array,
  from: number,
  isMoving: boolean,
): void {
  const kept = isMoving ? springs.kept[i]! : 0;
  const x = state[from]!;
  const y = state[from + 1]!;
  const z = state[from + 2]!;
  tail[0] = x + (x - state[from + 3]!) * kept;
  tail[1] = y + (y - state[from + 4]!) * kept;
  tail[2] = z + (z - state[from + 5]!) * kept;
  if (springs.centers[i]! < 0) return;
  const center = at + springs.centers[i]! * MATRIX;
  other.set(tail);
  for (let k = 0; k < 3; k += 1) {
    const row = center + k * 4;
    tail[k] = out[row]! * other[0]! + out[row + 1]! * other[1]! + out[row + 2]! * other[2]! + out[row + 3]!;
  }
}

/**
 * Applies stiffness and gravity where `isMoving`, and restores the joint's length. Uses local numbers, as it runs for
 * every joint.
 */
function reach(springs: RigSprings, i: number, out: Float32Array, parent: number, isMoving: boolean): void {
  const { axes, gravity } = springs;
  const p = i * 3;
  const a = axes[p]!;
  const b = axes[p + 1]!;
  const c = axes[p + 2]!;
  const ax = out[parent]! * a + out[parent + 1]! * b + out[parent + 2]! * c;
  const ay = out[parent + 4]! * a + out[parent + 5]! * b + out[parent + 6]! * c;
  const az = out[parent + 8]! * a + out[parent + 9]! * b + out[parent + 10]! * c;
  const jx = joint[0]!;
  const jy = joint[1]!;
  const jz = joint[2]!;
  const stepS = isMoving ? SPRING_STEP_S : 0;
  const stiffness = springs.stiffness[i]!;
  const x = tail[0]! + (ax * stiffness + gravity[p]!) * stepS - jx;
  const y = tail[1]! + (ay * stiffness + gravity[p + 1]!) * stepS - jy;
  const z = tail[2]! + (az * stiffness + gravity[p + 2]!) * stepS - jz;
  const lengthSq = x * x + y * y + z * z;
  const isHere = lengthSq < NEARLY_ZERO * NEARLY_ZERO;
  const scale = isHere ? springs.lengths[i]! : springs.lengths[i]! / Math.sqrt(lengthSq);
  tail[0] = jx + (isHere ? ax : x) * scale;
  tail[1] = jy + (isHere ? ay : y) * scale;
  tail[2] = jz + (isHere ? az : z) * scale;
}

/** Places the colliders, once for each row: they are on the body, which doesn't move during the steps. */
function placeColliders({ entries, ends, worldEnds }: RigColliders, out: Float32Array, at: number): void {
  for (let c = 0; c < entries.length; c += 1) {
    placePoint(out, at + entries[c]! * MATRIX, ends, c * 6, worldEnds, c * 6);
    placePoint(out, at + entries[c]! * MATRIX, ends, c * 6 + 3, worldEnds, c * 6 + 3);
  }
}

/**
 * Moves the far end out of colliders: the nearest point on a capsule's axis, or a sphere's centre, pushes it off. Uses
 * local numbers throughout, as this loop runs a thousand times for each person.
 */
function collide(springs: RigSprings, i: number): void {
  const { touched, touchedFrom, hitRadii } = springs;
  const { worldEnds, radii, spans } = springs.colliders;
  const last = touchedFrom[i + 1]!;
  const hitRadius = hitRadii[i]!;
  const jx = joint[0]!;
  const jy = joint[1]!;
  const jz = joint[2]!;
  let tx = tail[0]!;
  let ty = tail[1]!;
  let tz = tail[2]!;
  for (let t = touchedFrom[i]!; t < last; t += 1) {
    const c = touched[t]!;
    const end = c * 6;
    const dx = tx - worldEnds[end]!;
    const dy = ty - worldEnds[end + 1]!;
    const dz = tz - worldEnds[end + 2]!;
    const span = hitRadius + spans[c]!;
    // The cheapest test, which rules out nearly all colliders.
    if (dx * dx + dy * dy + dz * dz >= span * span) continue;
    const sx = worldEnds[end + 3]! - worldEnds[end]!;
    const sy = worldEnds[end + 4]! - worldEnds[end + 1]!;
    const sz = worldEnds[end + 5]! - worldEnds[end + 2]!;
    const along = sx * dx + sy * dy + sz * dz;
    const lengthSq = sx * sx + sy * sy + sz * sz;
    const share = along <= 0 ? 0 : along >= lengthSq ? 1 : along / lengthSq;
    const x = dx - sx * share;
    const y = dy - sy * share;
    const z = dz - sz * share;
    const reach = hitRadius + radii[c]!;
    const distanceSq = x * x + y * y + z * z;
    if (distanceSq >= reach * reach || distanceSq < NEARLY_ZERO * NEARLY_ZERO) continue;
    const scale = reach / Math.sqrt(distanceSq) - 1;
    const px = tx + x * scale - jx;
    const py = ty + y * scale - jy;
    const pz = tz + z * scale - jz;
    const pushedSq = px * px + py * py + pz * pz;
    // Pushed onto the joint itself it would have no direction, so it stays where it was.
    if (pushedSq < NEARLY_ZERO * NEARLY_ZERO) continue;
    const keep = springs.lengths[i]! / Math.sqrt(pushedSq);
    tx = jx + px * keep;
    ty = jy + py * keep;
    tz = jz + pz * keep;
  }
  tail[0] = tx;
  tail[1] = ty;
  tail[2] = tz;
}

function remember(
  springs: RigSprings,
  i: number,
  out: Float32Array,
  at: number,
  state: Float32Array,
  from: number,
): void {
  const hasCenter = springs.centers[i]! >= 0;
  if (hasCenter) {
    other.set(tail);
    toCenter(springs, i, out, at);
  }
  state[from + 3] = state[from]!;
  state[from + 4] = state[from + 1]!;
  state[from + 5] = state[from + 2]!;
  state[from] = tail[0]!;
  state[from + 1] = tail[1]!;
  state[from + 2] = tail[2]!;
  if (hasCenter) tail.set(other);
}

/** Turns `tail` into the space of the joint's center. */
function toCenter(springs: RigSprings, i: number, out: Float32Array, at: number): void {
  if (springs.centers[i]! < 0) return;
  const m = at + springs.centers[i]! * MATRIX;
  for (let k = 0; k < 3; k += 1) push[k] = tail[k]! - out[m + k * 4 + 3]!;
  for (let k = 0; k < 3; k += 1)
    tail[k] = out[m + k]! * push[0]! + out[m + 4 + k]! * push[1]! + out[m + 8 + k]! * push[2]!;
}

/** Turns the joint from rest towards `tail`, by the shortest rotation. */
function aim(springs: RigSprings, i: number, out: Float32Array, parent: number, to: number): void {
  const scale = 1 / springs.lengths[i]!;
  const x = (tail[0]! - joint[0]!) * scale;
  const y = (tail[1]! - joint[1]!) * scale;
  const z = (tail[2]! - joint[2]!) * scale;
  other[0] = out[parent]! * x + out[parent + 4]! * y + out[parent + 8]! * z;
  other[1] = out[parent + 1]! * x + out[parent + 5]! * y + out[parent + 9]! * z;
  other[2] = out[parent + 2]! * x + out[parent + 6]! * y + out[parent + 10]! * z;
  writeShortestTurn(springs.axes, i * 3);
  solveBone(out, parent, to, turn, 0, springs.pivots, i * 3);
}

/** The rotation from the unit vector at `a` to the one in `other`, into `turn`. */
function writeShortestTurn(axes: Float32Array, a: number): void {
  const x = axes[a]!;
  const y = axes[a + 1]!;
  const z = axes[a + 2]!;
  const w = 1 + x * other[0]! + y * other[1]! + z * other[2]!;
  if (w < 1e-6) {
    // Straight back: any perpendicular axis will do.
    const isUpright = Math.abs(x) <= Math.abs(z);
    turn[0] = isUpright ? 0 : -y;
    turn[1] = isUpright ? -z : x;
    turn[2] = isUpright ? y : 0;
    turn[3] = 0;
  } else {
    turn[0] = y * other[2]! - z * other[1]!;
    turn[1] = z * other[0]! - x * other[2]!;
    turn[2] = x * other[1]! - y * other[0]!;
    turn[3] = w;
  }
  const lengthSq = turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2] + turn[3] * turn[3];
  const scale = 1 / Math.sqrt(lengthSq);
  turn[0] *= scale;
  turn[1] *= scale;
  turn[2] *= scale;
  turn[3] *= scale;
}

function placePoint(m: Float32Array, at: number, points: Float32Array, p: number, out: Float64Array, to = 0): void {
  const x = points[p]!;
  const y = points[p + 1]!;
  const z = points[p + 2]!;
  out[to] = m[at]! * x + m[at + 1]! * y + m[at + 2]! * z + m[at + 3]!;
  out[to + 1] = m[at + 4]! * x + m[at + 5]! * y + m[at + 6]! * z + m[at + 7]!;
  out[to + 2] = m[at + 8]! * x + m[at + 9]! * y + m[at + 10]! * z + m[at + 11]!;
}

function turnVector(m: Float32Array, at: number, vectors: Float32Array, v: number, out: Float64Array): void {
  const x = vectors[v]!;
  const y = vectors[v + 1]!;
  const z = vectors[v + 2]!;
  out[0] = m[at]! * x + m[at + 1]! * y + m[at + 2]! * z;
  out[1] = m[at + 4]! * x + m[at + 5]! * y + m[at + 6]! * z;
  out[2] = m[at + 8]! * x + m[at + 9]! * y + m[at + 10]! * z;
}

const STEP_MS = SPRING_STEP_S * 1000;
/** After a pause no more than this many steps are caught up. */
const STEPS_MAX = 4;

const OFF = 0;
const ON = 1;
/** On, but at rest when next swung. */
const FRESH = 2;

/** The state of the springs of every row of a model. Only {@link grow} allocates. */
export class SpringStates {
  private modes = new Uint8Array(0);
  private states = new Float32Array(0);
  private readonly length: number;
  /** Time not yet turned into steps, from half a step ahead to half a step behind. */
  private leftMs = 0;
  private steps = 0;

  constructor(private readonly springs: RigSprings) {
    this.length = springs.entries.length * SPRING_STATE;
  }

  /** True where that changes anything. */
  set(row: number, isOn: boolean): boolean {
    if (this.isOn(row) === isOn) return false;
    this.modes[row] = isOn ? FRESH : OFF;
    return true;
  }

  isOn(row: number): boolean {
    return this.modes[row] !== OFF;
  }

  /** Whether {@link swing} writes a row's joints itself, so that they need no solving at rest. */
  isSwinging(row: number): boolean {
    return this.modes[row] === ON;
  }

  /** Starts a swinging row at rest again, as its avatar is suddenly somewhere else. */
  restart(row: number): void {
    if (this.isOn(row)) this.modes[row] = FRESH;
  }

  /** Counts the steps of all rows that `deltaMs` is worth. */
  advance(deltaMs: number): void {
    this.leftMs += deltaMs;
    const due = Math.round(this.leftMs / STEP_MS);
    this.leftMs -= due * STEP_MS;
    this.steps = Math.min(STEPS_MAX, Math.max(0, due));
  }

  /** Writes the matrices of a row's joints among the others at `at`. */
  swing(row: number, matrices: Float32Array, at: number): void {
    const from = row * this.length;
    if (this.modes[row] === FRESH) {
      resetSprings(this.springs, matrices, at, this.states, from);
      this.modes[row] = ON;
    }
    swingSprings(this.springs, matrices, at, this.states, from, this.steps);
  }

  grow(capacity: number): void {
    const { modes, states } = this;
    this.modes = new Uint8Array(capacity);
    this.modes.set(modes);
    this.states = new Float32Array(capacity * this.length);
    this.states.set(states);
  }
}

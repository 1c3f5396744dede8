import { MATRIX } from './rigRow';
import type { RigColliders, RigSprings } from './rigSprings';
import { solveBone } from './solveRig';

/** Time a step of the swing stands for: VRM's springs lose speed by step, so that all machines have to take the same. */
export const SPRING_STEP_S = 1 / 60;
/** Numbers kept a joint: its far end now, and a step ago; in the space of its center. */
export const SPRING_STATE = 6;

const NEARLY_ZERO = 1e-9;

/** Module scratch, so that no number passes between functions, where V8 would box it. World space. */
const joint = new Float64Array(3);
const axis = new Float64Array(3);
const tail = new Float64Array(3);
const other = new Float64Array(3);
const push = new Float64Array(3);
const turn = new Float32Array(4);

/** Lets every joint hang as at rest from what it hangs from, without speed. The matrices at `at` must be so, too. */
export function resetSprings(
  springs: RigSprings,
  out: Float32Array,
  at: number,
  state: Float32Array,
  from: number,
): void {
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
 * Moves the joints by `steps` steps of {@link SPRING_STEP_S} and writes their matrices, 3x4 row by row, among the others
 * of the row at `at`; with 0 steps they only follow what they hang from. Verlet integration as the VRM specification
 * (VRMC_springBone 1.0) has it: inertia, stiffness, gravity, length, colliders. Allocates nothing.
 */
export function swingSprings(
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
      turnVector(out, parent, springs.axes, i * 3, axis);
      readTail(springs, i, out, at, state, from + i * SPRING_STATE, steps > 0);
      if (steps > 0) pull(springs, i);
      keepLength(springs, i);
      if (steps > 0) {
        collide(springs, i);
        remember(springs, i, out, at, state, from + i * SPRING_STATE);
      }
      aim(springs, i, out, parent, at + springs.entries[i]! * MATRIX);
    }
  }
}

/** `tail`: where the far end is, with its speed where it moves. */
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
  for (let k = 0; k < 3; k += 1) tail[k] = state[from + k]! + (state[from + k]! - state[from + 3 + k]!) * kept;
  if (springs.centers[i]! < 0) return;
  const center = at + springs.centers[i]! * MATRIX;
  other.set(tail);
  for (let k = 0; k < 3; k += 1) {
    const row = center + k * 4;
    tail[k] = out[row]! * other[0]! + out[row + 1]! * other[1]! + out[row + 2]! * other[2]! + out[row + 3]!;
  }
}

function pull(springs: RigSprings, i: number): void {
  const stiffness = springs.stiffness[i]!;
  for (let k = 0; k < 3; k += 1) tail[k]! += (axis[k]! * stiffness + springs.gravity[i * 3 + k]!) * SPRING_STEP_S;
}

function keepLength(springs: RigSprings, i: number): void {
  let lengthSq = 0;
  for (let k = 0; k < 3; k += 1) {
    other[k] = tail[k]! - joint[k]!;
    lengthSq += other[k]! * other[k]!;
  }
  const isHere = lengthSq < NEARLY_ZERO * NEARLY_ZERO;
  const scale = isHere ? springs.lengths[i]! : springs.lengths[i]! / Math.sqrt(lengthSq);
  for (let k = 0; k < 3; k += 1) tail[k] = joint[k]! + (isHere ? axis[k]! : other[k]!) * scale;
}

/** Once a row: colliders are on the body, which doesn't move between its joints' steps. */
function placeColliders({ entries, ends, worldEnds }: RigColliders, out: Float32Array, at: number): void {
  for (let c = 0; c < entries.length; c += 1) {
    placePoint(out, at + entries[c]! * MATRIX, ends, c * 6, worldEnds, c * 6);
    placePoint(out, at + entries[c]! * MATRIX, ends, c * 6 + 3, worldEnds, c * 6 + 3);
  }
}

function collide(springs: RigSprings, i: number): void {
  for (let t = springs.touchedFrom[i]!; t < springs.touchedFrom[i + 1]!; t += 1) {
    if (pushOut(springs, i, springs.touched[t]!)) keepLength(springs, i);
  }
}

/** Moves the far end out of a collider; true where it was in. */
function pushOut({ colliders, hitRadii }: RigSprings, i: number, c: number): boolean {
  for (let k = 0; k < 3; k += 1) {
    other[k] = colliders.worldEnds[c * 6 + k]!;
    push[k] = colliders.worldEnds[c * 6 + 3 + k]!;
  }
  nearestOnCapsule();
  const reach = hitRadii[i]! + colliders.radii[c]!;
  const distanceSq = push[0]! * push[0]! + push[1]! * push[1]! + push[2]! * push[2]!;
  if (distanceSq >= reach * reach || distanceSq < NEARLY_ZERO * NEARLY_ZERO) return false;
  const distance = Math.sqrt(distanceSq);
  for (let k = 0; k < 3; k += 1) tail[k]! += (push[k]! / distance) * (reach - distance);
  return true;
}

/** From the capsule with the ends `other` and `push` to `tail`, into `push`. */
function nearestOnCapsule(): void {
  let along = 0;
  let lengthSq = 0;
  for (let k = 0; k < 3; k += 1) {
    push[k]! -= other[k]!;
    along += push[k]! * (tail[k]! - other[k]!);
    lengthSq += push[k]! * push[k]!;
  }
  const share = along <= 0 ? 0 : along >= lengthSq ? 1 : along / lengthSq;
  for (let k = 0; k < 3; k += 1) push[k] = tail[k]! - other[k]! - push[k]! * share;
}

function remember(
  springs: RigSprings,
  i: number,
  out: Float32Array,
  at: number,
  state: Float32Array,
  from: number,
): void {
  other.set(tail);
  toCenter(springs, i, out, at);
  for (let k = 0; k < 3; k += 1) {
    state[from + 3 + k] = state[from + k]!;
    state[from + k] = tail[k]!;
  }
  tail.set(other);
}

/** Takes `tail` into the space of the joint's center. */
function toCenter(springs: RigSprings, i: number, out: Float32Array, at: number): void {
  if (springs.centers[i]! < 0) return;
  const m = at + springs.centers[i]! * MATRIX;
  for (let k = 0; k < 3; k += 1) push[k] = tail[k]! - out[m + k * 4 + 3]!;
  for (let k = 0; k < 3; k += 1)
    tail[k] = out[m + k]! * push[0]! + out[m + 4 + k]! * push[1]! + out[m + 8 + k]! * push[2]!;
}

/** Turns the joint from its rest towards `tail`: the shortest way, as between unit vectors. */
function aim(springs: RigSprings, i: number, out: Float32Array, parent: number, to: number): void {
  for (let k = 0; k < 3; k += 1) push[k] = tail[k]! - joint[k]!;
  for (let k = 0; k < 3; k += 1) {
    other[k] =
      (out[parent + k]! * push[0]! + out[parent + 4 + k]! * push[1]! + out[parent + 8 + k]! * push[2]!) /
      springs.lengths[i]!;
  }
  const a = i * 3;
  const { axes } = springs;
  writeShortestTurn(axes[a]!, axes[a + 1]!, axes[a + 2]!);
  solveBone(out, parent, to, turn, 0, springs.pivots, a);
}

/** The rotation from the unit vector `x y z` to the one in `other`, into `turn`. */
function writeShortestTurn(x: number, y: number, z: number): void {
  const w = 1 + x * other[0]! + y * other[1]! + z * other[2]!;
  if (w < 1e-6) {
    // Straight back: any axis across will do.
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
  const scale = 1 / Math.sqrt(turn[0] ** 2 + turn[1] ** 2 + turn[2] ** 2 + turn[3] ** 2);
  for (let k = 0; k < 4; k += 1) turn[k]! *= scale;
}

function placePoint(m: Float32Array, at: number, points: Float32Array, p: number, out: Float64Array, to = 0): void {
  for (let k = 0; k < 3; k += 1) {
    const row = at + k * 4;
    out[to + k] = m[row]! * points[p]! + m[row + 1]! * points[p + 1]! + m[row + 2]! * points[p + 2]! + m[row + 3]!;
  }
}

function turnVector(m: Float32Array, at: number, vectors: Float32Array, v: number, out: Float64Array): void {
  for (let k = 0; k < 3; k += 1) {
    const row = at + k * 4;
    out[k] = m[row]! * vectors[v]! + m[row + 1]! * vectors[v + 1]! + m[row + 2]! * vectors[v + 2]!;
  }
}

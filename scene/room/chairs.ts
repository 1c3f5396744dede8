import { InstancedMesh, Matrix4, Quaternion, Vector3 } from 'three';
import { createChairGeometry } from './chairGeometry';
import type { CreateMaterial } from './createMaterial';
import type { SeatTransform } from './seatLayout';

/** How far a free chair is pushed under the table, metres. */
const TUCK = 0.2;
/** Time for a chair to be drawn out or pushed in. */
const MOVE_MS = 700;

const UP = new Vector3(0, 1, 0);
const UNIT = new Vector3(1, 1, 1);
const turn = new Quaternion();
const place = new Vector3();
const matrix = new Matrix4();

/** All chairs in one draw. Free ones, and those of standing people, are tucked under the table. */
export class Chairs {
  readonly mesh: InstancedMesh;
  private readonly taken: Float32Array;
  private readonly goals: Float32Array;

  constructor(
    private readonly seats: readonly Pick<SeatTransform, 'x' | 'z' | 'yawRad'>[],
    createMaterial: CreateMaterial,
  ) {
    const material = createMaterial({ vertexColors: true });
    this.mesh = new InstancedMesh(createChairGeometry(), material, seats.length);
    this.mesh.castShadow = true;
    this.mesh.receiveShadow = true;
    this.mesh.frustumCulled = false;
    this.taken = new Float32Array(seats.length);
    this.goals = new Float32Array(seats.length);
    for (let seat = 0; seat < seats.length; seat += 1) this.place(seat);
  }

  /** Says how much `seat` is sat on: 0 free, 1 taken. */
  setTaken(seat: number, taken: number): void {
    if (seat < this.goals.length) this.goals[seat] = taken;
  }

  /** Says that all are free until told otherwise. */
  clearTaken(): void {
    this.goals.fill(0);
  }

  /** Moves the chairs on; true where one moved. */
  update(deltaMs: number): boolean {
    let moved = false;
    for (let seat = 0; seat < this.seats.length; seat += 1) {
      const before = this.taken[seat]!;
      const step = deltaMs / MOVE_MS;
      const gap = this.goals[seat]! - before;
      this.taken[seat] = before + Math.max(-step, Math.min(step, gap));
      if (this.taken[seat] === before) continue;
      this.place(seat);
      moved = true;
    }
    return moved;
  }

  /** Puts every chair where it belongs at once. */
  settle(): void {
    this.update(MOVE_MS);
  }

  private place(seat: number): void {
    const { x, z, yawRad } = this.seats[seat]!;
    const t = this.taken[seat]!;
    const tuck = TUCK * (1 - t * t * (3 - 2 * t));
    place.set(x + Math.sin(yawRad) * tuck, 0, z + Math.cos(yawRad) * tuck);
    this.mesh.setMatrixAt(seat, matrix.compose(place, turn.setFromAxisAngle(UP, yawRad), UNIT));
    this.mesh.instanceMatrix.needsUpdate = true;
  }
}

import { type BufferGeometry, CylinderGeometry, InstancedMesh, Matrix4, Quaternion, Vector3 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { approach, smooth } from '@/lib/core/easing';
import type { CreateMaterial } from '../build/material';
import { falloff, mergeable, paint } from '../build/paint';
import { pillow } from '../build/solids';
import { SEAT_HEIGHT } from '../plan/roomSize';
import type { SeatTransform } from '../plan/seatLayout';

const FELT = 0xcbbfae;
const FELT_BACK = 0xc3b6a3;
const WOOD = 0x7a5b43;
const WIDTH = 0.5;
const DEPTH = 0.48;
const CUSHION_HEIGHT = 0.1;
const BACK_HEIGHT = 0.38;
/** Height of the middle of the back, metres. */
const BACK_MIDDLE = SEAT_HEIGHT + 0.2;

function cushion(): BufferGeometry {
  const geometry = pillow(WIDTH, CUSHION_HEIGHT, DEPTH, [7, 3, 7]).translate(0, SEAT_HEIGHT - CUSHION_HEIGHT / 2, 0);
  return paint(mergeable(geometry), FELT, (_, y, z) => falloff(y - 0.22, 0.1, 0.4) * falloff(z + 0.2, 0.16, 0.22));
}

/** Bends the back around the sitter and leans it backwards. */
function bendBack(geometry: BufferGeometry): BufferGeometry {
  const { position } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const [x, y] = [position!.getX(i), position!.getY(i)];
    position!.setZ(i, position!.getZ(i) + 1.7 * x * x - 0.14 * (y + BACK_HEIGHT / 2));
  }
  geometry.computeVertexNormals();
  return geometry;
}

function back(): BufferGeometry {
  const geometry = bendBack(pillow(WIDTH + 0.02, BACK_HEIGHT, 0.065, [10, 5, 1]));
  geometry.translate(0, BACK_MIDDLE, -DEPTH / 2 - 0.005);
  return paint(mergeable(geometry), FELT_BACK, (_, y) => falloff(y - SEAT_HEIGHT, 0.18, 0.35));
}

function leg(side: number, end: number): BufferGeometry {
  const height = SEAT_HEIGHT - CUSHION_HEIGHT + 0.02;
  const geometry = new CylinderGeometry(0.02, 0.013, height, 7, 1);
  geometry.rotateX(end * -0.16).rotateZ(side * 0.16);
  geometry.translate(side * 0.19, height / 2, end * 0.17);
  return paint(mergeable(geometry), WOOD, (_, y) => falloff(height - y, 0.12, 0.45));
}

/** One chair: cushion, wrapped back, four splayed legs. Middle of the seat above the origin, looks along +Z. */
function createChairGeometry(): BufferGeometry {
  const legs = [leg(-1, -1), leg(-1, 1), leg(1, -1), leg(1, 1)];
  return mergeGeometries([cushion(), back(), ...legs]);
}

/** How far a free chair is pushed under the table, metres. */
const TUCK = 0.2;
/** Time to draw a chair out or push it in. */
const MOVE_MS = 700;

const UP = new Vector3(0, 1, 0);
const UNIT = new Vector3(1, 1, 1);
const turn = new Quaternion();
const place = new Vector3();
const matrix = new Matrix4();

/** All chairs in one draw. Free ones, and those of standing people, are tucked under the table. */
export class Chairs {
  readonly root: InstancedMesh;
  private readonly taken: Float32Array;
  private readonly goals: Float32Array;
  private isFresh = true;

  constructor(
    private readonly seats: readonly Pick<SeatTransform, 'x' | 'z' | 'yawRad'>[],
    createMaterial: CreateMaterial,
  ) {
    const material = createMaterial({ vertexColors: true });
    this.root = new InstancedMesh(createChairGeometry(), material, seats.length);
    this.root.castShadow = true;
    this.root.receiveShadow = true;
    this.root.frustumCulled = false;
    this.taken = new Float32Array(seats.length);
    this.goals = new Float32Array(seats.length);
    for (let seat = 0; seat < seats.length; seat += 1) this.place(seat);
  }

  /** How much `seat` is taken: 0 free, 1 sat on. */
  setTaken(seat: number, taken: number): void {
    if (seat < this.goals.length) this.goals[seat] = taken;
  }

  /** Marks all chairs as free. */
  clearTaken(): void {
    this.goals.fill(0);
  }

  /** Moves the chairs; at once if `isStill`, and the first time. */
  update(deltaMs: number, isStill: boolean): void {
    const step = isStill || this.isFresh ? 1 : deltaMs / MOVE_MS;
    this.isFresh = false;
    for (let seat = 0; seat < this.seats.length; seat += 1) {
      const before = this.taken[seat]!;
      this.taken[seat] = approach(before, this.goals[seat]!, step);
      if (this.taken[seat] !== before) this.place(seat);
    }
  }

  private place(seat: number): void {
    const { x, z, yawRad } = this.seats[seat]!;
    const tuck = TUCK * (1 - smooth(this.taken[seat]!));
    place.set(x + Math.sin(yawRad) * tuck, 0, z + Math.cos(yawRad) * tuck);
    this.root.setMatrixAt(seat, matrix.compose(place, turn.setFromAxisAngle(UP, yawRad), UNIT));
    this.root.instanceMatrix.needsUpdate = true;
  }
}

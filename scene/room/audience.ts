import { Color, DynamicDrawUsage, Euler, Group, InstancedMesh, Matrix4, Quaternion, Vector3 } from 'three';
import { smooth } from '@/lib/core/easing';
import { createSitterGeometry, createSitterHeadGeometry, NECK_Y } from './audienceGeometry';
import type { CreateMaterial } from './createMaterial';
import { type GallerySeat, gallerySeats } from './gallery';

/** Muted, as they sit in the shade: those at the table are the picture. */
const CLOTHES = [0x7d4a3a, 0x56624f, 0x44505f, 0x94754a, 0x5d4a5c, 0xa8977d, 0x3d4648, 0x84604f] as const;
const SKINS = [0xc69a7b, 0xab7a58, 0x7a4e35, 0xcfaa8c, 0x523526, 0x9b6a4a] as const;

/** Time in which somebody who comes grows into their place, and who goes is gone. */
const APPEAR_MS = 600;
/** Nobody needs sixty frames a second of breathing. */
const UPDATE_EVERY_MS = 45;
/** They look along -X, and turn their heads at most so far from there, radians. */
const AHEAD = -Math.PI / 2;
const TURN_MAX = 0.75;
/** How slowly heads turn to whoever speaks, milliseconds. */
const TURN_MS = 900;

const turn = new Quaternion();
const euler = new Euler();
const place = new Vector3();
const size = new Vector3();
const matrix = new Matrix4();

/** A number in 0..1 that belongs to figure `i`; another for each `salt`. */
function own(i: number, salt: number): number {
  const n = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453;
  return n - Math.floor(n);
}

/** Those who watch, on the benches of the gallery: two draws for all, none while nobody watches. */
export class Audience {
  readonly root = new Group();
  private readonly seats: readonly GallerySeat[] = gallerySeats();
  private readonly bodies: InstancedMesh;
  private readonly heads: InstancedMesh;
  /** How far each is there, 0 to 1, and how far their head is turned, radians. */
  private readonly shown = new Float32Array(this.seats.length);
  private readonly turned = new Float32Array(this.seats.length);
  private watching = 0;
  private most = this.seats.length;
  private waitedMs = 0;
  private readonly focus = { x: 0, z: 0 };

  constructor(createMaterial: CreateMaterial) {
    const material = createMaterial({ vertexColors: true });
    const { length } = this.seats;
    this.bodies = new InstancedMesh(createSitterGeometry(), material, length);
    this.heads = new InstancedMesh(createSitterHeadGeometry(), material, length);
    for (const mesh of [this.bodies, this.heads]) {
      mesh.instanceMatrix.setUsage(DynamicDrawUsage);
      mesh.frustumCulled = false;
      mesh.count = 0;
    }
    this.dress();
    this.root.add(this.bodies, this.heads);
  }

  /** How many watch; where there are more than places, all places are taken. */
  setWatching(count: number): void {
    this.watching = count;
  }

  /** Draws at most so many. */
  setMost(count: number): void {
    this.most = Math.min(count, this.seats.length);
  }

  /** Lets heads turn to a point of the floor. */
  lookAt(x: number, z: number): void {
    this.focus.x = x;
    this.focus.z = z;
  }

  /** How many are drawn now. */
  get drawn(): number {
    return this.bodies.count;
  }

  /** Moves everybody on; `isStill`: they come, go and turn at once, and don't breathe. */
  update(nowMs: number, deltaMs: number, isStill: boolean): void {
    const goal = Math.min(this.watching, this.most);
    this.waitedMs += deltaMs;
    const isIdle = goal === 0 && this.bodies.count === 0;
    if (isIdle || (this.waitedMs < UPDATE_EVERY_MS && !isStill)) return;
    const lifeMs = isStill ? 0 : nowMs;
    let last = 0;
    for (let i = 0; i < this.seats.length; i += 1) {
      this.ease(i, i < goal ? 1 : 0, isStill);
      if (this.shown[i] === 0) continue;
      last = i + 1;
      this.placeFigure(i, lifeMs);
    }
    this.waitedMs = 0;
    this.bodies.count = last;
    this.heads.count = last;
    this.bodies.instanceMatrix.needsUpdate = true;
    this.heads.instanceMatrix.needsUpdate = true;
  }

  private ease(i: number, goal: number, isStill: boolean): void {
    const step = isStill ? 1 : this.waitedMs / APPEAR_MS;
    const gap = goal - this.shown[i]!;
    this.shown[i] = this.shown[i]! + Math.max(-step, Math.min(step, gap));
    const { x, z } = this.seats[i]!;
    const wanted = Math.atan2(this.focus.x - x, this.focus.z - z) - AHEAD;
    const limited = Math.max(-TURN_MAX, Math.min(TURN_MAX, wanted));
    const share = isStill ? 1 : 1 - Math.exp(-this.waitedMs / (TURN_MS * (0.7 + 0.9 * own(i, 4))));
    this.turned[i] = this.turned[i]! + (limited - this.turned[i]!) * share;
  }

  private placeFigure(i: number, lifeMs: number): void {
    const { x, y, z } = this.seats[i]!;
    const phase = own(i, 1) * Math.PI * 2;
    const breath = Math.sin(lifeMs / (1500 + 500 * own(i, 2)) + phase);
    const sway = Math.sin(lifeMs / (2900 + 1400 * own(i, 3)) + phase * 3);
    const tall = (0.92 + 0.14 * own(i, 5)) * smooth(this.shown[i]!);
    const lean = -0.04 + 0.12 * own(i, 6) + 0.008 * breath;
    turn.setFromEuler(euler.set(lean, AHEAD + 0.3 * this.turned[i]! + 0.02 * sway, 0.022 * sway, 'YXZ'));
    place.set(x, y, z);
    this.bodies.setMatrixAt(i, matrix.compose(place, turn, size.setScalar(tall)));
    place.set(0, NECK_Y * tall, 0).applyQuaternion(turn);
    place.x += x;
    place.y += y + 0.004 * breath;
    place.z += z;
    turn.setFromEuler(euler.set(0.05 + 0.03 * sway, AHEAD + this.turned[i]! + 0.06 * sway, 0.03 * breath, 'YXZ'));
    this.heads.setMatrixAt(i, matrix.compose(place, turn, size));
  }

  private dress(): void {
    const color = new Color();
    for (let i = 0; i < this.seats.length; i += 1) {
      this.bodies.setColorAt(i, color.set(CLOTHES[Math.floor(own(i, 7) * CLOTHES.length)]!));
      this.heads.setColorAt(i, color.set(SKINS[Math.floor(own(i, 8) * SKINS.length)]!));
    }
  }
}

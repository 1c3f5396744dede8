import {
  type BufferGeometry,
  CapsuleGeometry,
  Color,
  CylinderGeometry,
  DynamicDrawUsage,
  Euler,
  Group,
  InstancedMesh,
  Matrix4,
  Quaternion,
  SphereGeometry,
  Vector3,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { approach, smooth } from '@/lib/core/easing';
import type { CreateMaterial } from '../build/material';
import { mergeable, paint } from '../build/paint';
import { pillow } from '../build/solids';
import { type GallerySeat, gallerySeats } from './gallery';

/** Colours are tints: an instance's own colour is multiplied with them. */
const CLOTH = 0xffffff;
const TROUSERS = 0x6f6c72;
const SHOES = 0x3a3838;
const SKIN = 0xffffff;
const HAIR = 0x45362f;

/** Height of the neck above the bench, about which the head turns, metres. */
const NECK_Y = 0.5;

/** A limb from the origin along +Y, round at its far end. */
function limb(length: number, thick: number): BufferGeometry {
  return new CapsuleGeometry(thick, length, 1, 5, 1).translate(0, length / 2, 0);
}

/** Broad shoulders that fall softly, over a narrower waist. */
function torso(): BufferGeometry {
  const body = pillow(0.4, 0.56, 0.25, [4, 4, 2], 2.6).translate(0, 0.24, 0);
  const { position } = body.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const up = position!.getY(i) / 0.5;
    position!.setX(i, position!.getX(i) * (0.9 + 0.16 * up));
    position!.setZ(i, position!.getZ(i) * (1.08 - 0.18 * up) - 0.02 * (1 - up));
  }
  body.computeVertexNormals();
  return paint(mergeable(body), CLOTH, (_, y) => 0.7 + 0.55 * Math.min(0.55, Math.max(0, y)));
}

function leg(side: number): BufferGeometry[] {
  const thigh = limb(0.3, 0.082)
    .rotateX(Math.PI / 2)
    .translate(side * 0.1, 0.06, 0.04);
  const shin = limb(0.32, 0.062).translate(side * 0.105, -0.3, 0.36);
  const shoe = pillow(0.1, 0.08, 0.22, [1, 1, 2], 3).translate(side * 0.105, -0.32, 0.41);
  return [paint(mergeable(thigh), TROUSERS), paint(mergeable(shin), TROUSERS), paint(mergeable(shoe), SHOES)];
}

/** An arm that hangs from the shoulder and rests on the lap. */
function arm(side: number): BufferGeometry[] {
  const upper = limb(0.24, 0.058)
    .rotateX(Math.PI + 0.2)
    .rotateZ(side * 0.14)
    .translate(side * 0.185, 0.42, 0);
  const fore = limb(0.2, 0.05)
    .rotateX(Math.PI / 2 - 0.12)
    .rotateY(-side * 0.62)
    .translate(side * 0.215, 0.18, 0.03);
  return [paint(mergeable(upper), CLOTH, (_, y) => 0.76 + 0.4 * y), paint(mergeable(fore), CLOTH, () => 0.9)];
}

/** Body of a sitting spectator: middle of the bench at the origin, faces +Z. */
function createSitterGeometry(): BufferGeometry {
  return mergeGeometries([torso(), ...leg(-1), ...leg(1), ...arm(-1), ...arm(1)]);
}

/** Head, neck and hair around the neck's joint, facing +Z. As large as the avatars' heads. */
function createSitterHeadGeometry(): BufferGeometry {
  const neck = new CylinderGeometry(0.055, 0.065, 0.12, 7, 1, true).translate(0, 0.01, 0);
  const head = new SphereGeometry(0.17, 10, 7).scale(0.95, 1.02, 0.97).translate(0, 0.2, 0.015);
  const hair = new SphereGeometry(0.19, 10, 4, 0, Math.PI * 2, 0, Math.PI * 0.53)
    .scale(1, 1.02, 1)
    .rotateX(-0.6)
    .translate(0, 0.203, -0.008);
  return mergeGeometries([
    paint(mergeable(neck), SKIN, () => 0.72),
    paint(mergeable(head), SKIN, (_, y) => Math.min(1, 0.78 + y * 0.8)),
    paint(mergeable(hair), HAIR, (_, y) => 0.75 + y * 0.8),
  ]);
}

/** Muted: spectators sit in the shade, the people at the table are the picture. */
const CLOTHES = [0x7d4a3a, 0x56624f, 0x44505f, 0x94754a, 0x5d4a5c, 0xa8977d, 0x3d4648, 0x84604f] as const;
const SKINS = [0xc69a7b, 0xab7a58, 0x7a4e35, 0xcfaa8c, 0x523526, 0x9b6a4a] as const;

/** Time in which a spectator who comes grows into their place, and one who leaves shrinks. */
const APPEAR_MS = 600;
/** Breathing does not need sixty frames a second. */
const UPDATE_EVERY_MS = 45;
/** Spectators face -X and turn their heads at most this far from there, radians. */
const AHEAD = -Math.PI / 2;
const TURN_MAX = 0.75;
/** How slowly heads turn to a speaker. */
const TURN_MS = 900;

const turn = new Quaternion();
const euler = new Euler();
const place = new Vector3();
const size = new Vector3();
const matrix = new Matrix4();

/** A number in 0..1 of figure `i`'s own, another for each `salt`. */
function own(i: number, salt: number): number {
  const n = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453;
  return n - Math.floor(n);
}

/** The spectators on the benches of the gallery: two draws for all, none without spectators. */
export class Audience {
  readonly root = new Group();
  private readonly seats: readonly GallerySeat[] = gallerySeats();
  private readonly bodies: InstancedMesh;
  private readonly heads: InstancedMesh;
  /** How far each has appeared, 0 to 1, and how far their head is turned, radians. */
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

  /** Number of spectators; if there are more than places, all places are taken. */
  setWatching(count: number): void {
    this.watching = count;
  }

  /** Draws at most this many. */
  setMost(count: number): void {
    this.most = Math.min(count, this.seats.length);
  }

  /** Heads turn to a point of the floor. */
  lookAt(x: number, z: number): void {
    this.focus.x = x;
    this.focus.z = z;
  }

  /** Number of spectators drawn now. */
  get drawn(): number {
    return this.bodies.count;
  }

  /** Moves the spectators; `isStill`: they come, leave and turn at once, and do not breathe. */
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
    this.shown[i] = approach(this.shown[i]!, goal, step);
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

import {
  type BufferGeometry,
  CircleGeometry,
  CylinderGeometry,
  Group,
  LatheGeometry,
  Mesh,
  MeshBasicMaterial,
  Vector2,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { approach, smooth } from '@/lib/core/easing';
import type { CreateMaterial } from '../build/material';
import { falloff, mergeable, paint, placed } from '../build/paint';
import type { Arrangement } from '../plan/arrangement';
import { ROOM } from '../plan/roomSize';
import type { Mood } from './moods';

const PERSIMMON = 0xe3714a;
const INK = 0x2f3338;

/** A lamp's place over the floor, metres. */
interface LampPlace {
  readonly x: number;
  readonly z: number;
}

/** Lamps over a horseshoe's arms hang this far from its axis, metres: none in front of the faces at its end. */
const ARC_LAMP_Z = 1.05;

/** Where lamps hang in an arrangement: along a table's middle, over a horseshoe's arms. */
export function lampPlaces({ name, line: { halfStraight } }: Arrangement): readonly LampPlace[] {
  if (name === 'arc') return [-ARC_LAMP_Z, ARC_LAMP_Z].map((z) => ({ x: 0, z }));
  const reach = halfStraight * 0.95;
  return (halfStraight > 0.8 ? [-reach, 0, reach] : [0]).map((x) => ({ x, z: 0 }));
}

/** Height of a lamp's lower rim, metres: above the line from a seated camera to the top of the room's screen. */
export const LAMP_Y = 2.62;

/** The lamp that hangs at a place. */
function createLamp({ x, z }: LampPlace): BufferGeometry[] {
  const profile = [
    [0.24, 0],
    [0.235, 0.05],
    [0.2, 0.12],
    [0.13, 0.17],
    [0.03, 0.19],
    [0.02, 0.24],
  ].map(([r, y]) => new Vector2(r, y));
  const shade = paint(mergeable(new LatheGeometry(profile, 32)), PERSIMMON, (_, y) => falloff(0.24 - y, 0.3, 0.15));
  const length = ROOM.height - LAMP_Y - 0.2;
  const cord = new CylinderGeometry(0.006, 0.006, length, 6, 1, true).translate(0, 0.2 + length / 2, 0);
  return [placed(shade, x, LAMP_Y, z), placed(paint(mergeable(cord), INK), x, LAMP_Y, z)];
}

/** The glowing undersides of the lamps. */
function createLampGlow(places: readonly LampPlace[]): BufferGeometry {
  const discs = places.map(({ x, z }) =>
    new CircleGeometry(0.23, 32).rotateX(Math.PI / 2).translate(x, LAMP_Y + 0.006, z),
  );
  return mergeGeometries(discs);
}

/** Above this height the camera has lamps in its way, metres. */
const IN_THE_WAY_Y = LAMP_Y - 0.3;
/** How far lamps are drawn up to hide above the ceiling, metres. */
const DRAWN_UP = ROOM.height - LAMP_Y + 0.05;
const DRAW_MS = 900;

/** The lamps over the people; drawn up through the ceiling while the camera is as high as they hang. */
export class HangingLamps {
  readonly root = new Group();
  private readonly glow: Mesh<ReturnType<typeof createLampGlow>, MeshBasicMaterial>;
  private up = 0;

  constructor(arrangement: Arrangement, createMaterial: CreateMaterial) {
    const places = lampPlaces(arrangement);
    this.glow = new Mesh(createLampGlow(places), new MeshBasicMaterial());
    const shades = new Mesh(mergeGeometries(places.flatMap(createLamp)), createMaterial({ vertexColors: true }));
    this.root.add(shades, this.glow);
  }

  setMood(mood: Mood): void {
    this.glow.material.color.copy(mood.lamp).multiplyScalar(mood.lampIntensity);
  }

  /** Moves them on for a camera at `cameraY`; `isStill`: at once. */
  update(cameraY: number, deltaMs: number, isStill: boolean): void {
    const goal = cameraY > IN_THE_WAY_Y ? 1 : 0;
    if (this.up === goal) return;
    const step = isStill ? 1 : deltaMs / DRAW_MS;
    this.up = approach(this.up, goal, step);
    this.root.position.y = smooth(this.up) * DRAWN_UP;
    this.root.visible = this.up < 1;
    this.root.updateMatrix();
    this.root.updateMatrixWorld(true);
  }
}

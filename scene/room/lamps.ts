import { type BufferGeometry, CircleGeometry, CylinderGeometry, LatheGeometry, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { Arrangement } from './arrangement';
import { falloff, mergeable, paint } from './paint';
import { ROOM } from './roomSize';
import { placed } from './walls';

const PERSIMMON = 0xe3714a;
const INK = 0x2f3338;

/** A lamp's place over the floor, metres. */
export interface LampPlace {
  readonly x: number;
  readonly z: number;
}

/** Over a horseshoe's arms lamps hang this far from its axis, metres: none before the faces at its end. */
const ARC_LAMP_Z = 1.05;

/** Where lamps hang in an arrangement: along a table's middle, over a horseshoe's arms. */
export function lampPlaces({ name, line: { halfStraight } }: Arrangement): readonly LampPlace[] {
  if (name === 'arc') return [-ARC_LAMP_Z, ARC_LAMP_Z].map((z) => ({ x: 0, z }));
  const reach = halfStraight * 0.95;
  return (halfStraight > 0.8 ? [-reach, 0, reach] : [0]).map((x) => ({ x, z: 0 }));
}

/** Height of a lamp's lower rim, metres: over the line from a seated camera to the top of the room's screen. */
export const LAMP_Y = 2.62;

/** The lamp that hangs at a place. */
export function createLamp({ x, z }: LampPlace): BufferGeometry[] {
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
export function createLampGlow(places: readonly LampPlace[]): BufferGeometry {
  const discs = places.map(({ x, z }) =>
    new CircleGeometry(0.23, 32).rotateX(Math.PI / 2).translate(x, LAMP_Y + 0.006, z),
  );
  return mergeGeometries(discs);
}

import { type BufferGeometry, CapsuleGeometry, CylinderGeometry, SphereGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { mergeable, paint } from './paint';
import { pillow } from './pillow';

/** Colours are tints: an instance's own colour is multiplied with them. */
const CLOTH = 0xffffff;
const TROUSERS = 0x6f6c72;
const SHOES = 0x3a3838;
const SKIN = 0xffffff;
const HAIR = 0x45362f;

/** Height of the neck over the bench: the head turns about it, metres. */
export const NECK_Y = 0.5;

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

/** Clothes of somebody who sits: middle of the bench at the origin, looks along +Z. */
export function createSitterGeometry(): BufferGeometry {
  return mergeGeometries([torso(), ...leg(-1), ...leg(1), ...arm(-1), ...arm(1)]);
}

/** Head, neck and hair around the neck's joint, looks along +Z. As large as the avatars' heads are. */
export function createSitterHeadGeometry(): BufferGeometry {
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

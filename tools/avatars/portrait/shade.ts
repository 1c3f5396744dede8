import { clamp } from '../sdf/scalar';
import type { Vec3 } from '../sdf/sdf';
import { dot, normalize } from '../sdf/vec';

const KEY = { from: normalize([0.55, 0.75, 0.8]), light: [1, 0.94, 0.86] } as const;
const RIM = { from: normalize([-0.8, 0.35, -0.55]), light: [0.3, 0.32, 0.36] } as const;
const SKY: Vec3 = [0.6, 0.58, 0.56];
const GROUND: Vec3 = [0.34, 0.29, 0.26];
/** Light goes softly round forms, as through skin: 0 hard, 1 all the way. */
const WRAP = 0.3;

/** Linear light leaving a matte surface of linear `colour`: key, rim and a hemisphere of sky and ground. */
export function shade(colour: Vec3, normal: Vec3): Vec3 {
  const key = clamp((dot(normal, KEY.from) + WRAP) / (1 + WRAP)) * 0.62;
  const rim = clamp(dot(normal, RIM.from));
  const up = normal[1] * 0.5 + 0.5;
  const lit = (axis: 0 | 1 | 2) =>
    colour[axis] * (key * KEY.light[axis] + rim * RIM.light[axis] + GROUND[axis] + (SKY[axis] - GROUND[axis]) * up);
  return [lit(0), lit(1), lit(2)];
}

/** An sRGB byte as linear light 0..1 (IEC 61966-2-1). */
export function toLinear(byte: number): number {
  const s = byte / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
}

/** Linear light as an sRGB byte. */
export function toSrgb(linear: number): number {
  const l = clamp(linear);
  return Math.round(255 * (l <= 0.0031308 ? l * 12.92 : 1.055 * l ** (1 / 2.4) - 0.055));
}

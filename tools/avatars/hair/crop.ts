import type { HeadShape } from '../head/headShape';
import { union } from '../sdf/combine';
import { ellipsoid } from '../sdf/primitives';
import { bell, mix, smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import type { Hair } from './hairShape';

/** Radians of curl per metre. */
const CURL = 165;
const CURL_DEPTH = 0.0024;

const hairline: Sdf = (x, y, z) => {
  const corner = 0.016 * bell((Math.abs(x) - 0.11) ** 2, 0.03);
  const forehead = Math.min(z - mix(0.015, 0.075, smoothstep(0.14, 0.28, y)), 0.298 - 0.9 * x * x - corner - y);
  const sideburn = Math.min(0.142 - y, z + 0.042);
  return Math.max(forehead, sideburn, nape(y, z));
};

const curls: Sdf = (x, y, z) =>
  CURL_DEPTH * Math.sin(x * CURL) * Math.sin(y * CURL + 1) * Math.sin(z * CURL + 2) * smoothstep(0.2, 0.3, y);

/** Tight curls, full on top and faded towards the neck. */
export function crop(head: HeadShape): Hair {
  const faded: Sdf = (x, y, z) => head.base(x, y, z) - mix(0.0045, 0.013, smoothstep(0.12, 0.26, y));
  const smooth = union(0.045, faded, ellipsoid([0, 0.285, -0.02], [0.158, 0.13, 0.158]));
  const full: Sdf = (x, y, z) => smooth(x, y, z) + curls(x, y, z);
  const cap = taperedCap(head, full, hairline);
  return {
    shape: cap,
    triangles: 3000,
    cellSize: 0.0054,
  };
}

import type { HairStyle } from '../avatarSpec';
import type { HeadShape } from '../head/headShape';
import type { Part, Tint } from '../part';
import { raise } from '../sdf/combine';
import { mix, smoothstep } from '../sdf/scalar';
import { bounds, type Vec3 } from '../sdf/sdf';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { rigidHead } from '../weights/bodyWeights';
import { bob } from './bob';
import { bun } from './bun';
import { crop } from './crop';
import { curls } from './curls';
import type { Hair } from './hairShape';
import { hijabParts } from './hijab';
import { ponytail } from './ponytail';
import { ring } from './ring';
import { swept } from './swept';

const STYLES: Readonly<Record<Exclude<HairStyle, 'hijab'>, (head: HeadShape) => Hair>> = {
  bob,
  swept,
  bun,
  crop,
  ponytail,
  ring,
  curls,
};

/** Hair is darker low and inside, lighter towards the crown, with a soft band of sheen. */
function sheen([, y]: Vec3): Tint {
  const height = y - HEAD_HEIGHT;
  const band = 0.13 * Math.exp(-(((height - 0.315) / 0.03) ** 2));
  const k = Math.min(1, mix(0.75, 0.88, smoothstep(0.02, 0.38, height)) + band);
  return [k, k, k];
}

/** The hair of a style, and its tie where it has one; or what covers it. */
export function hairParts(style: HairStyle, head: HeadShape): Part[] {
  if (style === 'hijab') return hijabParts(head);
  const hair = STYLES[style](head);
  const box = bounds([-0.235, HEAD_HEIGHT - 0.03, -0.34], [0.235, HEAD_HEIGHT + 0.51, 0.225]);
  const shared = { bounds: box, weights: rigidHead };
  const parts: Part[] = [
    {
      ...shared,
      name: 'hair',
      shape: raise(hair.shape, HEAD_HEIGHT),
      cellSize: hair.cellSize,
      triangles: hair.triangles,
      slot: 'hair',
      tint: sheen,
      darkest: 0.5,
    },
  ];
  if (hair.tie)
    parts.push({
      ...shared,
      name: 'tie',
      shape: raise(hair.tie, HEAD_HEIGHT),
      cellSize: 0.006,
      triangles: 420,
      slot: 'accent',
    });
  return parts;
}

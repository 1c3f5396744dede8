import type { FaceSpec } from '../avatarSpec';
import type { Part, Tint } from '../part';
import { raise } from '../sdf/combine';
import { bell, clamp, smoothstep } from '../sdf/scalar';
import { bounds, type Vec3 } from '../sdf/sdf';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { headWeights } from '../weights/bodyWeights';
import type { HeadShape } from './headShape';

/** How far the blush takes green and blue away. */
const BLUSH_DEPTH = 0.3;

function blushAt([x, y, z]: Vec3, strength: number): number {
  const height = y - HEAD_HEIGHT;
  const cheek =
    bell(((Math.abs(x) - 0.086) / 0.03) ** 2 + ((height - 0.113) / 0.023) ** 2, 1) * smoothstep(0.02, 0.08, z);
  const nose = bell(x * x + (height - 0.136) ** 2, 0.018) * smoothstep(0.12, 0.15, z) * 0.5;
  return clamp((cheek + nose) * strength);
}

/** The head's skin. */
export function headPart(head: HeadShape, face: FaceSpec): Part {
  const tint = (p: Vec3): Tint => {
    const left = 1 - BLUSH_DEPTH * blushAt(p, face.blush);
    return [1, left, left];
  };
  return {
    name: 'head',
    shape: raise(head.skin, HEAD_HEIGHT),
    litAs: raise(head.smooth, HEAD_HEIGHT),
    bounds: bounds([-0.2, HEAD_HEIGHT - 0.13, -0.2], [0.2, HEAD_HEIGHT + 0.4, 0.2]),
    cellSize: 0.0082,
    triangles: 2300,
    slot: 'skin',
    weights: headWeights,
    tint,
    darkest: 0.7,
    isUnder: true,
  };
}

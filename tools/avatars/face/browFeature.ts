import type { FaceSpec } from '../avatarSpec';
import { EYE_BED } from '../head/headShape';
import { mix, smoothstep } from '../sdf/scalar';
import { type FaceWeights, type Side, sign, weightOf } from './faceWeights';
import type { Feature, Put } from './feature';
import { evenColumns, type FeatureDetail, gridTriangles } from './sheets';

/** Height of the brow above the eye's middle (m). */
const RISE = 0.064;
const ROWS = [
  { across: -1, layer: 0.0003, lean: -0.55 },
  { across: 0, layer: 0.0036, lean: 0 },
  { across: 1, layer: 0.0003, lean: 0.55 },
] as const;

function browHeight(t: number, weights: FaceWeights, side: Side): number {
  const down = weightOf(weights, `browDown${side}`);
  const innerUp = weightOf(weights, 'browInnerUp');
  const outerUp = weightOf(weights, `browOuterUp${side}`);
  const arc = 0.0085 * Math.sin(Math.PI * (0.18 + 0.72 * t)) - 0.006 * t * t - 0.002;
  const inner = (1 - t) ** 2 * (innerUp * 0.016 - down * 0.017);
  return RISE + arc + inner + t * (outerUp * 0.012 - down * 0.004) + innerUp * 0.004 - down * 0.003;
}

/** The brow of one side. */
export function browFeature(side: Side, face: FaceSpec, { columns }: FeatureDetail): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    for (const { across, layer, lean } of ROWS)
      for (const t of evenColumns(columns)) {
        const x = mix(-0.032, 0.037, t) - weightOf(weights, `browDown${side}`) * 0.004 * (1 - t);
        const thickness =
          face.browThickness * mix(0.6, 1, smoothstep(0, 0.25, t)) * (1 - 0.72 * smoothstep(0.45, 1, t));
        const y = EYE_BED.y + browHeight(t, weights, side) + across * thickness;
        put(sign(side) * (EYE_BED.x + x), y, layer, lean);
      }
  };
  return { name: `brow${side}`, slot: 'brow', triangles: gridTriangles(2, columns, side === 'Right'), place };
}

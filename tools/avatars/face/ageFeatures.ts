import type { FaceSpec } from '../avatarSpec';
import { EYE_BED, MOUTH_BED } from '../head/headShape';
import type { Tint } from '../part';
import { mix } from '../sdf/scalar';
import { type FaceWeights, type Side, sign, weightOf } from './faceWeights';
import type { Feature, Put } from './feature';
import { evenColumns, type FeatureDetail, gridTriangles } from './sheets';

/** Half width (m) of a line at its fullest, for an age of 1. */
const HALF_WIDTH = 0.0012;
const TINT: Tint = [0.7, 0.56, 0.53];

/** A place on the face, head space (m). */
type Point = readonly [x: number, y: number];

/** A line that thins out at both ends, along `path` (0..1). */
function line(
  name: string,
  face: FaceSpec,
  columns: number,
  flip: boolean,
  path: (t: number, weights: FaceWeights) => Point,
): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    for (const across of [-1, 1])
      for (const t of evenColumns(columns)) {
        const [x, y] = path(t, weights);
        const half = HALF_WIDTH * face.age * Math.sin(Math.PI * mix(0.04, 0.96, t));
        put(x, y + across * half, 0.0012);
      }
  };
  return { name, slot: 'skin', triangles: gridTriangles(1, columns, flip), lastLevel: 0, place, tint: () => TINT };
}

function ofSide(side: Side, face: FaceSpec, columns: number): Feature[] {
  const s = sign(side);
  const flip = side === 'Right';
  const fold = (t: number, w: FaceWeights): Point => {
    const smile = weightOf(w, `mouthSmile${side}`);
    const bow = 0.006 * Math.sin(Math.PI * t);
    return [s * (mix(0.03, 0.057 + 0.006 * smile, t) + bow), MOUTH_BED.y + mix(0.04, 0.004 + 0.004 * smile, t)];
  };
  const underEye = (t: number): Point => [
    s * (EYE_BED.x + mix(-0.022, 0.024, t)),
    EYE_BED.y - 0.0405 * face.eyeHeight - 0.006 * Math.sin(Math.PI * t),
  ];
  return [line(`fold${side}`, face, columns, flip, fold), line(`underEye${side}`, face, columns, flip, underEye)];
}

/** Folds beside the mouth, lines under the eyes and on the forehead; none on a young face. */
export function ageFeatures(face: FaceSpec, { columns }: FeatureDetail): Feature[] {
  if (face.age === 0) return [];
  const forehead = [0.252, 0.271].map((height, i) =>
    line(`forehead${i}`, face, columns, false, (t, w) => [
      mix(-0.055, 0.055, t) * (1 - 0.18 * i),
      height + 0.004 * Math.sin(Math.PI * t) + 0.005 * weightOf(w, 'browInnerUp'),
    ]),
  );
  return [...ofSide('Left', face, columns), ...ofSide('Right', face, columns), ...forehead];
}

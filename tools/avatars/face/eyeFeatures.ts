import type { FaceSpec } from '../avatarSpecs';
import type { Tint } from '../part';
import { mix, smoothstep } from '../sdf/maths';
import { type FaceWeights, type Side, sign } from './faceWeights';
import { cosineColumns, discTriangles, type Feature, type FeatureDetail, gridTriangles, type Put } from './feature';
import { eyeShape } from './lidsAndBrows';

const WHITE_ROWS = 4;
const IRIS_RINGS = 2;
/** Share of its width or height that an iris loses at the end of its reach, as on a ball. */
const FORESHORTENING = 0.16;
/** Reach of the iris (m). */
const IRIS_REACH = 0.0115;
/** Irises are a little taller than wide. */
const IRIS_TALL = 1.14;
/** Rest position of the iris relative to the eye's middle: eyes look slightly inwards, at a person nearby. */
const IRIS_REST = { x: -0.002, y: 0.0014 } as const;

function grey(k: number): Tint {
  return [k, k, k];
}

/** The upper lid's shadow on the white. */
function whiteTint(height: number): Tint {
  return grey(mix(1, 0.66, smoothstep(0.5, 1, height)));
}

/** Irises are lit from above through the lens: dark at the top, bright below. */
function irisTint(height: number): Tint {
  return grey(mix(1, 0.36, smoothstep(0.1, 0.9, height)));
}

interface Disc {
  readonly name: string;
  readonly slot: Feature['slot'];
  readonly radius: number;
  /** Offset from the iris's middle: x towards the avatar's left, y up (m). */
  readonly offset: readonly [number, number];
  readonly layer: number;
  readonly rings: number;
  readonly tall: number;
  readonly tint?: Feature['tint'];
  readonly lastLevel?: number;
}

function discs(iris: number): Disc[] {
  return [
    {
      name: 'iris',
      slot: 'iris',
      radius: iris,
      offset: [0, 0],
      layer: 0.0006,
      rings: IRIS_RINGS,
      tall: IRIS_TALL,
      tint: irisTint,
    },
    {
      name: 'pupil',
      slot: 'pupil',
      radius: iris * 0.54,
      offset: [0, 0.0006],
      layer: 0.0012,
      rings: 1,
      tall: IRIS_TALL,
    },
    {
      name: 'keyLight',
      slot: 'white',
      radius: iris * 0.31,
      offset: [0.0095, 0.0125],
      layer: 0.0018,
      rings: 1,
      tall: 1,
    },
    {
      name: 'fillLight',
      slot: 'white',
      radius: iris * 0.15,
      offset: [-0.0085, -0.013],
      layer: 0.0018,
      rings: 1,
      tall: 1,
      lastLevel: 1,
    },
  ];
}

function discFeature(disc: Disc, side: Side, face: FaceSpec, spokes: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const eye = eyeShape(weights, side, face);
    const narrow = 1 - FORESHORTENING * (Math.abs(eye.gaze[0]) / IRIS_REACH);
    const flat = 1 - FORESHORTENING * (Math.abs(eye.gaze[1]) / IRIS_REACH);
    const cx = eye.gaze[0] + IRIS_REST.x + disc.offset[0] * sign(side) * narrow;
    const cy = eye.gaze[1] + IRIS_REST.y + disc.offset[1] * flat;
    put(...eye.toHead(...eye.inside(cx, cy)), disc.layer);
    for (let ring = 1; ring <= disc.rings; ring++)
      for (let spoke = 0; spoke < spokes; spoke++) {
        const turn = (2 * Math.PI * spoke) / spokes;
        const radius = (disc.radius * ring) / disc.rings;
        const local = eye.inside(
          cx + Math.sin(turn) * radius * narrow,
          cy + Math.cos(turn) * radius * disc.tall * flat,
        );
        put(...eye.toHead(...local), disc.layer);
      }
  };
  const triangles = discTriangles(disc.rings, spokes, side === 'Right');
  const { name, slot, tint, lastLevel } = disc;
  return {
    name: name + side,
    slot,
    triangles,
    place,
    ...(tint && { tint }),
    ...(lastLevel !== undefined && { lastLevel }),
  };
}

function whiteFeature(side: Side, face: FaceSpec, columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const eye = eyeShape(weights, side, face);
    for (let row = 0; row <= WHITE_ROWS; row++)
      for (const u of cosineColumns(columns)) {
        const y = mix(eye.lower(u), eye.upper(u), row / WHITE_ROWS);
        put(...eye.toHead(u * eye.halfWidth, y), 0);
      }
  };
  return {
    name: `white${side}`,
    slot: 'sclera',
    triangles: gridTriangles(WHITE_ROWS, columns, side === 'Right', true),
    place,
    tint: whiteTint,
  };
}

/** The eyeball of one side: white, iris, pupil and two highlights, all kept between the lids. */
export function eyeFeatures(side: Side, face: FaceSpec, detail: FeatureDetail): Feature[] {
  return [
    whiteFeature(side, face, detail.columns),
    ...discs(face.irisRadius).map((disc) => discFeature(disc, side, face, detail.spokes)),
  ];
}

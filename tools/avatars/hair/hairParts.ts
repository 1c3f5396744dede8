import type { HairStyle } from '../avatarSpecs';
import type { HeadShape } from '../head/headParts';
import type { Part, Tint } from '../part';
import { mix, smoothMax, smoothstep } from '../sdf/maths';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { ellipsoid, grow, intersect, limb, raise, subtractShape, union } from '../sdf/shapes';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { bodyWeights, headWeights, rigidHead } from '../weights/bodyWeights';
import type { BoneShares } from '../weights/boneWeights';
import type { Hair } from './hairShape';
import { bob, bun, ponytail } from './longHair';
import { crop, curls, ring, swept } from './shortHair';

/** Middle and half sizes (m) of the oval around the face. */
const OVAL = { y: 0.162, width: 0.119, height: 0.137 } as const;
/** The hem: how far (m) outside the oval and off the skin its middle runs, and its radius. */
const HEM = { outside: 0.006, lift: 0.0115, radius: 0.0072 } as const;
const BAND_THICKNESS = 0.0065;
/** How far (m) the band reaches under the scarf. */
const BAND_UNDER_SCARF = 0.016;
/** Folds a radian from the front to the back of the head. */
const FOLDS = 2.6;

function ovalDistance(x: number, y: number): number {
  const wide = OVAL.width * mix(0.86, 1, smoothstep(0.04, 0.14, y));
  return Math.hypot(x / wide, (y - OVAL.y) / OVAL.height);
}

/** The front of the oval; `margin` (m) enlarges it. */
function faceOpening(margin: number): Sdf {
  return (x, y, z) => smoothMax((ovalDistance(x, y) - 1) * OVAL.width - margin, 0.012 - z, 0.03);
}

/** Folds run round the face and gather under the chin. */
function folds(x: number, y: number, z: number): number {
  const aside = Math.hypot(x / OVAL.width, (y - OVAL.y - 0.25 * z) / OVAL.height);
  const turn = Math.atan2(aside, z / 0.13 + 0.3);
  const depth = mix(0.0016, mix(0.0034, 0.0014, smoothstep(0.1, 0.3, y)), smoothstep(-0.1, -0.02, y));
  const shown = smoothstep(0.7, 1.1, turn) * smoothstep(2.5, 1.4, turn);
  return depth * Math.sin((turn * FOLDS + 0.35 * Math.sin(x * 13 + y * 5)) * Math.PI * 2) * shown;
}

/** The rolled hem of the scarf around the face: it meets forehead and band at a clear edge. */
function hem(head: HeadShape): Sdf {
  return (x, y, z) => {
    const beside = (ovalDistance(x, y) - 1) * OVAL.width - HEM.outside;
    const roll = Math.hypot(beside, head.base(x, y, z) - HEM.lift) - HEM.radius;
    return smoothMax(roll, 0.02 - z, 0.03);
  };
}

/** Soft folds of cloth gathered about the throat: rings that sag in front. */
function drape(x: number, y: number, z: number): number {
  const sag = y + 0.16 * Math.max(0, z) - 0.35 * x * x;
  return 0.0042 * Math.sin(sag * 105 + x * 9) * smoothstep(0.035, -0.01, y) * smoothstep(-0.16, -0.1, y);
}

function scarfShape(head: HeadShape): Sdf {
  const cover = union(
    0.05,
    grow(head.base, 0.015),
    ellipsoid([0, 0.242, -0.036], [0.168, 0.145, 0.172]),
    ellipsoid([0, 0.12, -0.055], [0.138, 0.12, 0.122]),
    ellipsoid([0, 0.085, 0.012], [0.146, 0.118, 0.122]),
  );
  const throat = union(
    0.05,
    limb([0, -0.1, -0.01], [0, 0.045, 0.008], 0.082, 0.1),
    ellipsoid([0, -0.05, 0.014], [0.152, 0.05, 0.1]),
    ellipsoid([0.03, -0.11, 0.05], [0.098, 0.075, 0.064]),
    ellipsoid([0, -0.08, -0.06], [0.138, 0.06, 0.066]),
  );
  const shape = union(0.05, cover, throat);
  return (x, y, z) => shape(x, y, z) + folds(x, y, z) + drape(x, y, z);
}

/** The head moves what covers it, the shoulders what lies on them. */
function scarfWeights(p: Vec3): BoneShares {
  const onNeck = smoothstep(1.085, 1.15, p[1]);
  const shares: BoneShares = {};
  for (const [bone, share] of Object.entries(headWeights(p))) shares[bone] = share * onNeck;
  for (const [bone, share] of Object.entries(bodyWeights(p))) shares[bone] = (shares[bone] ?? 0) + share * (1 - onNeck);
  return shares;
}

/** A scarf wound about head and neck, over a plain band at the forehead. */
function hijabParts(head: HeadShape): Part[] {
  const scarf = union(0.01, subtractShape(scarfShape(head), faceOpening(0.002), 0.016), hem(head));
  const ahead: Sdf = (_x, y, z) => Math.max(0.03 - z, 0.07 - y);
  // Towards the cheeks the band slips under the scarf.
  const inner: Sdf = (x, y, z) => faceOpening(0.006 - 0.022 * smoothstep(0.15, 0.24, y))(x, y, z);
  // The rest is covered by the scarf.
  const seen: Sdf = (x, y, z) => Math.max(ahead(x, y, z), faceOpening(BAND_UNDER_SCARF)(x, y, z));
  const band = intersect(subtractShape(grow(head.base, BAND_THICKNESS), inner, 0.003), seen, 0.006);
  return [
    {
      name: 'scarf',
      shape: raise(scarf, HEAD_HEIGHT),
      bounds: bounds([-0.21, HEAD_HEIGHT - 0.22, -0.25], [0.21, HEAD_HEIGHT + 0.43, 0.2]),
      cellSize: 0.0058,
      triangles: 3700,
      slot: 'accent',
      weights: scarfWeights,
      darkest: 0.55,
    },
    {
      name: 'band',
      shape: raise(band, HEAD_HEIGHT),
      litAs: raise(grow(head.base, BAND_THICKNESS), HEAD_HEIGHT),
      bounds: bounds([-0.19, HEAD_HEIGHT + 0.1, -0.05], [0.19, HEAD_HEIGHT + 0.42, 0.19]),
      cellSize: 0.0042,
      triangles: 760,
      slot: 'trim',
      weights: rigidHead,
      darkest: 0.8,
    },
  ];
}

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

/** The hair of a style with its tie, or the scarf that covers it. */
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

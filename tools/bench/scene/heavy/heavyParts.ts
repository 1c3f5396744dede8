import type { HeavySkeleton } from './heavySkeleton';

type Triple = readonly [number, number, number];

/** One primitive: an ellipsoid of a grid, skinned to the nearest of `bones`. */
export interface HeavyPart {
  readonly mesh: 'Face' | 'Body' | 'Hair';
  readonly name: string;
  readonly center: Triple;
  /** Metres along x, y and z. */
  readonly radii: Triple;
  readonly bones: readonly number[];
  /** Quads around and from pole to pole. */
  readonly grid: readonly [number, number];
  readonly outlined: boolean;
}

const FACE_GRID = [24, 23] as const;
const BODY_GRID = [45, 40] as const;
const HAIR_GRID = [50, 45] as const;

const FACE_PARTS = ['skin', 'mouth', 'white', 'iris', 'highlight', 'brow', 'eyeline'] as const;
const HAIR_SHIFTS: readonly Triple[] = [
  [0, 0.02, -0.03],
  [0.06, -0.05, 0],
  [-0.06, -0.05, 0],
  [0, -0.06, -0.05],
];

function faceParts(bonesOf: (pattern: RegExp) => number[]): HeavyPart[] {
  return FACE_PARTS.map((name, i) => ({
    mesh: 'Face',
    name,
    center: [0, 1.33, 0.01 + i * 0.001],
    radii: [0.12 - i * 0.01, 0.14 - i * 0.01, 0.11],
    bones: bonesOf(/^(head|neck|jaw|leftEye|rightEye)$/),
    grid: FACE_GRID,
    outlined: name === 'skin',
  }));
}

function bodyParts(bonesOf: (pattern: RegExp) => number[]): HeavyPart[] {
  const part = (name: string, center: Triple, radii: Triple, pattern: RegExp, outlined: boolean): HeavyPart => ({
    mesh: 'Body',
    name,
    center,
    radii,
    bones: bonesOf(pattern),
    grid: BODY_GRID,
    outlined,
  });
  const arms = /(Shoulder|Arm|Hand|Thumb|Index|Middle|Ring|Little)/;
  return [
    part('torso', [0, 0.95, 0], [0.15, 0.24, 0.1], /^(hips|spine|chest|upperChest|neck)$/, true),
    part('arms', [0, 1.098, 0], [0.66, 0.05, 0.05], arms, true),
    part('legs', [0, 0.4, 0], [0.16, 0.4, 0.1], /(Leg|Foot|Toes)/, true),
    part('skirt', [0, 0.62, 0], [0.22, 0.2, 0.2], /^(hips|skirt)/, false),
  ];
}

function hairParts(bonesOf: (pattern: RegExp) => number[]): HeavyPart[] {
  return HAIR_SHIFTS.map(([x, y, z], i) => ({
    mesh: 'Hair',
    name: `hair${i}`,
    center: [x, 1.38 + y, z],
    radii: [0.14, 0.19, 0.14],
    bones: bonesOf(/^(head$|hair)/),
    grid: HAIR_GRID,
    outlined: true,
  }));
}

/** The 15 primitives: seven of the face, four of body and clothes, four of hair; eight have an outline. */
export function heavyParts({ bones }: HeavySkeleton): HeavyPart[] {
  const bonesOf = (pattern: RegExp) => bones.flatMap(({ name }, index) => (pattern.test(name) ? [index] : []));
  return [...faceParts(bonesOf), ...bodyParts(bonesOf), ...hairParts(bonesOf)];
}

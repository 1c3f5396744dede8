import { REST_JOINTS, restAt } from '@/tools/avatars/skeleton/restSkeleton';

type Point = readonly [number, number, number];

/** A bone of the heavy avatar: first the humanoid's, then those of springs and constraints. */
export interface HeavyBone {
  readonly name: string;
  /** Index of the parent, -1 for the hips. */
  readonly parent: number;
  /** Rest position, metres, root space; rest rotations are identity. */
  readonly at: Point;
}

/** A chain of swinging bones, from the fixed one to the tip. */
export type SpringChain = readonly number[];

export interface HeavySkeleton {
  readonly bones: readonly HeavyBone[];
  readonly hair: readonly SpringChain[];
  readonly skirt: readonly SpringChain[];
  /** Pairs of a twist bone and the bone whose roll it copies. */
  readonly twists: readonly (readonly [number, number])[];
}

const HAIR = { chains: 12, bones: 5, radius: 0.11, height: 1.42, step: 0.07 } as const;
const SKIRT = { chains: 10, bones: 4, radius: 0.13, height: 0.74, step: 0.09 } as const;
const TWISTED = ['leftUpperArm', 'leftLowerArm', 'rightUpperArm', 'rightLowerArm', 'leftUpperLeg', 'rightUpperLeg'];

function humanoidBones(): HeavyBone[] {
  const indices = new Map(REST_JOINTS.map(({ name }, index) => [name, index]));
  return REST_JOINTS.map(({ name, parent, at }) => ({ name, parent: indices.get(parent ?? '') ?? -1, at }));
}

function boneNamed(bones: readonly HeavyBone[], name: string): number {
  return bones.findIndex((bone) => bone.name === name);
}

/** Adds chains in a ring around `parent`. */
function addRing(bones: HeavyBone[], name: string, parent: number, ring: typeof HAIR | typeof SKIRT): SpringChain[] {
  return Array.from({ length: ring.chains }, (_, chain) => {
    const angle = (2 * Math.PI * chain) / ring.chains;
    const [x, , z] = bones[parent]!.at;
    return Array.from({ length: ring.bones }, (_, link) => {
      const at = [x + ring.radius * Math.sin(angle), ring.height - link * ring.step, z + ring.radius * Math.cos(angle)];
      const above = link === 0 ? parent : bones.length - 1;
      return bones.push({ name: `${name}${chain}_${link}`, parent: above, at: at as unknown as Point }) - 1;
    });
  });
}

function addTwists(bones: HeavyBone[]): (readonly [number, number])[] {
  return TWISTED.map((name) => {
    const source = boneNamed(bones, name);
    return [bones.push({ name: `${name}Twist`, parent: source, at: restAt(name) }) - 1, source] as const;
  });
}

/** The bones of a rich VRoid avatar: 55 of the humanoid, 100 in springs, 6 twists. */
export function heavySkeleton(): HeavySkeleton {
  const bones = humanoidBones();
  const hair = addRing(bones, 'hair', boneNamed(bones, 'head'), HAIR);
  const skirt = addRing(bones, 'skirt', boneNamed(bones, 'hips'), SKIRT);
  return { bones, hair, skirt, twists: addTwists(bones) };
}

type Triple = readonly [number, number, number];

/** One primitive: an ellipsoid as a grid, skinned to the nearest of `bones`. */
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

/** The arrays of a primitive, as in glTF. */
export interface HeavyGeometry {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  readonly joints: Uint16Array;
  readonly weights: Float32Array;
  readonly triangles: Uint16Array;
}

const JOINTS_A_VERTEX = 4;
/** Added to distances before inverting them, metres. */
const CLOSE = 0.01;

/** Writes the four nearest of the part's bones and their weights, which sum to 1. */
function skinVertex(part: HeavyPart, bones: readonly HeavyBone[], vertex: number, out: HeavyGeometry): void {
  const [x, y, z] = out.positions.subarray(vertex * 3, vertex * 3 + 3);
  const nearest = part.bones
    .map((bone) => {
      const { at } = bones[bone]!;
      return { bone, pull: 1 / (CLOSE + Math.hypot(at[0] - x!, at[1] - y!, at[2] - z!)) ** 2 };
    })
    .sort((a, b) => b.pull - a.pull)
    .slice(0, JOINTS_A_VERTEX);
  const sum = nearest.reduce((total, { pull }) => total + pull, 0);
  nearest.forEach(({ bone, pull }, k) => {
    out.joints[vertex * JOINTS_A_VERTEX + k] = bone;
    out.weights[vertex * JOINTS_A_VERTEX + k] = pull / sum;
  });
}

function trianglesOf(around: number, rows: number): Uint16Array {
  const quads = Array.from({ length: around * rows }, (_, quad) => {
    const a = Math.floor(quad / around) * (around + 1) + (quad % around);
    const b = a + around + 1;
    return [a, b, a + 1, b, b + 1, a + 1];
  });
  return Uint16Array.from(quads.flat());
}

/** The part's ellipsoid as a skinned grid. */
export function heavyGeometry(part: HeavyPart, bones: readonly HeavyBone[]): HeavyGeometry {
  const [around, rows] = part.grid;
  const count = (around + 1) * (rows + 1);
  const out: HeavyGeometry = {
    positions: new Float32Array(count * 3),
    normals: new Float32Array(count * 3),
    uvs: new Float32Array(count * 2),
    joints: new Uint16Array(count * JOINTS_A_VERTEX),
    weights: new Float32Array(count * JOINTS_A_VERTEX),
    triangles: trianglesOf(around, rows),
  };
  for (let vertex = 0; vertex < count; vertex += 1) {
    const u = (vertex % (around + 1)) / around;
    const v = Math.floor(vertex / (around + 1)) / rows;
    const ring = Math.sin(Math.PI * v);
    const normal = [ring * Math.sin(2 * Math.PI * u), Math.cos(Math.PI * v), ring * Math.cos(2 * Math.PI * u)];
    out.normals.set(normal, vertex * 3);
    out.positions.set(
      normal.map((value, axis) => part.center[axis]! + value * part.radii[axis]!),
      vertex * 3,
    );
    out.uvs.set([u, v], vertex * 2);
    skinVertex(part, bones, vertex, out);
  }
  return out;
}

/** Face shape `shape` of `shapes`: pushes a band of the part outwards by a centimetre. */
export function heavyMorph({ positions, normals }: HeavyGeometry, shape: number, shapes: number): Float32Array {
  const deltas = new Float32Array(positions.length);
  const from = (shape / shapes) * 0.8;
  const count = positions.length / 3;
  for (let vertex = Math.floor(count * from); vertex < count * (from + 0.2); vertex += 1) {
    for (let axis = 0; axis < 3; axis += 1) deltas[vertex * 3 + axis] = normals[vertex * 3 + axis]! * 0.01;
  }
  return deltas;
}

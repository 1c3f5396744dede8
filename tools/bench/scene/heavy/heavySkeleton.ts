import { REST_JOINTS, restAt } from '@/tools/avatars/skeleton/restSkeleton';

type Point = readonly [number, number, number];

/** A bone of the heavy avatar: the humanoid's, then those that only springs and constraints move. */
export interface HeavyBone {
  readonly name: string;
  /** Index of the parent, -1 for the hips. */
  readonly parent: number;
  /** Rest place, metres, root space; rest rotations are identity. */
  readonly at: Point;
}

/** Bones that hang from each other and swing, from the one that is fixed to the tip. */
export type SpringChain = readonly number[];

export interface HeavySkeleton {
  readonly bones: readonly HeavyBone[];
  readonly hair: readonly SpringChain[];
  readonly skirt: readonly SpringChain[];
  /** Pairs: a bone that is turned, and the one whose roll it copies. */
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

/** Adds chains that hang in a ring around `parent`. */
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

/** The bones of a well-equipped VRoid avatar: 55 of the humanoid, 100 in springs, 6 twists. */
export function heavySkeleton(): HeavySkeleton {
  const bones = humanoidBones();
  const hair = addRing(bones, 'hair', boneNamed(bones, 'head'), HAIR);
  const skirt = addRing(bones, 'skirt', boneNamed(bones, 'hips'), SKIRT);
  return { bones, hair, skirt, twists: addTwists(bones) };
}

import type { BoneName } from '@/lib/pose/bones';
import { type BvhClip, BvhError, type BvhJoint } from './bvhClip';

/** Joints of one side of the body, without the side. */
interface SideNames {
  readonly upperArm: string;
  readonly lowerArm: string;
  readonly hand: string;
  readonly upperLeg: string;
  readonly lowerLeg: string;
  readonly foot: string;
}

/** How one family of BVH files names its joints: plain names (see `plainName`), with `%` for the side. */
interface NamingFamily {
  readonly label: string;
  readonly hips: string;
  readonly head: string;
  readonly left: string;
  readonly right: string;
  readonly side: SideNames;
  /** Names of a finger's joints from the palm outwards, where `#` is 1, 2, 3; thumb to little. */
  readonly fingers: readonly [string, string, string, string, string];
}

const HAND_FINGERS = ['%handthumb#', '%handindex#', '%handmiddle#', '%handring#', '%handpinky#'] as const;

/**
 * The known families, in this order: the DAZ names of cgspeed.com's CMU releases; Mixamo's, which the classic CMU conversion
 * (asf/amc) and MotionBuilder share; those of the MotionBuilder-friendly CMU release (LeftCollar, LeftShoulder, LeftElbow);
 * and VRM's and Unity's own.
 */
const NAMING_FAMILIES: readonly NamingFamily[] = [
  {
    label: 'DAZ (hip, abdomen, lShldr)',
    hips: 'hip',
    head: 'head',
    left: 'l',
    right: 'r',
    side: {
      upperArm: '%shldr',
      lowerArm: '%forearm',
      hand: '%hand',
      upperLeg: '%thigh',
      lowerLeg: '%shin',
      foot: '%foot',
    },
    fingers: ['%thumb#', '%index#', '%mid#', '%ring#', '%pinky#'],
  },
  {
    label: 'Mixamo and classic CMU (Hips, LeftArm, LeftUpLeg)',
    hips: 'hips',
    head: 'head',
    left: 'left',
    right: 'right',
    side: {
      upperArm: '%arm',
      lowerArm: '%forearm',
      hand: '%hand',
      upperLeg: '%upleg',
      lowerLeg: '%leg',
      foot: '%foot',
    },
    fingers: HAND_FINGERS,
  },
  {
    label: 'Poser and MotionBuilder (Hips, LeftShoulder, LeftHip)',
    hips: 'hips',
    head: 'head',
    left: 'left',
    right: 'right',
    side: {
      upperArm: '%shoulder',
      lowerArm: '%elbow',
      hand: '%wrist',
      upperLeg: '%hip',
      lowerLeg: '%knee',
      foot: '%ankle',
    },
    fingers: HAND_FINGERS,
  },
  {
    label: 'humanoid (Hips, LeftUpperArm, LeftUpperLeg)',
    hips: 'hips',
    head: 'head',
    left: 'left',
    right: 'right',
    side: {
      upperArm: '%upperarm',
      lowerArm: '%lowerarm',
      hand: '%hand',
      upperLeg: '%upperleg',
      lowerLeg: '%lowerleg',
      foot: '%foot',
    },
    fingers: HAND_FINGERS,
  },
];

/** A joint's name in the form used above: lower case, without a prefix such as `mixamorig:` and without separators. */
function plainName(name: string): string {
  const local = name.slice(name.lastIndexOf(':') + 1).toLowerCase();
  return local.replaceAll(/[^a-z0-9]/g, '').replace(/^mixamorig\d*/, '');
}

/** The joint of a clip that moves each bone. The hips, the head and both arms and legs are always present. */
export type SkeletonMap = ReadonlyMap<BoneName, number>;

type Side = 'left' | 'right';
const SIDES: readonly Side[] = ['left', 'right'];

const LIMB_BONES: ReadonlyArray<readonly [part: keyof SideNames, bone: string]> = [
  ['upperArm', 'UpperArm'],
  ['lowerArm', 'LowerArm'],
  ['hand', 'Hand'],
  ['upperLeg', 'UpperLeg'],
  ['lowerLeg', 'LowerLeg'],
  ['foot', 'Foot'],
];

const FINGERS = ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const;
const THUMB_JOINTS = ['Metacarpal', 'Proximal', 'Distal'] as const;
const FINGER_JOINTS = ['Proximal', 'Intermediate', 'Distal'] as const;

/** A hand counts as animated from this many fingers on; a thumb alone would leave the others stiff. */
const FINGERS_MIN = 4;

function jointsByName(joints: readonly BvhJoint[]): Map<string, number> {
  const byName = new Map<string, number>();
  joints.forEach((joint, index) => {
    const name = plainName(joint.name);
    if (!byName.has(name)) byName.set(name, index);
  });
  return byName;
}

function requiredNames(family: NamingFamily): Array<readonly [BoneName, string]> {
  const limbs = SIDES.flatMap((side) =>
    LIMB_BONES.map(
      ([part, bone]) => [`${side}${bone}` as BoneName, family.side[part].replace('%', family[side])] as const,
    ),
  );
  return [['hips', family.hips], ['head', family.head], ...limbs];
}

function matchesOf(family: NamingFamily, byName: ReadonlyMap<string, number>): number {
  return requiredNames(family).filter(([, name]) => byName.has(name)).length;
}

function bestFamily(byName: ReadonlyMap<string, number>): NamingFamily {
  return NAMING_FAMILIES.reduce((best, next) => (matchesOf(next, byName) > matchesOf(best, byName) ? next : best));
}

/** Joints from below `ancestor` down to `joint` itself; empty if `joint` does not hang from `ancestor`. */
function pathBelow(joints: readonly BvhJoint[], ancestor: number, joint: number): number[] {
  const path: number[] = [];
  for (let at = joint; at !== ancestor; at = joints[at]!.parent) {
    if (at < 0) return [];
    path.unshift(at);
  }
  return path;
}

function requireChain(clip: BvhClip, map: Map<BoneName, number>, chain: readonly BoneName[]): void {
  for (let k = 1; k < chain.length; k += 1) {
    const parent = clip.joints[map.get(chain[k - 1]!)!]!;
    const child = clip.joints[map.get(chain[k]!)!]!;
    if (pathBelow(clip.joints, map.get(chain[k - 1]!)!, map.get(chain[k]!)!).length > 0) continue;
    throw new BvhError('skeleton', child.line, `joint "${child.name}" should hang below joint "${parent.name}".`);
  }
}

function mapRequired(clip: BvhClip, family: NamingFamily, byName: ReadonlyMap<string, number>): Map<BoneName, number> {
  const map = new Map<BoneName, number>();
  for (const [bone, name] of requiredNames(family)) {
    const joint = byName.get(name);
    if (joint === undefined) {
      const detail = `no joint "${name}" for the ${bone} in this skeleton; taken as ${family.label}.`;
      throw new BvhError('skeleton', clip.joints[0]!.line, detail);
    }
    map.set(bone, joint);
  }
  requireChain(clip, map, ['hips', 'head']);
  for (const side of SIDES) {
    requireChain(clip, map, ['hips', `${side}UpperArm`, `${side}LowerArm`, `${side}Hand`]);
    requireChain(clip, map, ['hips', `${side}UpperLeg`, `${side}LowerLeg`, `${side}Foot`]);
  }
  return map;
}

/** Maps the torso by its shape, as families differ in their number of spine joints: first, middle and last of the chain. */
function mapTorso(clip: BvhClip, map: Map<BoneName, number>): void {
  const spineAndNeck = pathBelow(clip.joints, map.get('hips')!, map.get('head')!);
  const toArm = new Set(pathBelow(clip.joints, map.get('hips')!, map.get('leftUpperArm')!));
  const torso = spineAndNeck.filter((joint) => toArm.has(joint));
  const neck = spineAndNeck.filter((joint) => !toArm.has(joint) && joint !== map.get('head'));
  if (torso.length > 1) map.set('spine', torso[0]!);
  if (torso.length > 2) map.set('upperChest', torso.at(-1)!);
  const chest = torso.length > 2 ? torso[Math.floor((torso.length - 1) / 2)] : torso.at(-1);
  if (chest !== undefined) map.set('chest', chest);
  if (neck.length > 0) map.set('neck', neck[0]!);
  for (const side of SIDES) {
    const arm = map.get(`${side}UpperArm`)!;
    const clavicle = pathBelow(clip.joints, torso.at(-1) ?? map.get('hips')!, arm).at(-2);
    if (clavicle !== undefined) map.set(`${side}Shoulder`, clavicle);
  }
}

function mapToes(clip: BvhClip, map: Map<BoneName, number>): void {
  for (const side of SIDES) {
    const foot = map.get(`${side}Foot`)!;
    const toes = clip.joints.findIndex((joint) => joint.parent === foot);
    if (toes >= 0) map.set(`${side}Toes`, toes);
  }
}

function fingersOf(clip: BvhClip, hand: number, side: Side, family: NamingFamily, byName: ReadonlyMap<string, number>) {
  return FINGERS.map((finger, index) => {
    const joints = finger === 'Thumb' ? THUMB_JOINTS : FINGER_JOINTS;
    const pattern = family.fingers[index]!.replace('%', family[side]);
    return joints.flatMap((joint, place) => {
      const found = byName.get(pattern.replace('#', String(place + 1)));
      if (found === undefined || pathBelow(clip.joints, hand, found).length === 0) return [];
      return [[`${side}${finger}${joint}` as BoneName, found] as const];
    });
  }).filter((chain) => chain.length > 0);
}

function mapFingers(
  clip: BvhClip,
  map: Map<BoneName, number>,
  family: NamingFamily,
  byName: ReadonlyMap<string, number>,
): void {
  for (const side of SIDES) {
    const fingers = fingersOf(clip, map.get(`${side}Hand`)!, side, family, byName);
    if (fingers.length < FINGERS_MIN) continue;
    for (const [bone, joint] of fingers.flat()) map.set(bone, joint);
  }
}

/**
 * Finds the joint for each bone: limbs and fingers by name, in the family that fits best, the torso by its shape.
 * @throws BvhError (`skeleton`) naming the joint that is missing.
 */
export function mapSkeleton(clip: BvhClip): SkeletonMap {
  const byName = jointsByName(clip.joints);
  const family = bestFamily(byName);
  const map = mapRequired(clip, family, byName);
  mapTorso(clip, map);
  mapToes(clip, map);
  mapFingers(clip, map, family, byName);
  return map;
}

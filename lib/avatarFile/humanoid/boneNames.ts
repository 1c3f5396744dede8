import type { BoneName } from '@/lib/pose/bones';

/** Eyes, which poses don't turn but gazes do. */
export const EYE_BONES = ['leftEye', 'rightEye'] as const;
export type EyeBone = (typeof EYE_BONES)[number];

/** Joints of Mixamo's and Ready Player Me's skeletons in lower case, `%` standing for the side. */
const SIDED: Readonly<Record<string, string>> = {
  '%shoulder': 'Shoulder',
  '%arm': 'UpperArm',
  '%forearm': 'LowerArm',
  '%hand': 'Hand',
  '%upleg': 'UpperLeg',
  '%leg': 'LowerLeg',
  '%foot': 'Foot',
  '%toebase': 'Toes',
  '%eye': 'Eye',
};

const CENTRAL: Readonly<Record<string, BoneName>> = {
  hips: 'hips',
  spine: 'spine',
  spine1: 'chest',
  spine2: 'upperChest',
  neck: 'neck',
  head: 'head',
};

const FINGERS: Readonly<Record<string, string>> = {
  index: 'Index',
  middle: 'Middle',
  ring: 'Ring',
  pinky: 'Little',
};
const PHALANGES = ['Proximal', 'Intermediate', 'Distal'] as const;
const THUMB = ['Metacarpal', 'Proximal', 'Distal'] as const;

function fingerName(side: string, finger: string, joint: number): string | null {
  if (finger === 'thumb') return `${side}Thumb${THUMB[joint - 1]}`;
  const name = FINGERS[finger];
  return name ? `${side}${name}${PHALANGES[joint - 1]}` : null;
}

const FINGER = /^(left|right)hand(thumb|index|middle|ring|pinky)([123])$/;
const SIDE = /^(left|right)(.+)$/;

/** A joint's name without `mixamorig:` and its like (`mixamorig1:`, `mixamorig_`), lower case, without separators. */
export function plainJointName(name: string): string {
  const local = name.slice(name.lastIndexOf(':') + 1).toLowerCase();
  return local.replaceAll(/[^a-z0-9]/g, '').replace(/^mixamorig\d*/, '');
}

/** The bone that a joint of Mixamo's or Ready Player Me's is, by its name; null for others. */
export function boneOfJoint(name: string): BoneName | EyeBone | null {
  const plain = plainJointName(name);
  if (Object.hasOwn(CENTRAL, plain)) return CENTRAL[plain]!;
  const [, fingerSide, finger, joint] = FINGER.exec(plain) ?? [];
  if (fingerSide) return fingerName(fingerSide, finger!, Number(joint)) as BoneName | null;
  const [, side = '', rest = ''] = SIDE.exec(plain) ?? [];
  const bone = Object.hasOwn(SIDED, `%${rest}`) ? SIDED[`%${rest}`] : undefined;
  return bone ? (`${side}${bone}` as BoneName) : null;
}

/** Small BVH files made for tests: a whole person in each naming family, moved by a function of the frame. */

/** Joint names and axes of one family. */
export interface ClipFamily {
  readonly label: string;
  readonly joints: Readonly<Record<string, string>>;
  /** Written with z up and the face towards -y, as some exporters do. */
  readonly isZUp?: boolean;
  /** Joints between hips and neck, from below. */
  readonly torso: readonly string[];
}

function sides(names: Readonly<Record<string, string>>, left: string, right: string): Record<string, string> {
  const entries = Object.entries(names).flatMap(([bone, name]) => [
    [`left${bone}`, name.replace('%', left)],
    [`right${bone}`, name.replace('%', right)],
  ]);
  return Object.fromEntries(entries);
}

const MIXAMO_SIDE = {
  Shoulder: '%Shoulder',
  UpperArm: '%Arm',
  LowerArm: '%ForeArm',
  Hand: '%Hand',
  UpperLeg: '%UpLeg',
  LowerLeg: '%Leg',
  Foot: '%Foot',
  Toes: '%ToeBase',
};

export const DAZ: ClipFamily = {
  label: 'daz',
  torso: ['abdomen', 'chest'],
  joints: {
    hips: 'hip',
    neck: 'neck',
    head: 'head',
    ...sides(
      {
        Shoulder: '%Collar',
        UpperArm: '%Shldr',
        LowerArm: '%ForeArm',
        Hand: '%Hand',
        UpperLeg: '%Thigh',
        LowerLeg: '%Shin',
        Foot: '%Foot',
      },
      'l',
      'r',
    ),
  },
};

export const CMU_CLASSIC: ClipFamily = {
  label: 'cmu classic',
  torso: ['LowerBack', 'Spine', 'Spine1'],
  joints: { hips: 'Hips', neck: 'Neck', head: 'Head', ...sides(MIXAMO_SIDE, 'Left', 'Right') },
};

export const MOTION_BUILDER: ClipFamily = {
  label: 'motionbuilder',
  torso: ['Chest', 'Chest2'],
  joints: {
    hips: 'Hips',
    neck: 'Neck',
    head: 'Head',
    ...sides(
      {
        Shoulder: '%Collar',
        UpperArm: '%Shoulder',
        LowerArm: '%Elbow',
        Hand: '%Wrist',
        UpperLeg: '%Hip',
        LowerLeg: '%Knee',
        Foot: '%Ankle',
      },
      'Left',
      'Right',
    ),
  },
};

export const MIXAMO: ClipFamily = {
  label: 'mixamo',
  torso: ['mixamorig:Spine', 'mixamorig:Spine1', 'mixamorig:Spine2'],
  joints: {
    hips: 'mixamorig:Hips',
    neck: 'mixamorig:Neck',
    head: 'mixamorig:Head',
    ...sides(MIXAMO_SIDE, 'mixamorig:Left', 'mixamorig:Right'),
    ...sides(
      Object.fromEntries(
        ['Thumb', 'Index', 'Middle', 'Ring', 'Pinky'].flatMap((finger) =>
          [1, 2, 3].map((joint) => [`${finger}${joint}`, `%Hand${finger}${joint}`]),
        ),
      ),
      'mixamorigLeft',
      'mixamorigRight',
    ),
  },
};

export const MIXAMO_Z_UP: ClipFamily = { ...CMU_CLASSIC, label: 'z up', isZUp: true };

export const FAMILIES = [DAZ, CMU_CLASSIC, MOTION_BUILDER, MIXAMO, MIXAMO_Z_UP];

interface Node {
  readonly bone: string;
  readonly offset: readonly [number, number, number];
  readonly children: readonly Node[];
}

const node = (bone: string, x: number, y: number, z: number, ...children: Node[]): Node => ({
  bone,
  offset: [x, y, z],
  children,
});

function fingers(side: string, sign: number): Node[] {
  return ['Thumb', 'Index', 'Middle', 'Ring', 'Pinky'].map((finger, place) => {
    const isThumb = finger === 'Thumb';
    const [dx, dz] = isThumb ? [2, 2] : [3, 0];
    const tip = node(`${side}${finger}3`, sign * dx, 0, dz);
    const middle = node(`${side}${finger}2`, sign * dx, 0, dz, tip);
    return node(`${side}${finger}1`, sign * (isThumb ? 2 : 9), 0, 4 - 2 * place, middle);
  });
}

function arm(side: string, sign: number): Node {
  const hand = node(`${side}Hand`, sign * 24, 0, 0, ...fingers(side, sign));
  const upper = node(`${side}UpperArm`, sign * 14, 0, 0, node(`${side}LowerArm`, sign * 26, 0, 0, hand));
  return node(`${side}Shoulder`, sign * 4, 12, 0, upper);
}

function leg(side: string, sign: number): Node {
  const foot = node(`${side}Foot`, 0, -40, 0, node(`${side}Toes`, 0, -6, 12));
  return node(`${side}UpperLeg`, sign * 9, -4, 0, node(`${side}LowerLeg`, 0, -40, 0, foot));
}

function torso(count: number): Node {
  const neck = node('neck', 0, 16, 0, node('head', 0, 10, 0));
  let top: Node = node(`torso${count - 1}`, 0, 12, 0, neck, arm('left', 1), arm('right', -1));
  for (let k = count - 2; k >= 0; k -= 1) top = node(`torso${k}`, 0, 12, 0, top);
  return top;
}

/** Degrees about the file's x, y and z (in this order of channels: Z X Y) of one bone in one frame. */
export type BoneMotion = (bone: string, frame: number) => readonly [x: number, y: number, z: number];

export interface ClipOptions {
  readonly frames?: number;
  readonly frameTime?: number;
  readonly motion?: BoneMotion;
  /** Position of the hips above the floor, centimetres (the file's unit), in Parley's axes. */
  readonly hips?: (frame: number) => readonly [x: number, y: number, z: number];
}

/** Height of the made person's hips above the soles, centimetres. */
export const MADE_HIPS_HEIGHT = 90;

const still: BoneMotion = () => [0, 0, 0];

/** The text of a clip of a standing person in T-pose (unless `motion` says otherwise) at 30 frames a second. */
export function makeClip(family: ClipFamily, options: ClipOptions = {}): string {
  const { frames = 10, frameTime = 1 / 30, motion = still, hips = () => [0, MADE_HIPS_HEIGHT, 0] as const } = options;
  const axes = ([x, y, z]: readonly [number, number, number]) => (family.isZUp ? [x, -z, y] : [x, y, z]);
  const nameOf = (bone: string) =>
    bone.startsWith('torso') ? family.torso[Number(bone.slice(5))] : family.joints[bone];
  const order: string[] = [];

  function write({ bone, offset, children }: Node, indent: string, isRoot: boolean): string[] {
    const name = nameOf(bone);
    if (name === undefined) return [];
    order.push(bone);
    const channels = isRoot
      ? '6 Xposition Yposition Zposition Zrotation Xrotation Yrotation'
      : '3 Zrotation Xrotation Yrotation';
    const below = children.flatMap((child) => write(child, `${indent}  `, false));
    const end =
      below.length > 0 ? below : [`${indent}  End Site`, `${indent}  {`, `${indent}    OFFSET 0 0 0`, `${indent}  }`];
    return [
      `${indent}${isRoot ? 'ROOT' : 'JOINT'} ${name}`,
      `${indent}{`,
      `${indent}  OFFSET ${axes(offset).join(' ')}`,
      `${indent}  CHANNELS ${channels}`,
      ...end,
      `${indent}}`,
    ];
  }

  const root = node('hips', 0, 0, 0, torso(family.torso.length), leg('left', 1), leg('right', -1));
  const hierarchy = write(root, '', true);
  const rows = Array.from({ length: frames }, (_, frame) => {
    const turns = order.flatMap((bone) => {
      const [x, y, z] = motion(bone, frame);
      return [z, x, y];
    });
    return [...axes(hips(frame)), ...turns].map((value) => value.toFixed(6)).join(' ');
  });
  return ['HIERARCHY', ...hierarchy, 'MOTION', `Frames: ${frames}`, `Frame Time: ${frameTime}`, ...rows, ''].join('\n');
}

/** A wave with turning torso and stepping legs: everything moves, smoothly. */
export const LIVELY: BoneMotion = (bone, frame) => {
  const t = frame / 30;
  if (bone === 'hips') return [2 * Math.sin(t), 10 * Math.sin(t * 0.7), 0];
  if (bone.startsWith('torso')) return [3 * Math.sin(t * 1.3), 4 * Math.sin(t), 2 * Math.cos(t)];
  if (bone === 'head' || bone === 'neck') return [5 * Math.sin(t * 1.7), 8 * Math.sin(t * 0.9), 0];
  if (bone === 'leftUpperArm') return [0, -20, -60 + 10 * Math.sin(t * 2)];
  if (bone === 'rightUpperArm') return [0, 20, 55 + 12 * Math.sin(t * 2.2)];
  if (bone === 'leftLowerArm') return [0, -50 + 20 * Math.sin(t * 2.5), 0];
  if (bone === 'rightLowerArm') return [0, 70 + 25 * Math.sin(t * 3), 0];
  if (bone === 'leftUpperLeg') return [-15 + 10 * Math.sin(t * 2), 0, 3];
  if (bone === 'leftLowerLeg') return [25 + 10 * Math.sin(t * 2), 0, 0];
  return [0, 0, 0];
};

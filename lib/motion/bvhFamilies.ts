/** Joints of one side of the body, without the side. */
export interface SideNames {
  readonly upperArm: string;
  readonly lowerArm: string;
  readonly hand: string;
  readonly upperLeg: string;
  readonly lowerLeg: string;
  readonly foot: string;
}

/** How one family of BVH files names its joints: plain names (see `plainName`), `%` standing for the side. */
export interface NamingFamily {
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
 * The families known. `cmu` are the conversions with DAZ names of cgspeed.com's CMU releases, `mixamo` also names the
 * classic CMU conversion (asf/amc) and MotionBuilder's own; `poser` is the MotionBuilder-friendly CMU release
 * (LeftCollar, LeftShoulder, LeftElbow); `humanoid` are VRM's and Unity's own names.
 */
export const NAMING_FAMILIES: readonly NamingFamily[] = [
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

/** A joint's name as families are written: lower case, without a prefix such as `mixamorig:` and without separators. */
export function plainName(name: string): string {
  const local = name.slice(name.lastIndexOf(':') + 1).toLowerCase();
  return local.replaceAll(/[^a-z0-9]/g, '').replace(/^mixamorig\d*/, '');
}

import type { View } from '../portrait/camera';
import type { MorphWeights } from '../portrait/poseModel';
import type { Affine } from '../skeleton/affine';
import { bothSides, type JointTurn, poseJoints } from '../skeleton/poseJoints';

/** One picture of a contact sheet. */
export interface Shot {
  readonly name: string;
  readonly view: View;
  readonly pose: readonly Affine[];
  readonly weights: MorphWeights;
}

const HANGING: readonly JointTurn[] = [...bothSides('UpperArm', 'z', -72), ...bothSides('LowerArm', 'y', -15)];
const SITTING: readonly JointTurn[] = [...bothSides('UpperLeg', 'x', -88), ...bothSides('LowerLeg', 'x', 86)];

/** A lens `metres` away, turned about the avatar by `degrees` to its left, on the height `y`. */
function around(degrees: number, metres: number, y: number, halfField: number): View {
  const turn = (degrees * Math.PI) / 180;
  return { eye: [Math.sin(turn) * metres, y + 0.04, Math.cos(turn) * metres], target: [0, y, 0], halfField };
}

const FACE = (degrees: number) => around(degrees, 2.2, 1.37, 0.12);
const WHOLE = (degrees: number) => around(degrees, 4.6, 0.86, 0.2);

function head(name: string, degrees: number, weights: MorphWeights = {}): Shot {
  return { name, view: FACE(degrees), pose: poseJoints(HANGING), weights };
}

function whole(name: string, degrees: number, turns: readonly JointTurn[]): Shot {
  return { name, view: WHOLE(degrees), pose: poseJoints(turns), weights: {} };
}

const glance = (x: 'In' | 'Out', y: 'Up' | 'Down'): MorphWeights => ({
  [`eyeLook${x}Left`]: 1,
  [`eyeLook${x === 'In' ? 'Out' : 'In'}Right`]: 1,
  [`eyeLook${y}Left`]: 1,
  [`eyeLook${y}Right`]: 1,
});

/** The neutral face from four sides. */
export const TURNS: readonly Shot[] = [head('front', 0), head('turned', 40), head('side', 90), head('back', 155)];

/** Ten expressions; the last two are glances as far as eyes go. */
export const EXPRESSIONS: readonly Shot[] = [
  head('happy', 0, { happy: 1 }),
  head('sad', 0, { sad: 1 }),
  head('angry', 0, { angry: 1 }),
  head('surprised', 0, { surprised: 1 }),
  head('relaxed', 0, { relaxed: 1 }),
  head('aa', 20, { aa: 1 }),
  head('ou', 20, { ou: 1 }),
  head('blink', 0, { eyeBlinkLeft: 1, eyeBlinkRight: 1, mouthSmileLeft: 0.5, mouthSmileRight: 0.5 }),
  head('outUp', 0, glance('Out', 'Up')),
  head('inDown', 0, glance('In', 'Down')),
];

/** Five poses of the whole body. */
export const POSES: readonly Shot[] = [
  whole('rest', 20, []),
  whole('standing', 30, HANGING),
  whole('sitting', 35, [
    ...SITTING,
    ...bothSides('UpperArm', 'z', -66),
    ...bothSides('UpperArm', 'x', -25),
    ...bothSides('LowerArm', 'y', -70),
  ]),
  whole('waving', -15, [
    ...HANGING.filter(({ bone }) => !bone.startsWith('right')),
    { bone: 'rightUpperArm', axis: 'z', degrees: 25 },
    { bone: 'rightLowerArm', axis: 'z', degrees: -95 },
    { bone: 'head', axis: 'z', degrees: 6 },
  ]),
  whole('behind', 150, HANGING),
];

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import type { Affine } from '../skeleton/affine';
import { bothSides, type JointTurn, poseJoints } from '../skeleton/modelPose';
import { drawModel, type Lens } from './drawModel';
import { type MorphWeights, poseModel } from './poseModel';

/** One picture of a contact sheet. */
interface Shot {
  readonly name: string;
  readonly lens: Lens;
  readonly pose: readonly Affine[];
  readonly weights: MorphWeights;
}

const HANGING: readonly JointTurn[] = [...bothSides('UpperArm', 'z', -72), ...bothSides('LowerArm', 'y', -15)];
const SITTING: readonly JointTurn[] = [...bothSides('UpperLeg', 'x', -88), ...bothSides('LowerLeg', 'x', 86)];

/** A lens `metres` away, turned about the avatar by `degrees` to its left, at the height `y`. */
function around(degrees: number, metres: number, y: number, halfField: number): Lens {
  const turn = (degrees * Math.PI) / 180;
  return { eye: [Math.sin(turn) * metres, y + 0.04, Math.cos(turn) * metres], target: [0, y, 0], halfField };
}

const FACE = (degrees: number) => around(degrees, 2.2, 1.37, 0.12);
const WHOLE = (degrees: number) => around(degrees, 4.6, 0.86, 0.2);

function head(name: string, degrees: number, weights: MorphWeights = {}): Shot {
  return { name, lens: FACE(degrees), pose: poseJoints(HANGING), weights };
}

function whole(name: string, degrees: number, turns: readonly JointTurn[]): Shot {
  return { name, lens: WHOLE(degrees), pose: poseJoints(turns), weights: {} };
}

const glance = (x: 'In' | 'Out', y: 'Up' | 'Down'): MorphWeights => ({
  [`eyeLook${x}Left`]: 1,
  [`eyeLook${x === 'In' ? 'Out' : 'In'}Right`]: 1,
  [`eyeLook${y}Left`]: 1,
  [`eyeLook${y}Right`]: 1,
});

/** The neutral face from four sides. */
const TURNS: readonly Shot[] = [head('front', 0), head('turned', 40), head('side', 90), head('back', 155)];

/** Ten expressions; the last two are glances as far as eyes go. */
const EXPRESSIONS: readonly Shot[] = [
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
const POSES: readonly Shot[] = [
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

const SAMPLES = 2;
/** Ground of a sheet, sRGB: the warm paper of the pages. */
const GROUND = [239, 232, 222] as const;

function paste(sheet: Uint8Array, sheetWidth: number, picture: Uint8Array, size: number, x0: number, y0: number): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 4;
      const to = ((y0 + y) * sheetWidth + x0 + x) * 4;
      const alpha = picture[from + 3]! / 255;
      for (let c = 0; c < 3; c++) sheet[to + c] = Math.round(picture[from + c]! * alpha + GROUND[c]! * (1 - alpha));
      sheet[to + 3] = 255;
    }
}

/** One PNG of several pictures of `size` pixels, `columns` per row, for judging an avatar by eye. */
function contactSheet(model: AvatarModel, shots: readonly Shot[], size: number, columns: number): Buffer {
  const rows = Math.ceil(shots.length / columns);
  const width = columns * size;
  const sheet = new Uint8Array(width * rows * size * 4);
  for (let pixel = 0; pixel < sheet.length; pixel += 4) sheet.set([...GROUND, 255], pixel);
  shots.forEach(({ lens, pose, weights }, i) => {
    const picture = drawModel(poseModel(model, pose, weights), model.spec.palette, lens, size, SAMPLES);
    paste(sheet, width, picture, size, (i % columns) * size, Math.floor(i / columns) * size);
  });
  return encodePng(width, rows * size, sheet);
}

interface Sheet {
  readonly name: string;
  readonly shots: readonly Shot[];
  /** Width and height (pixels) of each picture. */
  readonly size: number;
  readonly columns: number;
}

const SHEETS: readonly Sheet[] = [
  { name: 'turns', shots: TURNS, size: 320, columns: 4 },
  { name: 'expressions', shots: EXPRESSIONS, size: 260, columns: 5 },
  { name: 'poses', shots: POSES, size: 320, columns: 5 },
];

/** Writes an avatar's contact sheets, `<key>-turns.png` and so on, into `folder`. */
export function writeSheets(model: AvatarModel, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, shots, size, columns } of SHEETS)
    writeFileSync(join(folder, `${model.spec.key}-${name}.png`), contactSheet(model, shots, size, columns));
}

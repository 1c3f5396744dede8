const JOINTS = `HIERARCHY
ROOT Hips
{
  OFFSET 0 95 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0 10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Spine1
    {
      OFFSET 0 15 0
      CHANNELS 3 Zrotation Xrotation Yrotation
      JOINT Neck
      {
        OFFSET 0 28 0
        CHANNELS 3 Zrotation Xrotation Yrotation
        JOINT Head
        {
          OFFSET 0 10 0
          CHANNELS 3 Zrotation Xrotation Yrotation
          End Site
          {
            OFFSET 0 18 0
          }
        }
      }
      SHOULDERS
    }
  }
  LEGS
}
`;

function joint(name: string, offset: string, children: string): string {
  return `JOINT ${name}
{
OFFSET ${offset}
CHANNELS 3 Zrotation Xrotation Yrotation
${children}
}`;
}

const end = (offset: string) => `End Site
{
OFFSET ${offset}
}`;

function arm(side: 'Left' | 'Right'): string {
  const out = side === 'Left' ? 1 : -1;
  const hand = joint(`${side}Hand`, `${25 * out} 0 0`, end(`${15 * out} 0 0`));
  const foreArm = joint(`${side}ForeArm`, `${28 * out} 0 0`, hand);
  const upperArm = joint(`${side}Arm`, `${14 * out} 0 0`, foreArm);
  return joint(`${side}Shoulder`, `${4 * out} 20 0`, upperArm);
}

function leg(side: 'Left' | 'Right'): string {
  const out = side === 'Left' ? 1 : -1;
  const toes = joint(`${side}ToeBase`, '0 -6 12', end('0 0 6'));
  const foot = joint(`${side}Foot`, '0 -42 0', toes);
  const lower = joint(`${side}Leg`, '0 -43 0', foot);
  return joint(`${side}UpLeg`, `${9 * out} -2 0`, lower);
}

/** Joints in file order, the root first; only the root has a position. */
const ORDER = [
  'Hips',
  'Spine',
  'Spine1',
  'Neck',
  'Head',
  ...['Left', 'Right'].flatMap((side) => [`${side}Shoulder`, `${side}Arm`, `${side}ForeArm`, `${side}Hand`]),
  ...['Left', 'Right'].flatMap((side) => [`${side}UpLeg`, `${side}Leg`, `${side}Foot`, `${side}ToeBase`]),
];

const CLIP_FPS = 60;
const CLIP_SECONDS = 6;

function angles(name: string, turn: number): [number, number, number] {
  const wave = Math.sin(2 * Math.PI * turn);
  const slow = Math.sin(2 * Math.PI * turn + 1);
  switch (name) {
    case 'Spine':
      return [4 * slow, 5 * wave, 8 * slow];
    case 'Head':
      return [6 * wave, 8 * slow, 25 * wave];
    case 'LeftArm':
      return [-55 + 30 * wave, 0, 20 * slow];
    case 'RightArm':
      return [50 - 40 * slow, 10 * wave, 0];
    case 'LeftForeArm':
      return [0, 0, -30 + 25 * slow];
    case 'RightForeArm':
      return [0, 0, 40 + 30 * wave];
    case 'LeftUpLeg':
      return [0, -10 + 8 * wave, 0];
    case 'LeftLeg':
      return [0, 14 - 10 * wave, 0];
    default:
      return [0, 0, 0];
  }
}

function frameLine(frame: number): string {
  const turn = frame / (CLIP_FPS * CLIP_SECONDS);
  const position = [0, 95 + 1.5 * Math.sin(4 * Math.PI * turn), 0];
  const numbers = ORDER.flatMap((name) => [...(name === 'Hips' ? position : []), ...angles(name, turn)]);
  return numbers.map((value) => value.toFixed(4)).join(' ');
}

/** A Mixamo-style clip in which arms, head and one leg move so that no two moments look the same. */
export function madeClip(): string {
  const hierarchy = JOINTS.replace('SHOULDERS', `${arm('Left')}\n${arm('Right')}`).replace(
    'LEGS',
    `${leg('Left')}\n${leg('Right')}`,
  );
  const frames = Array.from({ length: CLIP_FPS * CLIP_SECONDS }, (_, frame) => frameLine(frame));
  return `${hierarchy}MOTION\nFrames: ${frames.length}\nFrame Time: ${(1 / CLIP_FPS).toFixed(6)}\n${frames.join('\n')}\n`;
}

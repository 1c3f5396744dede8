import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { FACE_OFFSET, GAZE_OFFSET, type Pose } from '@/lib/pose/pose';
import type { PartSource } from './corpusClip';

/** A table of numbers, row by row. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

const MAGIC = '\x93NUMPY';
const HEADER_AT = 10;

/**
 * Reads a NumPy array file of version 1: two-dimensional, little-endian float32, C order.
 * @throws Error that says what the file is instead
 */
export function readNpyTable(bytes: Uint8Array): NumberTable {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 6) !== MAGIC || bytes[6] !== 1) throw new Error('not a NumPy file of version 1');
  const dataAt = HEADER_AT + bytes[8]! + bytes[9]! * 256;
  const header = text(HEADER_AT, dataAt);
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header);
  if (!shape || !header.includes("'<f4'") || header.includes("'fortran_order': True")) {
    throw new Error(`expected a table of little-endian float32 in C order, found ${header.trim()}`);
  }
  const rows = Number(shape[1]);
  const columns = Number(shape[2]);
  const values = new Float32Array(Uint8Array.from(bytes.subarray(dataAt, dataAt + rows * columns * 4)).buffer);
  if (values.length !== rows * columns) throw new Error(`the file ends before its ${rows} rows`);
  return { rows, columns, values };
}

/** The columns of a Live Link Face take: ARKit's weights in the order of the app's files. */
const LIVE_LINK_ORDER: readonly ArkitBlendshape[] = [
  ...(['Left', 'Right'] as const).flatMap((side) => [
    `eyeBlink${side}` as const,
    `eyeLookDown${side}` as const,
    `eyeLookIn${side}` as const,
    `eyeLookOut${side}` as const,
    `eyeLookUp${side}` as const,
    `eyeSquint${side}` as const,
    `eyeWide${side}` as const,
  ]),
  'jawForward',
  'jawRight',
  'jawLeft',
  'jawOpen',
  'mouthClose',
  'mouthFunnel',
  'mouthPucker',
  'mouthRight',
  'mouthLeft',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
];

/** After the weights: yaw, pitch, roll of the head, the left eye and the right eye, radians. */
const LEFT_EYE_AT = LIVE_LINK_ORDER.length + 3;
const RIGHT_EYE_AT = LEFT_EYE_AT + 3;
const COLUMNS = RIGHT_EYE_AT + 3;

/** Frame rate of the app's takes. */
const TAKE_FPS = 60;

/** A recorded face with its gaze, played forwards and backwards so that it has no seam. */
class FaceTake implements PartSource {
  constructor(
    readonly label: string,
    private readonly take: NumberTable,
  ) {}

  pose(seconds: number, out: Pose): void {
    const last = this.take.rows - 1;
    const place = (seconds * TAKE_FPS) % (2 * last);
    const row = place <= last ? place : 2 * last - place;
    LIVE_LINK_ORDER.forEach((shape, column) => {
      out.values[FACE_OFFSET + ARKIT_INDEX[shape]] = Math.max(0, Math.min(1, this.at(row, column)));
    });
    // The app's yaw is positive to the right, its pitch downwards.
    out.values[GAZE_OFFSET] = -(this.at(row, LEFT_EYE_AT) + this.at(row, RIGHT_EYE_AT)) / 2;
    out.values[GAZE_OFFSET + 1] = -(this.at(row, LEFT_EYE_AT + 1) + this.at(row, RIGHT_EYE_AT + 1)) / 2;
  }

  private at(row: number, column: number): number {
    const { values, columns, rows } = this.take;
    const before = Math.floor(row);
    const amount = row - before;
    const a = values[before * columns + column]!;
    const b = values[Math.min(before + 1, rows - 1) * columns + column]!;
    return a + (b - a) * amount;
  }
}

/**
 * The face of a Live Link Face take, from a NumPy table of 61 columns at 60 frames a second.
 * @throws Error if the bytes are no such table
 */
export function createFaceTake(bytes: Uint8Array): PartSource {
  const take = readNpyTable(bytes);
  if (take.columns !== COLUMNS || take.rows < 2) {
    throw new Error(`expected rows of ${COLUMNS} columns, found ${take.rows} of ${take.columns}`);
  }
  const seconds = (take.rows / TAKE_FPS).toFixed(1);
  return new FaceTake(`face and gaze: a recorded ARKit take of ${seconds} s, played forwards and backwards`, take);
}

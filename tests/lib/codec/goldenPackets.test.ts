import { afterEach, describe, expect, it, vi } from 'vitest';
import { RangeCoder } from '@/lib/codec/rangeCoder';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { createPose, GAZE_OFFSET, PosePart } from '@/lib/pose/pose';
import { CodecSession } from './session';

/** A range-coded bit: its meaning, and its probability (1/65536) of being 1. */
type Decision = readonly [meaning: string, bit: number, probability: number];

const EVEN = 0x8000;
/** The value of a fresh context: the least stretched value that reaches the middle of its entry is 1, not 0. */
const NEW = 32832;
const NEW_TIME = 32768;

const START_MS = 0x01020304;

const KEYFRAME = [0x50, 0x00, 0x04, 0x03, 0x02, 0x01, 0x40, 0x03, 0x16, 0xb8, 0x80];
const KEYFRAME_DECISIONS: readonly Decision[] = [
  ['yaw: length over 0', 1, NEW],
  ['yaw: length over 1', 1, NEW],
  ['yaw: length over 2', 1, NEW],
  ['yaw: length over 3', 0, NEW],
  ['yaw: 1[1]0', 1, EVEN],
  ['yaw: 11[0] = 6 steps', 0, EVEN],
  ['yaw: negative', 0, NEW],
  ['pitch: length over 0', 1, 41392],
  ['pitch: length over 1', 1, 41748],
  ['pitch: length over 2', 0, 42102],
  ['pitch: 1[1] = 3 steps', 1, EVEN],
  ['pitch: negative', 1, NEW],
  ...[0, 1, 0, 0, 0, 0, 0, 0].map((bit) => ['running hash 0x40', bit, EVEN] as const),
];

const NEXT = [0x44, 0x01, 0xc8, 0x8d, 0xb0, 0xc0];
const NEXT_DECISIONS: readonly Decision[] = [
  ['other parts', 0, NEW],
  ['gap of the older frame is not the 33 ms expected', 0, NEW],
  ['gap of the newer frame is not the 33 ms expected', 1, 10923],
  ['shorter', 0, NEW_TIME],
  ['by more than 1 ms', 0, NEW_TIME],
  ['anchor: the gaze moves', 1, NEW],
  ['anchor: yaw moves', 1, NEW],
  ['anchor: yaw to the negative', 0, NEW],
  ['anchor: yaw by more than 1 step', 1, NEW],
  ['... 2', 1, NEW],
  ['... 3', 1, NEW],
  ['... 4', 1, 41392],
  ['... 5', 1, 44954],
  ['... 6', 1, 47505],
  ['... 7', 1, 49521],
  ['... 8', 1, 51249],
  ['... 9', 1, 52677],
  ['... 10', 1, 53995],
  ['... 11', 1, 55033],
  ['... 12', 1, 56026],
  ['... 13', 0, 56852],
  ['anchor: pitch moves', 0, 41392],
  ['between: the gaze moves', 0, NEW],
  ...[1, 0, 0, 1].map((bit) => ['running hash 9', bit, EVEN] as const),
];

/** Both packets of a gaze that turns, as they are encoded. */
function gazePackets(): number[][] {
  const session = new CodecSession();
  const pose = createPose();
  pose.parts = PosePart.gaze;
  const turns: ReadonlyArray<readonly [number, number]> = [
    [0.1, 0],
    [0.2, 33],
    [0.3, 67],
  ];
  const packets = turns.map(([yaw, afterMs]) => {
    pose.values.set([yaw, -0.05], GAZE_OFFSET);
    return session.encode(pose, START_MS + afterMs);
  });
  return packets.flatMap((packet) => (packet === null ? [] : [Array.from(packet)]));
}

/** The bits that decoding `packet` reads, with their probabilities. */
function decisionsOf(decoder: RangePoseDecoder, packet: readonly number[]): Array<[number, number]> {
  const decisions: Array<[number, number]> = [];
  const code = RangeCoder.prototype.code;
  const spy = vi.spyOn(RangeCoder.prototype, 'code').mockImplementation(function (this: RangeCoder, bit, probability) {
    const coded = code.call(this, bit, probability);
    decisions.push([coded, probability]);
    return coded;
  });
  expect(decoder.decode(Uint8Array.from(packet), () => {})).toBeNull();
  spy.mockRestore();
  return decisions;
}

const bare = (decisions: readonly Decision[]) => decisions.map(([, bit, probability]) => [bit, probability]);

describe('golden packets', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('C-7, C-8: the golden packets of a turning gaze have these bytes', () => {
    expect(gazePackets()).toEqual([KEYFRAME, NEXT]);
  });

  it('C-14 to C-26: every bit of the golden packets means this', () => {
    const decoder = new RangePoseDecoder();
    expect(decisionsOf(decoder, KEYFRAME)).toEqual(bare(KEYFRAME_DECISIONS));
    const yaw = decoder.stream.lattice.anchor.length - 2;
    expect(Array.from(decoder.stream.lattice.anchor.subarray(yaw))).toEqual([6 * 256, -3 * 256]);
    expect(decisionsOf(decoder, NEXT)).toEqual(bare(NEXT_DECISIONS));
    expect(Array.from(decoder.stream.lattice.anchor.subarray(yaw)), 'at rest, then 13 steps on').toEqual([
      19 * 256,
      -3 * 256,
    ]);
    // 33 of 67 ms are 126 / 256: 1536 + round(13 * 256 * 126 / 256).
    expect(decoder.stream.betweens[0][yaw]).toBe(1536 + 13 * 126);
  });

  it('C-5, C-13: the golden packets decode to these frames', () => {
    const session = new CodecSession();
    for (const packet of [KEYFRAME, NEXT]) session.decode(Uint8Array.from(packet));
    expect(session.frames.map(({ timeMs }) => timeMs - START_MS)).toEqual([0, 33, 67]);
    const step = 1026 / 65536;
    const yaws = session.frames.map(({ pose }) => pose.values[GAZE_OFFSET]!);
    expect(yaws).toEqual([6 * step, (3174 / 256) * step, 19 * step].map(Math.fround));
  });

  /** Seven frames of a whole pose: keyframe, then three packets of two frames. */
  const WHOLE = [
    'UAAAAAAAfwMxqhUdSURypwvA0d1MXU/E0gaMfB1yzzLn3Qyhh1waQliAHEWf1EUHivybJ5pfsBjVilEVLcKGQZTe6MPpyTn2uvLL' +
      'PURCCL3MJKAw',
    'RAHc/NkcAHtiqdyUDk5o',
    'RAJ3n5Vus7LP5KLNG3QQvCpeEsr12AFYswTno4YhO9MlP/bobD8DOu6wC0Xi594DoB6MMdTSgp82apk8MR3QdviJsvA=',
    'RAOZfzlkMgSTQAWRFab8W/PJ2ygSkYaQmF7Fogb+t1CeDwrJgY8uuhE74A==',
  ];

  it('C-20: whole poses decode to exactly these bits on every machine', () => {
    const decoder = new RangePoseDecoder();
    let hash = 0x811c9dc5;
    let frames = 0;
    for (const packet of WHOLE) {
      const failure = decoder.decode(
        Uint8Array.from(atob(packet), (char) => char.charCodeAt(0)),
        ({ values }) => {
          frames += 1;
          for (const byte of new Uint8Array(values.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
        },
      );
      expect(failure).toBeNull();
    }
    expect({ frames, hash: (hash >>> 0).toString(16) }).toEqual({ frames: 7, hash: '9dcfe582' });
  });
});

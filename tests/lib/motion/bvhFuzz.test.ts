import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BvhError } from '@/lib/motion/bvhClip';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { createPose } from '@/lib/pose/pose';
import { DAZ, LIVELY, MIXAMO, makeClip } from './madeClips';

/** Reads `text`: it must either play without NaN or fail with a BvhError. */
function readAndPlay(text: string): void {
  let source: ReturnType<typeof createBvhSource>;
  try {
    source = createBvhSource(text);
  } catch (error) {
    if (!(error instanceof BvhError)) throw error;
    expect(error.line).toBeGreaterThanOrEqual(1);
    return;
  }
  const pose = createPose();
  for (const timeMs of [0, 17, 1e6]) {
    source.sample(timeMs, pose);
    expect(pose.values.every(Number.isFinite)).toBe(true);
  }
}

const WORDS = [
  'HIERARCHY',
  'ROOT',
  'JOINT',
  'OFFSET',
  'CHANNELS',
  'End Site',
  '{',
  '}',
  'MOTION',
  'Frames:',
  'Frame Time:',
];
const word = fc.oneof(
  fc.constantFrom(
    ...WORDS,
    'hip',
    'lShldr',
    '\n',
    '\r\n',
    '\t',
    '\0',
    '1e38',
    '-1e38',
    '1e-45',
    'NaN',
    '0x10',
    '3',
    '6',
  ),
  fc.string(),
  fc.double().map(String),
);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(60),
  insert: fc.oneof(word, fc.constant('')),
});

function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, remove, insert }) => {
    const start = Math.floor(at * current.length);
    return current.slice(0, start) + insert + current.slice(start + remove);
  }, text);
}

const BASES = [makeClip(DAZ, { frames: 4, motion: LIVELY }), makeClip(MIXAMO, { frames: 3, motion: LIVELY })];

describe('createBvhSource with arbitrary text', () => {
  it('parseBvh never throws anything but a BvhError on mutated files', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(edit, { minLength: 1, maxLength: 6 }), (base, edits) => {
        readAndPlay(applyEdits(base, edits));
      }),
      { numRuns: 1500 },
    );
  });

  it('parseBvh never throws anything but a BvhError on files cut short', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.double({ min: 0, max: 1, noNaN: true }), (base, share) => {
        readAndPlay(base.slice(0, Math.floor(share * base.length)));
      }),
      { numRuns: 300 },
    );
  });

  it('parseBvh never throws anything but a BvhError on a soup of words', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), (words) => readAndPlay(`HIERARCHY ${words.join(' ')}`)),
      { numRuns: 500 },
    );
  });

  it('a source plays a clip of extreme but finite numbers without NaN', () => {
    const extreme = fc.constantFrom('1e38', '-3e38', '1e-40', '0', '720000000');
    fc.assert(
      fc.property(fc.array(extreme, { minLength: 1, maxLength: 40 }), (numbers) => {
        const lines = BASES[0]!.trimEnd().split('\n');
        const last = lines.at(-1)!.split(' ');
        numbers.forEach((number, k) => {
          last[(k * 7) % last.length] = number;
        });
        readAndPlay([...lines.slice(0, -1), last.join(' ')].join('\n'));
      }),
    );
  });

  it('parseBvh does not hang on a file of blanks, braces or one long line', () => {
    const long = 400_000;
    for (const run of [' ', '\n', '{', '}', ':', 'a', '1 ', '\t\r']) {
      readAndPlay(run.repeat(long));
      readAndPlay(`HIERARCHY\nROOT ${run.repeat(long)}`);
      readAndPlay(`${BASES[0]!.split('MOTION')[0]}MOTION\nFrames${run.repeat(long)}`);
    }
  });
});

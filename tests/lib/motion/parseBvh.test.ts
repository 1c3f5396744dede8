import { describe, expect, it } from 'vitest';
import {
  BVH_MAX_FRAMES,
  BVH_MAX_JOINTS,
  BVH_MAX_TEXT_LENGTH,
  BvhError,
  type BvhErrorReason,
} from '@/lib/motion/bvhClip';
import { parseBvh } from '@/lib/motion/parseBvh';

const SMALL = `HIERARCHY
ROOT Hips
{
  OFFSET 0 1.5 -2e1
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET .5 10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 5 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
1 2 3 4 5 6 7 8 9
-1 -2 -3 -4 -5 -6 -7 -8 -9
`;

function errorOf(text: string): BvhError {
  try {
    parseBvh(text);
  } catch (error) {
    if (error instanceof BvhError) return error;
    throw error;
  }
  throw new Error('read without an error');
}

function replaceLine(line: number, by: string): string {
  const lines = SMALL.split('\n');
  lines[line - 1] = by;
  return lines.join('\n');
}

describe('reading BVH', () => {
  it('parseBvh reads hierarchy and frames as written', () => {
    const clip = parseBvh(SMALL);
    expect(clip.joints.map(({ name, parent, line }) => ({ name, parent, line }))).toEqual([
      { name: 'Hips', parent: -1, line: 2 },
      { name: 'Spine', parent: 0, line: 6 },
    ]);
    expect(clip.joints[0]!.offset).toEqual([0, 1.5, -20]);
    expect(clip.joints[1]!.end).toEqual([0, 5, 0]);
    expect(clip.joints[1]!.firstChannel).toBe(6);
    expect(clip.channelCount).toBe(9);
    expect(clip.frameCount).toBe(2);
    expect(clip.frameTimeSeconds).toBe(0.0333333);
    expect(Array.from(clip.values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8, -9]);
  });

  const variants: Array<readonly [string, string]> = [
    ['Windows line endings', SMALL.replaceAll('\n', '\r\n')],
    ['tabs', SMALL.replaceAll('  ', '\t').replaceAll(' ', '\t')],
    ['lower case', SMALL.toLowerCase()],
    ['upper case', SMALL.toUpperCase()],
    ['no trailing newline', SMALL.trimEnd()],
    ['a byte order mark', `\ufeff${SMALL}`],
    ['blank lines', SMALL.replaceAll('\n', '\n\n')],
    ['no space after the colon', SMALL.replace('Frames: 2', 'Frames:2').replace('Time: ', 'Time:')],
    ['a space before the colon', SMALL.replace('Frames: 2', 'Frames : 2').replace('Time: ', 'Time : ')],
    ['a tab after the colon', SMALL.replace('Frames: 2', 'Frames:\t2')],
    ['braces on the line of the joint', SMALL.replaceAll(/\n\s*\{/g, ' {')],
  ];

  it.each(variants)('parseBvh reads a file with %s', (_, text) => {
    const clip = parseBvh(text);
    expect(clip.values).toEqual(parseBvh(SMALL).values);
    expect(clip.joints.map((joint) => joint.name.toLowerCase())).toEqual(['hips', 'spine']);
  });

  it('parseBvh reads joint names with spaces', () => {
    expect(parseBvh(replaceLine(6, '  JOINT Bip01 L Thigh')).joints[1]!.name).toBe('Bip01 L Thigh');
  });

  const faults: Array<readonly [string, number, BvhErrorReason, RegExp, string]> = [
    ['an empty file', 1, 'syntax', /expected HIERARCHY, found the end/, ''],
    ['something else', 1, 'syntax', /expected HIERARCHY, found "<html>"/, '<html>\n</html>'],
    ['a missing ROOT', 2, 'syntax', /expected ROOT/, replaceLine(2, 'JOINT Hips')],
    ['a joint without name', 6, 'syntax', /name of a joint/, replaceLine(6, '  JOINT')],
    ['an OFFSET that is no number', 4, 'syntax', /y of an OFFSET, found "abc"/, replaceLine(4, 'OFFSET 0 abc 0')],
    ['an infinite OFFSET', 4, 'syntax', /found "1e999"/, replaceLine(4, 'OFFSET 0 1e999 0')],
    ['an OFFSET of NaN', 4, 'syntax', /found "NaN"/, replaceLine(4, 'OFFSET 0 NaN 0')],
    ['an unknown channel', 9, 'syntax', /channel such as/, replaceLine(9, 'CHANNELS 3 Zrotation Xrotation Wrotation')],
    ['seven CHANNELS', 9, 'syntax', /from 0 to 6/, replaceLine(9, 'CHANNELS 7 Zrotation')],
    ['a broken CHANNELS count', 9, 'syntax', /from 0 to 6/, replaceLine(9, 'CHANNELS 1.5 Zrotation')],
    ['an unknown statement', 9, 'syntax', /expected OFFSET or/, replaceLine(9, 'SCALE 1 1 1')],
    ['no MOTION', 16, 'syntax', /expected MOTION/, replaceLine(16, 'Frames: 2')],
    ['no Frames', 17, 'syntax', /"Frames:"/, replaceLine(17, 'Frame Time: 0.03')],
    ['a broken frame count', 17, 'frames', /whole number/, replaceLine(17, 'Frames: 1.5')],
    ['no frame at all', 17, 'frames', /at least 1/, replaceLine(17, 'Frames: 0')],
    ['a frame time of zero', 18, 'frames', /frame time/, replaceLine(18, 'Frame Time: 0')],
    ['a frame time of words', 18, 'syntax', /one number/, replaceLine(18, 'Frame Time: fast')],
    ['too few numbers', 20, 'frames', /frame 2 has 8 numbers/, replaceLine(20, '1 2 3 4 5 6 7 8')],
    ['too many numbers', 19, 'frames', /more numbers/, replaceLine(19, '1 2 3 4 5 6 7 8 9 10')],
    ['a word among the numbers', 20, 'syntax', /found "x"/, replaceLine(20, '1 2 3 x 5 6 7 8 9')],
    ['NaN among the numbers', 20, 'syntax', /found "nan"/, replaceLine(20, '1 2 3 nan 5 6 7 8 9')],
    ['a number beyond single precision', 20, 'syntax', /found "1e99"/, replaceLine(20, '1 2 3 1e99 5 6 7 8 9')],
    ['fewer frames than declared', 21, 'frames', /ends after 2 frames; 3/, replaceLine(17, 'Frames: 3')],
    ['more frames than declared', 20, 'frames', /more lines than the 1 frames/, replaceLine(17, 'Frames: 1')],
    ['far fewer frames than declared', 18, 'frames', /too short/, replaceLine(17, 'Frames: 100000')],
    ['too many frames', 17, 'tooLarge', /at most 200000/, replaceLine(17, `Frames: ${BVH_MAX_FRAMES + 1}`)],
    [
      'a brace never closed',
      21,
      'syntax',
      /found the end/,
      SMALL.slice(0, SMALL.indexOf('MOTION')).replace(/\}\n$/, '\n\n\n\n\n\n'),
    ],
  ];

  it.each(faults)('parseBvh refuses %s at line %i', (_, line, reason, message, text) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(new RegExp(`^Line ${line}: `));
    expect({ line: error.line, reason: error.reason }).toEqual({ line, reason });
  });

  it('parseBvh refuses a file beyond the limits', () => {
    expect(errorOf('x'.repeat(BVH_MAX_TEXT_LENGTH + 1)).reason).toBe('tooLarge');
    const joints = 'JOINT a {\n OFFSET 0 0 0\n'.repeat(BVH_MAX_JOINTS);
    expect(errorOf(`HIERARCHY\nROOT r {\n${joints}`).reason).toBe('tooLarge');
  });

  it('parseBvh refuses a skeleton without channels', () => {
    const text = 'HIERARCHY\nROOT r {\nOFFSET 0 0 0\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n';
    expect(errorOf(text)).toMatchObject({ reason: 'skeleton' });
  });
});

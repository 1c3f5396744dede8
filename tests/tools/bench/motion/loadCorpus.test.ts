import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, FACE_OFFSET, GAZE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { faultOfFrame } from '@/tests/fuzz/poseCheck';
import { LIVELY, MIXAMO, makeClip } from '@/tests/lib/motion/madeClips';
import type { CorpusClip } from '@/tools/bench/motion/corpusClip';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';
import { npyOf } from './npyOf';

const DEGREES = 180 / Math.PI;

function stepsDeg(poses: readonly Pose[], bone: number): number[] {
  const at = ROTATIONS_OFFSET + bone * 4;
  return poses.slice(1).map(({ values }, frame) => DEGREES * angleBetweenQuats(poses[frame]!.values, at, values, at));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const bones = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

function expectWhole({ name, fps, poses }: CorpusClip): void {
  expect(fps).toBe(30);
  expect(poses.length, name).toBeGreaterThan(0);
  for (const pose of poses) {
    expect(pose.parts).toBe(ALL_PARTS);
    expect(faultOfFrame(pose, 0), name).toBeNull();
  }
}

describe('the generated corpus', () => {
  const clips = loadCorpus(null);

  it('the generated corpus has whole poses and says that face and fingers are generated', () => {
    expect(clips.length).toBeGreaterThanOrEqual(4);
    for (const clip of clips) {
      expectWhole(clip);
      expect(clip.grafted.join(' ')).toMatch(/fingers: generated.*face and gaze: generated/);
    }
  });

  it('the generated corpus is the same in every run', () => {
    const again = loadCorpus(null);
    for (const [index, clip] of clips.entries()) {
      const isSame = clip.poses.every(({ values }, frame) =>
        values.every((value, k) => value === again[index]!.poses[frame]!.values[k]),
      );
      expect(isSame, clip.name).toBe(true);
    }
  });

  it('the generated corpus moves trunk, head, arms and legs and never jumps', () => {
    const [talk] = clips;
    for (const bone of [BONE_INDEX.spine, BONE_INDEX.head, BONE_INDEX.leftHand, BONE_INDEX.rightLowerLeg]) {
      expect(mean(stepsDeg(talk!.poses, bone))).toBeGreaterThan(0.03);
    }
    for (const { poses, name } of clips) {
      for (const bone of bones(0, BODY_BONE_COUNT)) expect(Math.max(...stepsDeg(poses, bone)), name).toBeLessThan(30);
    }
  });

  it('generated fingers move at 20 to 60 degrees a second, with coupled joints', () => {
    for (const { poses, name } of clips) {
      const steps = bones(BODY_BONE_COUNT, BONE_COUNT).map((bone) => stepsDeg(poses, bone));
      const perSecond = 30 * mean(steps.map(mean));
      expect(perSecond, name).toBeGreaterThan(20);
      expect(perSecond, name).toBeLessThan(60);
    }
    const { poses } = clips[0]!;
    const proximal = stepsDeg(poses, BONE_INDEX.leftIndexProximal);
    const distal = stepsDeg(poses, BONE_INDEX.leftIndexDistal);
    const fast = proximal.flatMap((step, frame) => (step > 5 ? [distal[frame]!] : []));
    expect(mean(fast)).toBeGreaterThan(2 * mean(distal));
  });

  it('generated faces talk and blink', () => {
    for (const { poses } of clips) {
      const weights = (shape: keyof typeof ARKIT_INDEX) =>
        poses.map(({ values }) => values[FACE_OFFSET + ARKIT_INDEX[shape]]!);
      expect(Math.max(...weights('jawOpen'))).toBeGreaterThan(0.4);
      expect(Math.max(...weights('eyeBlinkLeft'))).toBeGreaterThan(0.9);
      expect(Math.min(...weights('eyeBlinkLeft'))).toBeLessThan(0.1);
    }
  });
});

describe('a corpus from a folder', () => {
  let root: string;
  let folder: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'parley-corpus-'));
    folder = join(root, 'clips');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it('a corpus folder is read file by file and sampled at 30 frames a second', () => {
    write('b.bvh', makeClip(MIXAMO, { frames: 60, frameTime: 1 / 60, motion: LIVELY }));
    write('a.BVH', makeClip(MIXAMO, { frames: 60, motion: LIVELY }));
    write('notes.txt', 'nothing');
    const clips = loadCorpus(folder);
    expect(clips.map(({ name }) => name)).toEqual(['a', 'b']);
    clips.forEach(expectWhole);
    expect(clips[0]!.poses.length).toBeGreaterThan(1.8 * clips[1]!.poses.length);
  });

  it('fingers without recorded motion count as missing, those that move are kept', () => {
    write('still.bvh', makeClip(MIXAMO, { frames: 40, motion: LIVELY }));
    write(
      'left.bvh',
      makeClip(MIXAMO, {
        frames: 40,
        motion: (bone, frame) => (bone === 'leftIndex2' ? [0, 0, -frame] : LIVELY(bone, frame)),
      }),
    );
    const [left, still] = loadCorpus(folder);
    expect(still!.grafted[0]).toMatch(/^fingers: generated/);
    expect(left!.grafted[0]).toMatch(/^right fingers: generated/);
    const at = ROTATIONS_OFFSET + BONE_INDEX.leftMiddleProximal * 4;
    for (const { values } of left!.poses) expect(values[at + 3]).toBeCloseTo(1, 6);
  });

  it('a corpus folder names files that cannot be read, and is refused if none is left', () => {
    write('broken.bvh', 'HIERARCHY\nROOT');
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    expect(() => loadCorpus(folder, { say })).toThrow(/No BVH file/);
    write('good.bvh', makeClip(MIXAMO, { frames: 40, motion: LIVELY }));
    expect(loadCorpus(folder, { say }).map(({ name }) => name)).toEqual(['good']);
    expect(said.at(-1)).toMatch(/left out broken\.bvh: Line 2/);
  });

  it('a corpus gets the recorded face beside its clips, or the one that is named', () => {
    write('good.bvh', makeClip(MIXAMO, { frames: 40, motion: LIVELY }));
    expect(loadCorpus(folder)[0]!.grafted.at(-1)).toMatch(/generated/);
    const take = npyOf(Array.from({ length: 4 }, () => Array.from({ length: 61 }, (_, column) => column / 100)));
    mkdirSync(join(root, 'face'));
    writeFileSync(join(root, 'face', 'dao.npy'), take);
    const beside = loadCorpus(folder)[0]!;
    expect(beside.grafted.at(-1)).toMatch(/a recorded ARKit take/);
    expect(beside.poses[5]!.values[GAZE_OFFSET]).toBeCloseTo(-0.565, 5);
    const named = join(root, 'other.npy');
    writeFileSync(named, take);
    expect(loadCorpus(null, { facePath: named })[0]!.grafted.at(-1)).toMatch(/a recorded ARKit take/);
  });
});

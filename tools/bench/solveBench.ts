import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LandmarkFrame } from '@/lib/core/landmarks';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { copyPose, createPose } from '@/lib/pose/pose';
import { createSolverState, solve } from '@/lib/solve/solve';
import type { Bench, BenchResult } from './benchResult';
import { heapResult } from './heapGrowth';
import { CORPUS_FPS, type CorpusClip } from './motion/corpusClip';
import { loadCorpus, sayCorpus } from './motion/loadCorpus';
import { createFilteredPeer, solveWithKalidokit } from './solve/kalidokitPeer';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise, withoutDrift } from './solve/landmarkNoise';
import { landmarksOf } from './solve/landmarkTruth';
import { measureErrors } from './solve/measureErrors';
import { measureFlips, measureSeated } from './solve/measureFaults';
import { type Jitter, LagMeter, measureStatic } from './solve/measureSmoothing';
import { measureTime } from './solve/measureTime';
import { createOurSolver, isFacing } from './solve/solveClip';
import { errorResults, otherResults, ratioResult, staticResults, wristResults } from './solve/solveResults';

const FRAME_MS = 1000 / CORPUS_FPS;
const SEED = 9;
/** Moments of each clip that are held still, as shares of its length. */
const HELD_AT = [0.2, 0.5, 0.8] as const;
/** Frames that are timed. */
const TIMED_FRAMES = 600;
/** Frames of which the growth of the heap is measured. */
const HEAP_FRAMES = 4000;

/** Delay by which poses solved from jittering landmarks follow the true ones. */
function lagMs(clips: readonly CorpusClip[]): number {
  const meter = new LagMeter();
  for (const { poses } of clips) {
    const noise = new LandmarkNoise(SEED, withoutDrift(BODY_NOISE), withoutDrift(HAND_NOISE));
    const frames = poses.map((pose, at) => noise.apply(landmarksOf(pose, at * FRAME_MS)));
    const solver = createOurSolver(frames[0]!, FRAME_MS);
    meter.add(
      poses,
      frames.map((frame) => copyPose(solver(frame, FRAME_MS), createPose())),
    );
  }
  return meter.frames * FRAME_MS;
}

/** Jitter of our solver, of Kalidokit, and of Kalidokit behind a filter, on poses held still. */
function jitters(clips: readonly CorpusClip[]): [Jitter, Jitter, Jitter] {
  const held = clips
    .flatMap(({ poses }) => HELD_AT.map((share) => poses[Math.floor(poses.length * share)]!))
    .filter(isFacing);
  const orRest = createPose();
  return [
    measureStatic(held, FRAME_MS),
    measureStatic(held, FRAME_MS, () => (frame) => solveWithKalidokit(frame) ?? orRest),
    measureStatic(held, FRAME_MS, () => {
      const filtered = createFilteredPeer(solveWithKalidokit);
      return (frame, elapsedMs) => filtered(frame, elapsedMs) ?? orRest;
    }),
  ];
}

/** What a solved frame leaves on the heap, and a sample of an idle person and of the first clip in the folder. */
function heapResults(frames: readonly LandmarkFrame[], clipsDir: string | null): BenchResult[] {
  const state = createSolverState();
  const pose = createPose();
  const sampled = (name: string, target: number, source: MotionSource) =>
    heapResult(
      `motion.${name}.heap.bytes_per_sample`,
      target,
      (index) => source.sample(index * FRAME_MS, pose),
      HEAP_FRAMES,
    );
  const clip = clipsDir === null ? undefined : readdirSync(clipsDir).find((name) => name.endsWith('.bvh'));
  const solved = (index: number) => solve(frames[index % frames.length]!, state, FRAME_MS, pose);
  return [
    heapResult('solve.heap.bytes_per_frame', 2000, solved, HEAP_FRAMES),
    sampled('idle', 2000, createIdleSource(SEED)),
    ...(clip ? [sampled('bvh', 200, createBvhSource(readFileSync(join(clipsDir!, clip), 'utf8')))] : []),
  ];
}

/** The solver and Kalidokit on exact and noisy landmarks of known motion, and the error of each. */
export const solveBench: Bench = async ({ clipsDir, facePath }, say) => {
  const clips = loadCorpus(clipsDir, { facePath, say });
  sayCorpus(clips, say);
  say('Exact landmarks, then noisy ones (white 2/4 mm, drift 15/40 mm with a time constant of 0.7 s) ...');
  const clean = measureErrors(clips, false);
  const noisy = measureErrors(clips, true);
  say(`${clean.ours.wristMm.count / 2} frames face the webcam within 60 degrees. Stillness, delay, flips, time ...`);
  const frames = clips.flatMap(({ poses }) => poses).slice(0, TIMED_FRAMES);
  const timed = frames.map((pose, at) => landmarksOf(pose, at * FRAME_MS));
  const seatedFrames = clips.reduce((sum, { poses }) => sum + measureSeated(poses, FRAME_MS), 0);
  return [
    ...errorResults('clean', clean),
    ...errorResults('noisy', noisy),
    ratioResult(noisy),
    ...wristResults(clean, noisy),
    ...staticResults(...jitters(clips)),
    ...otherResults(lagMs(clips), measureFlips(clips), seatedFrames, measureTime(timed, FRAME_MS)),
    ...heapResults(timed, clipsDir),
  ];
};

import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { angleBetweenQuats } from '@/lib/pose/quat';
import type { Network } from './networks';
import { OUR_PLAYER, PEER_PLAYERS, type PlayerKind } from './players';
import { RENDER_HZ, type Run, type SendRate, simulate } from './simulate';
import { BODY_LENGTH, type Truth } from './truth';

/** Quality of one player over all clips and runs of a network. */
export interface Measured {
  /** From capture to drawing: mean over all frames; for players without sender times, the best fit. */
  readonly latencyMs: number;
  /** Angle between a bone as drawn and the true bone at the same sender time. */
  readonly meanDeg: number;
  readonly p95Deg: number;
  /** Pauses of more than 100 ms while the person moved. */
  readonly freezesPerMin: number;
  /** Drawn frames in which a bone turned much farther than the true one. */
  readonly jumpsPerMin: number;
  /** Share of the moving frames that stood still, percent. */
  readonly frozenPercent: number;
}

const DEGREES = 180 / Math.PI;
const FRAME_MS = 1000 / RENDER_HZ;

/** The best fitting latency is searched up to here, coarsely and then finely. */
const FIT_MAX_MS = 600;
const FIT_COARSE_MS = 20;
const FIT_FINE_MS = 4;
const FIT_EVERY = 4;

/** Less than this share of the true motion counts as still, if the true motion is at least this fast. */
const FROZEN_SHARE = 0.05;
const MOVING_DEG_PER_S = 8;
/** A freeze is still for this many frames (100 ms). */
const FREEZE_FRAMES = 6;

/** A jump is a step of more than 1.25 times the largest true step around it plus 2.5 degrees. */
const JUMP_FACTOR = 1.25;
const JUMP_SLACK_DEG = 2.5;
const AROUND_BEFORE = 10;
const AROUND_AFTER = 8;

const HISTOGRAM_DEG = 0.05;
const HISTOGRAM_BINS = 2000;

const here = new Float32Array(BODY_LENGTH);
const before = new Float32Array(BODY_LENGTH);

interface Step {
  readonly meanDeg: number;
  readonly maxDeg: number;
}

function stepBetween(a: Float32Array, aAt: number, b: Float32Array, bAt: number): Step {
  let sumDeg = 0;
  let maxDeg = 0;
  for (let at = 0; at < BODY_LENGTH; at += 4) {
    const deg = angleBetweenQuats(a, aAt + at, b, bAt + at) * DEGREES;
    sumDeg += deg;
    maxDeg = Math.max(maxDeg, deg);
  }
  return { meanDeg: sumDeg / BODY_BONE_COUNT, maxDeg };
}

function hasTimes(run: Run): boolean {
  return run.count > 0 && !Number.isNaN(run.playedMs[0]!);
}

function meanErrorAt(runs: readonly Run[], latencyMs: number): number {
  let sum = 0;
  let frames = 0;
  for (const run of runs) {
    for (let k = 0; k < run.count; k += FIT_EVERY) {
      run.truth.bodyAt(run.nowMs[k]! - latencyMs, here);
      sum += stepBetween(run.bodies, k * BODY_LENGTH, here, 0).meanDeg;
      frames += 1;
    }
  }
  return sum / frames;
}

function bestOf(candidatesMs: readonly number[], errorAt: (ms: number) => number): number {
  const errors = candidatesMs.map(errorAt);
  return candidatesMs[errors.indexOf(Math.min(...errors))]!;
}

function stepsOf(fromMs: number, toMs: number, stepMs: number): number[] {
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) + 1 }, (_, k) => fromMs + k * stepMs);
}

/** The latency at which the drawn motion is closest to the truth. */
function fitLatency(runs: readonly Run[]): number {
  const errorAt = (ms: number) => meanErrorAt(runs, ms);
  const coarse = bestOf(stepsOf(0, FIT_MAX_MS, FIT_COARSE_MS), errorAt);
  return bestOf(stepsOf(Math.max(0, coarse - 16), coarse + 16, FIT_FINE_MS), errorAt);
}

/** Mean and p95 of the angles between drawn and true bones of one run. */
function errorsOf(run: Run, fittedMs: number): { meanDeg: number; p95Deg: number } {
  const bins = new Float64Array(HISTOGRAM_BINS);
  let sum = 0;
  for (let k = 0; k < run.count; k += 1) {
    run.truth.bodyAt(hasTimes(run) ? run.playedMs[k]! : run.nowMs[k]! - fittedMs, here);
    for (let at = 0; at < BODY_LENGTH; at += 4) {
      const deg = angleBetweenQuats(run.bodies, k * BODY_LENGTH + at, here, at) * DEGREES;
      sum += deg;
      bins[Math.min(HISTOGRAM_BINS - 1, Math.floor(deg / HISTOGRAM_DEG))]! += 1;
    }
  }
  const total = run.count * BODY_BONE_COUNT;
  let left = total * 0.95;
  const bin = bins.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return { meanDeg: sum / total, p95Deg: (bin + 1) * HISTOGRAM_DEG };
}

/** True motion around each drawn frame: mean over the bones at the fitted latency, largest at the time drawn. */
function trueSteps(run: Run, fittedMs: number): Step[] {
  const steps: Step[] = [];
  const between = (fromMs: number, toMs: number) => {
    run.truth.bodyAt(toMs, here);
    run.truth.bodyAt(fromMs, before);
    return stepBetween(before, 0, here, 0);
  };
  for (let k = 1; k < run.count; k += 1) {
    const fitted = between(run.nowMs[k - 1]! - fittedMs, run.nowMs[k]! - fittedMs);
    const played = run.playedMs[k]!;
    const { maxDeg } = hasTimes(run) ? between(played - FRAME_MS, played) : fitted;
    steps.push({ meanDeg: fitted.meanDeg, maxDeg });
  }
  return steps;
}

interface Smoothness {
  moving: number;
  frozen: number;
  freezes: number;
  jumps: number;
}

function largestAround(steps: readonly Step[], k: number): number {
  let largest = 0;
  const end = Math.min(steps.length - 1, k + AROUND_AFTER);
  for (let i = Math.max(0, k - AROUND_BEFORE); i <= end; i += 1) largest = Math.max(largest, steps[i]!.maxDeg);
  return largest;
}

function smoothnessOf(run: Run, fittedMs: number, out: Smoothness): void {
  const truth = trueSteps(run, fittedMs);
  let still = 0;
  for (let k = 1; k < run.count; k += 1) {
    const drawn = stepBetween(run.bodies, k * BODY_LENGTH, run.bodies, (k - 1) * BODY_LENGTH);
    const trueDeg = truth[k - 1]!.meanDeg;
    const isMoving = trueDeg * RENDER_HZ > MOVING_DEG_PER_S;
    const isStill = isMoving && drawn.meanDeg < FROZEN_SHARE * trueDeg;
    if (isMoving) out.moving += 1;
    if (isStill) out.frozen += 1;
    if (!isStill && still >= FREEZE_FRAMES) out.freezes += 1;
    still = isStill ? still + 1 : 0;
    if (drawn.maxDeg > JUMP_FACTOR * largestAround(truth, k) + JUMP_SLACK_DEG) out.jumps += 1;
  }
}

function meanLatency(runs: readonly Run[], fittedMs: number): number {
  let sum = 0;
  let frames = 0;
  for (const run of runs) {
    for (let k = 0; k < run.count; k += 1) {
      sum += hasTimes(run) ? run.nowMs[k]! - run.playedMs[k]! : fittedMs;
      frames += 1;
    }
  }
  return sum / frames;
}

/** Measures runs of one player over one network. */
export function measure(runs: readonly Run[]): Measured {
  const fittedMs = fitLatency(runs);
  const smoothness: Smoothness = { moving: 0, frozen: 0, freezes: 0, jumps: 0 };
  let meanDeg = 0;
  let p95Deg = 0;
  const frames = runs.reduce((sum, { count }) => sum + count, 0);
  for (const run of runs) {
    const errors = errorsOf(run, fittedMs);
    meanDeg += (errors.meanDeg * run.count) / frames;
    p95Deg += (errors.p95Deg * run.count) / frames;
    smoothnessOf(run, fittedMs, smoothness);
  }
  const minutes = frames / RENDER_HZ / 60;
  return {
    latencyMs: meanLatency(runs, fittedMs),
    meanDeg,
    p95Deg,
    freezesPerMin: smoothness.freezes / minutes,
    jumpsPerMin: smoothness.jumps / minutes,
    frozenPercent: (100 * smoothness.frozen) / Math.max(1, smoothness.moving),
  };
}

/** Runs of each clip over each network, each with its own seed. */
const RUNS_A_CLIP = 3;
const SEED = 1000;
const SEED_A_CLIP = 10;

/** A player with its measurement. */
export interface Played {
  readonly name: string;
  readonly measured: Measured;
}

/** All players on one network at one rate. */
export interface Comparison {
  readonly network: Network;
  readonly rate: SendRate;
  readonly ours: Played;
  readonly peers: readonly Played[];
}

function play(truths: readonly Truth[], network: Network, rate: SendRate, kind: PlayerKind): Played {
  const runs = truths.flatMap((truth, clip) =>
    Array.from({ length: RUNS_A_CLIP }, (_, run) =>
      simulate(truth, rate, network, kind, SEED + clip * SEED_A_CLIP + run),
    ),
  );
  return { name: kind.name, measured: measure(runs) };
}

/** Plays every clip three times over `network`, with Parley's playout and with every peer. */
export function compare(truths: readonly Truth[], network: Network, rate: SendRate): Comparison {
  const playWith = (kind: PlayerKind) => play(truths, network, rate, kind);
  return { network, rate, ours: playWith(OUR_PLAYER), peers: PEER_PLAYERS.map(playWith) };
}

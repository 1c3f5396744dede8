import { describe, expect, it } from 'vitest';
import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { ManualClock } from '@/lib/core/clock';
import type { Tier } from '@/lib/core/meeting';
import { PoseReceiver } from '@/lib/meeting/receiver';
import { PoseSender } from '@/lib/meeting/sender';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { createPose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference } from '@/lib/transport/loopback';
import { seededRandom } from '@/tools/seededRandom';
import { LIVELY, MIXAMO, makeClip } from '../motion/madeClips';
import { REAL_CLIPS } from '../motion/realClips';

const MEETING_MS = 15_000;
const SETTLING_MS = 2000;

interface Result {
  readonly meanDeg: number;
  readonly worstMeanDeg: number;
  readonly received: number;
  readonly dropped: number;
}

/** A sends `source` at `tier`; B draws at 60 Hz what it plays, compared with the source at the time B is playing. */
async function meet(source: MotionSource, tier: Tier, jitterMs: number, lossShare: number): Promise<Result> {
  const clock = new ManualClock(5_000_000);
  const random = seededRandom(99);
  const conference = new LoopbackConference({
    clock,
    delayMs: () => 20 + jitterMs * random(),
    isLost: () => random() < lossShare,
  });
  const [a, b] = [conference.createEndpoint('a'), conference.createEndpoint('b')];
  await a.connect();
  await b.connect();
  const receiver = new PoseReceiver({ transport: b, createDecoder: () => new SimpleDecoder(), clock });
  receiver.setSeated(['a', 'b']);
  const sender = new PoseSender({ source, encoder: new SimpleEncoder(), transport: a, tier, clock });
  const drawn = createPose();
  const truth = createPose();
  const means: number[] = [];
  const startMs = clock.nowMs();
  let nextSendMs = startMs;
  let nextDrawMs = startMs;
  while (clock.nowMs() < startMs + MEETING_MS) {
    clock.advance(1);
    conference.deliverDue();
    const nowMs = clock.nowMs();
    if (nowMs >= nextSendMs) {
      sender.tick();
      nextSendMs += 1000 / tier.fps;
    }
    if (nowMs < nextDrawMs) continue;
    nextDrawMs += 1000 / 60;
    const state = receiver.sample('a', nowMs, drawn);
    if (nowMs < startMs + SETTLING_MS) continue;
    expect(state).toBe('live');
    // The quickest packet takes 20 ms; the age is what playing adds to it.
    const playedMs = nowMs - 20 - receiver.statsOf('a')!.ageMs;
    source.sample(playedMs - sender.sourceStartMs, truth);
    let sum = 0;
    for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      sum += angleBetweenQuats(drawn.values, at, truth.values, at);
    }
    means.push(((sum / BODY_BONE_COUNT) * 180) / Math.PI);
  }
  expect(drawn.parts).toBe(truth.parts);
  return {
    meanDeg: means.reduce((total, mean) => total + mean, 0) / means.length,
    worstMeanDeg: Math.max(...means),
    received: receiver.statsOf('a')!.received,
    dropped: [...receiver.dropped.values()].reduce((total, count) => total + count, 0),
  };
}

describe('two people in a meeting', () => {
  const clips = [
    { name: 'a made clip', source: () => createBvhSource(makeClip(MIXAMO, { frames: 300, motion: LIVELY })) },
    { name: 'an idle person', source: () => createIdleSource(5) },
    ...REAL_CLIPS.map(({ name, read }) => ({ name, source: () => createBvhSource(read()) })),
  ];

  it.each(clips)('B sees A move as $name does, within 5 degrees mean at every tier', async ({ source }) => {
    for (const tier of Object.values(TIERS)) {
      const { meanDeg, received, dropped } = await meet(source(), tier, 40, 0);
      expect(meanDeg, tier.name).toBeLessThan(5);
      expect(received).toBeGreaterThan((MEETING_MS / 1000) * tier.fps * 0.85);
      expect(dropped + received).toBeLessThanOrEqual((MEETING_MS / 1000) * tier.fps + 2);
    }
  });

  it.each(clips)('B sees A move as $name does within 1 degree where the network is even', async ({ source }) => {
    const { meanDeg, worstMeanDeg } = await meet(source(), TIERS.high, 0, 0);
    expect(meanDeg).toBeLessThan(1);
    expect(worstMeanDeg).toBeLessThan(5);
  });

  it('B still sees A through a tenth of the packets lost', async () => {
    const made = clips[0]!.source();
    const { meanDeg, received } = await meet(made, TIERS.high, 20, 0.1);
    expect(meanDeg).toBeLessThan(5);
    expect(received).toBeLessThan(30 * 15 * 0.97);
  });
});

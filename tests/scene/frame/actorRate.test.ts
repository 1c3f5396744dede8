import { describe, expect, it } from 'vitest';
import { ALL_PARTS, HIPS_OFFSET } from '@/lib/pose/pose';
import { Actor } from '@/scene/frame/actor';
import type { PoseFeed } from '@/scene/frame/feeds';
import { createSyntheticModel } from '../avatar/syntheticModel';
import { poseValuesOf, WatchedCrowd } from '../avatar/watchedCrowd';

const PLACE = { x: 0, z: 0, yawRad: 0, standX: 0, standZ: 0, seatHeight: null };
const FRAME_MS = 1000 / 60;

/** The hips rise with time, so that every pose differs. */
const rising: PoseFeed = {
  sample: (_id, nowMs, out) => {
    out.values[HIPS_OFFSET + 1] = nowMs * 1e-5;
    out.parts = ALL_PARTS;
    return 'live';
  },
};

function createActor() {
  const crowd = new WatchedCrowd();
  const actor = new Actor('a', crowd, createSyntheticModel(), PLACE);
  const frame = (nowMs: number) => {
    actor.sample(rising, nowMs, FRAME_MS);
    actor.show();
    actor.schedule(nowMs);
    actor.compose();
    actor.apply();
    return poseValuesOf(crowd.members[0]!)[HIPS_OFFSET + 1]!;
  };
  // Until the person has eased into their motion.
  for (let i = 0; i < 60; i += 1) frame(i * FRAME_MS);
  return { actor, frame };
}

/** How many different poses the crowd is given in two seconds. */
function posesGiven(tier: number): number {
  const { actor, frame } = createActor();
  actor.tier = tier;
  const poses = new Set<number>();
  for (let i = 0; i < 120; i += 1) poses.add(frame(2000 + i * FRAME_MS));
  return poses.size;
}

describe('the rate of poses', () => {
  it('the nearest people are posed in every frame, and others less often by their tier', () => {
    const counts = [0, 1, 2, 3].map(posesGiven);
    expect(counts[0]).toBeGreaterThan(115);
    expect(counts[1]).toBeGreaterThan(50);
    expect(counts[1]).toBeLessThan(65);
    expect(counts[2]).toBeLessThan(30);
    expect(counts[3]).toBeLessThan(15);
  });

  it('a person who comes into the picture is posed at once', () => {
    const { actor, frame } = createActor();
    actor.tier = 2;
    frame(2000);
    actor.visible = false;
    for (let i = 1; i < 9; i += 1) frame(2000 + i);
    actor.visible = true;
    expect(frame(2010)).toBeCloseTo(2010 * 1e-5, 6);
  });

  it('a person who changes their avatar is posed at once', () => {
    const { actor, frame } = createActor();
    actor.tier = 2;
    frame(2000);
    actor.wear(createSyntheticModel());
    expect(frame(2001)).toBeCloseTo(2001 * 1e-5, 6);
  });
});

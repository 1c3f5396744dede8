import { describe, expect, it } from 'vitest';
import type { PlayoutState } from '@/lib/playout/playout';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, HIPS_OFFSET, type Pose, PosePart } from '@/lib/pose/pose';
import { Actor } from '@/scene/frame/actor';
import { STANDING_RADIUS } from '@/scene/frame/composePose';
import type { PoseFeed } from '@/scene/frame/feeds';
import { rotationAt } from '@/scene/frame/poseBlend';
import { createSyntheticModel } from '../avatar/syntheticModel';
import { brightnessOf, poseValuesOf, WatchedCrowd } from '../avatar/watchedCrowd';

const PLACE = { x: 1, z: 2, yawRad: 0.5, standX: 1.2, standZ: 2.4, seatHeight: 0.345 };

/** A feed that keeps its state and pose until the test changes them. */
class ScriptedFeed implements PoseFeed {
  state: PlayoutState = 'live';
  readonly pose = createPose();

  constructor(parts = ALL_PARTS) {
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const angle = 0.2 + bone * 0.01;
      this.pose.values.set([Math.sin(angle), 0, 0, Math.cos(angle)], rotationAt(bone));
    }
    this.pose.parts = parts;
  }

  sample(_personId: string, _nowMs: number, out: Pose): PlayoutState {
    if (this.state === 'none') return 'none';
    out.values.set(this.pose.values);
    out.parts = this.pose.parts;
    return this.state;
  }
}

function play(actor: Actor, feed: PoseFeed, ms: number): void {
  for (let t = 0; t < ms; t += 20) {
    actor.sample(feed, t, 20);
    actor.show();
    actor.compose();
    actor.apply();
  }
}

function seat(model = createSyntheticModel()) {
  const crowd = new WatchedCrowd();
  const actor = new Actor('a', crowd, model, PLACE);
  const member = () => crowd.members[0]!;
  return { crowd, actor, given: () => ({ values: poseValuesOf(member()) }), brightness: () => brightnessOf(member()) };
}

const rotation = (pose: Pick<Pose, 'values'>, bone: number) => [
  ...pose.values.subarray(rotationAt(bone), rotationAt(bone) + 4),
];

describe('Actor', () => {
  it('a whole pose is drawn exactly as sent, standing', () => {
    const feed = new ScriptedFeed();
    const { actor, given } = seat();
    play(actor, feed, 1000);
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      expect(rotation(actor.drawn, bone)).toEqual(rotation(feed.pose, bone));
      expect(rotation(given(), bone)).toEqual(rotation(feed.pose, bone));
    }
    expect(actor.position.toArray()).toEqual([PLACE.standX, 0, PLACE.standZ]);
  });

  it('a person without legs in the pose sits, and the rest is drawn as sent', () => {
    const feed = new ScriptedFeed(ALL_PARTS & ~PosePart.legs);
    const { actor } = seat();
    play(actor, feed, 1000);
    expect(actor.position.toArray()).toEqual([PLACE.x, 0, PLACE.z]);
    expect(rotation(actor.drawn, BONE_INDEX.head)).toEqual(rotation(feed.pose, BONE_INDEX.head));
    expect(rotation(actor.drawn, BODY_BONE_COUNT)).toEqual(rotation(feed.pose, BODY_BONE_COUNT));
    expect(rotation(actor.drawn, BONE_INDEX.leftUpperLeg)).not.toEqual(rotation(feed.pose, BONE_INDEX.leftUpperLeg));
    expect(actor.drawn.values[HIPS_OFFSET + 1]).toBeLessThan(-0.2);
  });

  it('a walking person stays at their place', () => {
    const feed = new ScriptedFeed();
    feed.pose.values.set([3, 0.1, 4], HIPS_OFFSET);
    const { actor } = seat();
    play(actor, feed, 1000);
    const [x, y, z] = actor.drawn.values.subarray(HIPS_OFFSET, HIPS_OFFSET + 3);
    expect(Math.hypot(x!, z!)).toBeCloseTo(STANDING_RADIUS, 5);
    expect(y).toBeCloseTo(0.1, 5);
    expect(x! / z!).toBeCloseTo(0.75, 5);
  });

  it('a person whose sender falls silent eases to a dimmed, neutral, seated rest, and back', () => {
    const feed = new ScriptedFeed();
    feed.pose.values[FACE_OFFSET] = 1;
    const { actor, brightness } = seat();
    play(actor, feed, 1000);
    feed.state = 'stale';
    play(actor, feed, 300);
    expect(actor.drawn.values[FACE_OFFSET]).toBeGreaterThan(0.1);
    expect(actor.drawn.values[FACE_OFFSET]).toBeLessThan(0.9);
    play(actor, feed, 700);
    expect(actor.drawn.values[FACE_OFFSET]).toBe(0);
    expect(actor.standing).toBe(0);
    expect(brightness()).toBe(0.5);
    feed.state = 'live';
    play(actor, feed, 1000);
    expect(rotation(actor.drawn, BONE_INDEX.head)).toEqual(rotation(feed.pose, BONE_INDEX.head));
    expect(brightness()).toBe(1);
  });

  it('a person rests on their seat, undimmed, before any pose has come', () => {
    const feed = new ScriptedFeed();
    feed.state = 'none';
    const { actor, brightness } = seat();
    play(actor, feed, 200);
    expect(actor.position.toArray()).toEqual([PLACE.x, 0, PLACE.z]);
    expect(brightness()).toBe(1);
  });
});

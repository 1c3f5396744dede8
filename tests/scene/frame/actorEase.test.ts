import { describe, expect, it } from 'vitest';
import type { PlayoutState } from '@/lib/playout/playout';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { ALL_PARTS, copyPose, createPose, FACE_OFFSET, type Pose, PosePart } from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromEuler } from '@/lib/pose/quat';
import { Crowd } from '@/scene/avatar/crowd';
import { Actor } from '@/scene/frame/actor';
import type { PoseFeed } from '@/scene/frame/feeds';
import { rotationAt, rotationOf } from '@/scene/frame/poseBlend';
import { createSyntheticModel } from '../avatar/syntheticModel';
import { brightnessOf, WatchedCrowd } from '../avatar/watchedCrowd';

const STEP_MS = 1000 / 60;
const POP_M = 0.05;
const POP_RAD = (10 * Math.PI) / 180;
const PLACE = { x: 1, z: 2, yawRad: 0.5, standX: 1.2, standZ: 2.4, seatHeight: 0.345 };

/** A person who stands and talks with both arms, as in recorded motion; `timeMs` is on the sender's clock. */
function writeMotion(timeMs: number, out: Pose): void {
  const t = timeMs / 1000;
  const set = (bone: Parameters<typeof rotationOf>[0], x: number, y: number, z: number) =>
    quatFromEuler(x, y, z, 'YXZ', out.values, rotationOf(bone));
  set('hips', 0.1 * Math.sin(t), 0.3 * Math.sin(t * 0.7), 0.05);
  set('spine', 0.15 * Math.sin(t * 1.3), 0.2, 0.1 * Math.cos(t));
  set('head', 0.3 * Math.sin(t * 1.1), 0.5 * Math.sin(t * 0.9), 0);
  set('leftUpperArm', 0.2, -0.6 + 0.5 * Math.sin(t * 1.9), -0.3 + 0.7 * Math.sin(t * 1.4));
  set('rightUpperArm', -0.4, 0.9 + 0.5 * Math.cos(t * 1.7), 0.9 + 0.6 * Math.sin(t * 1.2));
  set('leftLowerArm', 0, -1.2 + 0.6 * Math.sin(t * 2.1), 0);
  set('rightLowerArm', 0, 1.5 + 0.5 * Math.cos(t * 2.3), 0);
  set('leftUpperLeg', -0.2 * Math.sin(t), 0, 0);
  out.values.set([0.08 * Math.sin(t), 0.02, 0.05 * Math.cos(t)], 0);
  out.values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.3 + 0.2 * Math.sin(t * 5);
}

/** Plays the motion as playout does: live, then holding the last pose, then continuing where the sender is. */
class InterruptedFeed implements PoseFeed {
  parts = ALL_PARTS;
  private readonly held = createPose();

  constructor(private readonly isSilentAt: (nowMs: number) => boolean) {}

  sample(_personId: string, nowMs: number, out: Pose): PlayoutState {
    const isSilent = this.isSilentAt(nowMs);
    if (!isSilent) writeMotion(nowMs, this.held);
    copyPose(this.held, out);
    out.parts = this.parts;
    return isSilent ? 'stale' : 'live';
  }
}

/** Runs frames and keeps the largest step of any joint's place and any bone's rotation. */
class StepMeter {
  private readonly body = createBodyState();
  private readonly before = createBodyState();
  private readonly rotationsBefore = createPose();
  private isFirst = true;
  metres = 0;
  radians = 0;

  note(actor: Actor): void {
    solveBody(actor.drawn, this.body);
    const { x, z } = actor.position;
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      this.body.positions[bone * 3]! += x;
      this.body.positions[bone * 3 + 2]! += z;
      if (!this.isFirst) this.noteBone(actor, bone);
    }
    this.isFirst = false;
    this.before.positions.set(this.body.positions);
    copyPose(actor.drawn, this.rotationsBefore);
  }

  private noteBone(actor: Actor, bone: number): void {
    const step = [0, 1, 2].map((k) => this.body.positions[bone * 3 + k]! - this.before.positions[bone * 3 + k]!);
    this.metres = Math.max(this.metres, Math.hypot(...step));
    const at = rotationAt(bone);
    const turn = angleBetweenQuats(actor.drawn.values, at, this.rotationsBefore.values, at);
    this.radians = Math.max(this.radians, turn);
  }
}

function largestSteps(feed: PoseFeed, ms: number, onFrame: (actor: Actor, nowMs: number) => void = () => {}) {
  const actor = new Actor('a', new Crowd(), createSyntheticModel(), PLACE);
  const meter = new StepMeter();
  for (let nowMs = 0; nowMs < ms; nowMs += STEP_MS) {
    onFrame(actor, nowMs);
    actor.sample(feed, nowMs, STEP_MS);
    actor.hear(0, STEP_MS, false);
    actor.compose();
    meter.note(actor);
  }
  return { actor, meter };
}

function expectNoPop({ metres, radians }: StepMeter): void {
  expect(metres).toBeLessThan(POP_M);
  expect(radians).toBeLessThan(POP_RAD);
}

describe('easing between a sender and rest', () => {
  it('nothing pops where a sender falls silent and comes back', () => {
    const { actor, meter } = largestSteps(new InterruptedFeed((ms) => ms > 3000 && ms < 7000), 11_000);
    expectNoPop(meter);
    expect(actor.state).toBe('live');
    // It did move.
    expect(meter.metres).toBeGreaterThan(0.005);
  });

  it.each([40, 150, 300, 550])('nothing pops where a silence ends after %i ms, halfway to rest', (silentMs) => {
    // The pose after the silence is far from the one before: the sender moved on for seconds.
    const feed = new InterruptedFeed((ms) => ms > 2000 && ms < 2000 + silentMs);
    const late = new InterruptedFeed(() => false);
    const jumping: PoseFeed = {
      sample: (id, nowMs, out) =>
        nowMs < 2000 + silentMs ? feed.sample(id, nowMs, out) : late.sample(id, nowMs + 1700, out),
    };
    expectNoPop(largestSteps(jumping, 4000).meter);
  });

  it('nothing pops where silence comes and goes', () => {
    expectNoPop(largestSteps(new InterruptedFeed((ms) => ms % 370 > 200), 6000).meter);
  });

  it('nothing pops where parts come and go', () => {
    const feed = new InterruptedFeed(() => false);
    const sets = [
      ALL_PARTS,
      PosePart.upperBody,
      0,
      ALL_PARTS & ~PosePart.legs,
      PosePart.legs | PosePart.hips,
      ALL_PARTS,
    ];
    const { meter } = largestSteps(feed, 7000, (_, nowMs) => {
      feed.parts = sets[Math.floor(nowMs / 400) % sets.length]!;
    });
    expectNoPop(meter);
  });

  it('nothing pops where a person goes away and comes back', () => {
    const { meter } = largestSteps(new InterruptedFeed(() => false), 8000, (actor, nowMs) => {
      actor.isAway = nowMs > 2000 && nowMs < 5200;
    });
    expectNoPop(meter);
  });

  it('easing starts from exactly the last drawn pose', () => {
    const last = createPose();
    const { actor } = largestSteps(new InterruptedFeed((ms) => ms > 3000), 3000);
    copyPose(actor.drawn, last);
    actor.sample(new InterruptedFeed(() => true), 3017, STEP_MS);
    actor.compose();
    const at = rotationOf('rightLowerArm');
    expect(angleBetweenQuats(actor.drawn.values, at, last.values, at)).toBeLessThan(0.02);
  });
});

describe('idle life', () => {
  it('a person at rest breathes calmly, and holds still with decorative motion off', () => {
    const feed: PoseFeed = { sample: () => 'none' };
    const { actor, meter } = largestSteps(feed, 5000);
    expect(meter.metres).toBeGreaterThan(1e-5);
    expect(meter.metres).toBeLessThan(0.002);
    const before = createPose();
    for (let i = 0; i < 60; i += 1) {
      actor.sample(feed, i, STEP_MS);
      actor.hear(0, STEP_MS, true);
      actor.compose();
      if (i === 0) copyPose(actor.drawn, before);
    }
    expect([...actor.drawn.values]).toEqual([...before.values]);
  });

  it('a person who is away lowers the head and is dimmed less than one who fell silent', () => {
    const model = createSyntheticModel();
    const dimOf = (state: PlayoutState, isAway: boolean) => {
      const crowd = new WatchedCrowd();
      const actor = new Actor('a', crowd, model, PLACE);
      actor.isAway = isAway;
      for (let i = 0; i < 120; i += 1) {
        actor.sample({ sample: () => state }, i, STEP_MS);
        actor.hear(0, STEP_MS, true);
        actor.show();
        actor.compose();
        actor.apply();
      }
      const bow = actor.drawn.values[rotationOf('head')]!;
      return { brightness: brightnessOf(crowd.members[0]!), bow };
    };
    const [awake, stale, away] = [dimOf('live', false), dimOf('stale', false), dimOf('live', true)];
    expect(awake.brightness).toBe(1);
    expect(stale.brightness).toBe(0.5);
    expect(away.brightness).toBeGreaterThan(0.5);
    expect(away.brightness).toBeLessThan(1);
    expect(away.bow).toBeGreaterThan(stale.bow + 0.08);
  });
});

describe('the voice and the face', () => {
  function jawAfter(parts: number, level: number): number {
    const feed = new InterruptedFeed(() => false);
    feed.parts = parts;
    const actor = new Actor('a', new Crowd(), createSyntheticModel(), PLACE);
    let most = 0;
    for (let nowMs = 0; nowMs < 3000; nowMs += STEP_MS) {
      actor.sample(feed, nowMs, STEP_MS);
      actor.hear(level, STEP_MS, false);
      actor.compose();
      const sent = createPose();
      writeMotion(nowMs, sent);
      const at = FACE_OFFSET + ARKIT_INDEX.jawOpen;
      if (nowMs > 1000) most = Math.max(most, actor.drawn.values[at]! - (parts & PosePart.face ? sent.values[at]! : 0));
    }
    return most;
  }

  it('the voice moves a mouth that no webcam follows', () => {
    expect(jawAfter(ALL_PARTS & ~PosePart.face, 0.7)).toBeGreaterThan(0.15);
    expect(jawAfter(ALL_PARTS & ~PosePart.face, 0)).toBe(0);
  });

  it('the voice changes nothing in a face that a webcam follows', () => {
    expect(jawAfter(ALL_PARTS, 0.9)).toBe(0);
  });
});

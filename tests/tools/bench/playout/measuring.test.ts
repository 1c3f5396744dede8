import { describe, expect, it } from 'vitest';
import type { MotionSource } from '@/lib/motion/motionSource';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { ALL_PARTS, copyPose, createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import { measure } from '@/tools/bench/playout/measure';
import type { Network } from '@/tools/bench/playout/networks';
import { OUR_PLAYER, PEER_PLAYERS, type Player, type PlayerKind } from '@/tools/bench/playout/players';
import { simulate } from '@/tools/bench/playout/simulate';
import { Truth } from '@/tools/bench/playout/truth';

const CLIP_MS = 12_000;

/** Every bone swings by 40 degrees; the hips at a sixth of the speed, so that nothing stands still for long. */
const swinging: MotionSource = {
  sample(timeMs, out) {
    for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) {
      const rad = 0.7 * Math.sin((timeMs / 1000) * 3 + bone);
      quatFromEuler(rad, 0, 0, 'XYZ', out.values, ROTATIONS_OFFSET + bone * 4);
    }
    out.parts = ALL_PARTS;
    return out;
  },
};

const even: Network = { name: 'even', meanMs: 40, arrivals: (sentMs) => sentMs.map((ms) => ms + 40) };
const RATE = { fps: 30, framesPerPacket: 1 };

/** Draws the truth `lagMs` late, with the error that a test adds. */
function oracle(lagMs: number, change: (nowMs: number, out: Pose) => void = () => {}): PlayerKind {
  const create = (): Player => ({
    playedMs: null,
    push: () => {},
    render(nowMs, out) {
      swinging.sample(nowMs - lagMs, out);
      change(nowMs, out);
      return true;
    },
  });
  return { name: 'oracle', create };
}

const truth = new Truth('swinging', swinging, CLIP_MS);
const measured = (kind: PlayerKind, rate = RATE) => measure([simulate(truth, rate, even, kind, 1)]);

describe('measuring', () => {
  it('a player that draws the truth late has that latency and no other fault', () => {
    const { latencyMs, meanDeg, p95Deg, freezesPerMin, jumpsPerMin } = measured(oracle(84));
    expect(latencyMs).toBeCloseTo(84, 5);
    expect(meanDeg).toBeLessThan(0.1);
    expect(p95Deg).toBeLessThan(0.2);
    expect([freezesPerMin, jumpsPerMin]).toEqual([0, 0]);
  });

  it('the error of a player is measured at its size', () => {
    const turned = oracle(84, (_, out) => {
      const at = ROTATIONS_OFFSET + 4;
      quatFromEuler(0, Math.PI / 2, 0, 'XYZ', out.values, at);
    });
    // One bone of 22 is far off all the time.
    expect(measured(turned).p95Deg).toBeLessThan(1);
    expect(measured(turned).meanDeg).toBeGreaterThan(80 / 22);
  });

  it('a pause of more than 100 ms is a freeze, one of 60 ms is not', () => {
    const held = createPose();
    const freezing = (lastsMs: number) =>
      oracle(84, (nowMs, out) => {
        if (nowMs % 3000 > lastsMs) copyPose(out, held);
        else copyPose(held, out);
      });
    const minutes = (CLIP_MS - 2550) / 60_000;
    expect(measured(freezing(200)).freezesPerMin * minutes).toBeCloseTo(3, 0);
    expect(measured(freezing(60)).freezesPerMin).toBe(0);
  });

  it('a jump counts, and so does the jump back', () => {
    const jumping = oracle(84, (nowMs, out) => {
      if (nowMs % 3000 < 100) quatFromEuler(0, 1, 0, 'XYZ', out.values, ROTATIONS_OFFSET + 8);
    });
    expect(measured(jumping).jumpsPerMin * ((CLIP_MS - 2550) / 60_000)).toBeCloseTo(6, 0);
  });

  it.each([OUR_PLAYER, ...PEER_PLAYERS])('$name draws what was sent, also from packets of two frames', (kind) => {
    for (const framesPerPacket of [1, 2]) {
      const { latencyMs, meanDeg } = measured(kind, { fps: 30, framesPerPacket });
      expect(latencyMs).toBeGreaterThan(20);
      expect(latencyMs).toBeLessThan(260);
      expect(meanDeg).toBeLessThan(3);
    }
  });

  it('a player that holds the newest pose stands still between frames', () => {
    const hold = measured(PEER_PLAYERS[0]!);
    expect(hold.frozenPercent).toBeGreaterThan(40);
    expect(measured(OUR_PLAYER).frozenPercent).toBeLessThan(1);
  });
});

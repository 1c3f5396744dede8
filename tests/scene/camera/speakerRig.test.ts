import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { CameraDirector } from '@/scene/camera/cameraDirector';
import type { CameraInput } from '@/scene/camera/cameraInput';
import type { FramedPerson } from '@/scene/camera/framing';
import { type Shot, shotPosition } from '@/scene/camera/shot';
import { GLIDE_CLEARANCE, type GlidePose, glideAt, planGlide } from '@/scene/camera/speakerRig';
import { CUT_EVERY_MS } from '@/scene/camera/speakerShots';
import { createArrangement } from '@/scene/room/plan/arrangement';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };
const FRAME_MS = 50;
/** A camera that moves farther in a frame has cut, metres. */
const JUMP = 0.25;

/** Input under the test's control. */
class Hand {
  turnX = 0;
  isHeld = false;

  take() {
    const motion = { turnX: this.turnX, turnY: 0, slideX: 0, slideY: 0, zoom: 1 };
    this.turnX = 0;
    return motion;
  }

  axis(): number {
    return 0;
  }
}

function sitting(count: number): FramedPerson[] {
  const { seats } = createArrangement(count > 6 ? 'arc' : 'table', 16);
  return seats
    .slice(0, count)
    .map(({ x, z, yawRad }, i) => ({ id: `p${i}`, x, z, yawRad, eyeY: 1.05, topY: 1.3, isSelf: false }));
}

/** A meeting watched by a camera that follows the speakers. */
function createMeeting(count: number, aspect = 1.6) {
  const people = sitting(count);
  const camera = new PerspectiveCamera(40, aspect, 0.08, 60);
  const hand = new Hand();
  let speaking: readonly string[] = [];
  let nowMs = 0;
  const director = new CameraDirector(camera, hand as unknown as CameraInput, BOUNDS, {
    eyes: { read: () => null },
    isSpeaking: (id) => speaking.includes(id),
  });
  director.setPeople(people);
  director.setView('speaker');
  const frame = () => {
    nowMs += FRAME_MS;
    director.update(nowMs, FRAME_MS);
  };
  const speak = (ids: readonly string[], ms: number, seen: (atMs: number) => void = () => {}) => {
    speaking = ids;
    for (let at = 0; at < ms; at += FRAME_MS) {
      frame();
      seen(nowMs);
    }
  };
  return { people, camera, hand, director, speak };
}

const anyTalk = fc.array(
  fc.tuple(
    fc.subarray([...Array(16).keys()], { maxLength: 2 }).map((seats) => seats.map((seat) => `p${seat}`)),
    fc.integer({ min: 500, max: 9000 }),
  ),
  { minLength: 3, maxLength: 12 },
);

describe('a camera that follows the speakers', () => {
  it('a speaker camera looks at the speaker', () => {
    const { people, camera, speak } = createMeeting(16);
    speak(['p3'], 8000);
    camera.updateMatrixWorld();
    const { x, eyeY, z } = people[3]!;
    const face = new Vector3(x, eyeY, z).project(camera);
    expect(Math.abs(face.x)).toBeLessThan(0.4);
    expect(Math.abs(face.y)).toBeLessThan(0.4);
  });

  it('a speaker camera goes through no head and cuts at most every four seconds', () => {
    fc.assert(
      fc.property(fc.constantFrom(2, 5, 6, 9, 16), anyTalk, fc.constantFrom(1.6, 390 / 844), (count, talk, aspect) => {
        const { people, camera, speak } = createMeeting(count, aspect);
        const before = new Vector3().copy(camera.position);
        let cutMs = Number.NEGATIVE_INFINITY;
        let leastPauseMs = Number.POSITIVE_INFINITY;
        let closestToHead = Number.POSITIVE_INFINITY;
        speak([], 100, () => before.copy(camera.position));
        for (const [ids, ms] of talk) {
          speak(ids, ms, (nowMs) => {
            const moved = camera.position.distanceTo(before);
            if (moved > JUMP) {
              leastPauseMs = Math.min(leastPauseMs, nowMs - cutMs);
              cutMs = nowMs;
            }
            before.copy(camera.position);
            for (const { x, eyeY, z } of people) {
              const { position } = camera;
              closestToHead = Math.min(closestToHead, Math.hypot(position.x - x, position.y - eyeY, position.z - z));
            }
          });
        }
        expect(leastPauseMs).toBeGreaterThanOrEqual(CUT_EVERY_MS - FRAME_MS);
        expect(closestToHead).toBeGreaterThan(0.28);
      }),
      { numRuns: 25 },
    );
  });

  it('a speaker camera holds still on one speaker, except for moving closer after a cut', () => {
    const { camera, speak } = createMeeting(16);
    speak(['p3'], 16_000);
    const before = camera.position.clone();
    speak(['p3'], 2000);
    expect(camera.position.distanceTo(before)).toBeLessThan(0.01);
  });

  it('a speaker camera only cuts with reduced motion', () => {
    const { camera, director, speak } = createMeeting(6);
    director.isStill = true;
    const places = new Set<string>();
    const note = () =>
      places.add(
        camera.position
          .toArray()
          .map((value) => value.toFixed(3))
          .join(),
      );
    speak(['p1'], 6000, note);
    speak(['p2'], 6000, note);
    expect(places.size).toBeLessThanOrEqual(3);
  });

  it('a speaker camera moved by hand stays put for a while', () => {
    const { camera, hand, speak } = createMeeting(6);
    speak(['p1'], 6000);
    hand.turnX = 0.2;
    speak(['p1'], 1000);
    const turned = camera.position.clone();
    speak(['p4'], 5000);
    expect(camera.position.distanceTo(turned)).toBeLessThan(0.1);
    speak(['p4'], 8000);
    expect(camera.position.distanceTo(turned)).toBeGreaterThan(0.3);
  });
});

const CEILING_Y = 3;

const shot = (over: Partial<Shot> = {}): Shot => ({
  target: { x: 0, y: 1, z: 0 },
  azimuth: 0,
  elevation: 0.2,
  distance: 2.4,
  ...over,
});
const pose = (): GlidePose => ({ x: 0, y: 0, z: 0, yaw: 0, pitch: 0 });

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const heads = fc.array(fc.record({ x: within(-3, 3), y: within(0.9, 1.6), z: within(-3, 3) }), { maxLength: 16 });
const shots = fc.record({
  target: fc.record({ x: within(-2, 2), y: within(0.8, 1.2), z: within(-2, 2) }),
  azimuth: within(-7, 7),
  elevation: within(0, 0.6),
  distance: within(1.5, 4),
});

describe('a gliding camera', () => {
  it('a glide starts and ends exactly at its shots', () => {
    const [from, to] = [shot(), shot({ azimuth: 0.8, distance: 2 })];
    const glide = planGlide(from, to, [], CEILING_Y)!;
    for (const [share, end] of [
      [0, from],
      [1, to],
    ] as const) {
      const at = glideAt(glide, share, pose());
      const wanted = shotPosition(end, { x: 0, y: 0, z: 0 });
      expect([at.x, at.y, at.z]).toEqual([wanted.x, wanted.y, wanted.z].map((value) => expect.closeTo(value, 9)));
      expect(at.yaw).toBeCloseTo(end.azimuth, 9);
    }
  });

  it('a glide starts and ends slowly', () => {
    const glide = planGlide(shot(), shot({ azimuth: 0.8 }), [], CEILING_Y)!;
    const yaws = [0, 0.1, 0.45, 0.55, 0.9, 1].map((share) => glideAt(glide, share, pose()).yaw);
    expect(yaws[1]! - yaws[0]!).toBeLessThan((yaws[3]! - yaws[2]!) / 10);
    expect(yaws[5]! - yaws[4]!).toBeLessThan((yaws[3]! - yaws[2]!) / 10);
  });

  it('a glide goes over a head in its way', () => {
    const [from, to] = [shot(), shot({ target: { x: 2, y: 1, z: 0 } })];
    const [a, b] = [from, to].map((end) => shotPosition(end, { x: 0, y: 0, z: 0 }));
    const head = { x: (a!.x + b!.x) / 2, y: a!.y, z: a!.z };
    expect(planGlide(from, to, [head], CEILING_Y)!.lift).toBeGreaterThan(GLIDE_CLEARANCE - 0.2);
  });

  it('a glide never goes through a head or the ceiling and never turns far: else the picture is cut', () => {
    fc.assert(
      fc.property(shots, shots, heads, (from, to, people) => {
        const glide = planGlide(from, to, people, CEILING_Y);
        if (!glide) return;
        const before = glideAt(glide, 0, pose());
        let highest = 0;
        let widestTurn = 0;
        let closestToHead = Number.POSITIVE_INFINITY;
        for (let share = 0.02; share <= 1; share += 0.02) {
          const { x, y, z, yaw } = glideAt(glide, share, pose());
          highest = Math.max(highest, y);
          widestTurn = Math.max(widestTurn, Math.abs(yaw - before.yaw));
          // The start is the previous shot's choice.
          if (Math.hypot(x - before.x, y - before.y, z - before.z) < 0.05) continue;
          for (const head of people) {
            closestToHead = Math.min(closestToHead, Math.hypot(head.x - x, head.y - y, head.z - z));
          }
        }
        expect(highest).toBeLessThan(CEILING_Y + 0.05);
        expect(widestTurn).toBeLessThan(1.31);
        expect(closestToHead).toBeGreaterThan(GLIDE_CLEARANCE - 0.12);
      }),
      { numRuns: 300 },
    );
  });

  it('a glide is no faster than a person turns their head', () => {
    fc.assert(
      fc.property(shots, shots, (from, to) => {
        const glide = planGlide(from, to, [], CEILING_Y);
        if (!glide) return;
        let yaw = from.azimuth;
        let fastest = 0;
        for (let ms = 20; ms <= glide.durationMs; ms += 20) {
          const at = glideAt(glide, ms / glide.durationMs, pose());
          fastest = Math.max(fastest, (Math.abs(at.yaw - yaw) / 20) * 1000);
          yaw = at.yaw;
        }
        expect(fastest).toBeLessThan(1.4);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BODY_LANDMARK_COUNT,
  FACE_BLENDSHAPE_COUNT,
  FACE_BLENDSHAPES,
  HAND_LANDMARK_COUNT,
  type HandReading,
  type LandmarkFrame,
} from '@/lib/core/landmarks';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT, BONES } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { OTHER_SIDE } from '@/lib/solve/anatomy';
import { createSolverState, solve } from '@/lib/solve/solve';
import { landmarksOf } from '@/tools/bench/solve/landmarkTruth';
import { Follower, FRAME_MS, frameOf, poseOf, STANDING } from './person';

/** Numbers as a broken model might give them: mostly sensible, some degenerate, some not finite. */
const anyNumber = fc.oneof(
  { weight: 12, arbitrary: fc.float({ min: Math.fround(-1.2), max: Math.fround(1.2), noNaN: true }) },
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1e-30, -1e-30, 1e9, Number.NaN, Number.POSITIVE_INFINITY) },
);
/** Points; whole sets of them are sensible often enough for the solver to take them. */
const points = (count: number) =>
  fc.oneof(
    fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: count * 3, maxLength: count * 3 }),
    fc.array(fc.constantFrom(0, 0, 0.3, -0.3), { minLength: count * 3, maxLength: count * 3 }),
    fc.array(anyNumber, { minLength: count * 3, maxLength: count * 3 }),
  );
const shares = (count: number) =>
  fc.oneof(
    fc.constant(Array.from({ length: count }, () => 1)),
    fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
    fc.array(anyNumber, { minLength: count, maxLength: count }),
  );

const hand = fc.option(points(HAND_LANDMARK_COUNT).map(Float32Array.from.bind(Float32Array)));
const anyReadings = fc.record({
  body: fc.option(fc.record({ world: points(BODY_LANDMARK_COUNT), visibility: shares(BODY_LANDMARK_COUNT) })),
  face: fc.option(
    fc.record({
      matrix: fc.array(anyNumber, { minLength: 16, maxLength: 16 }),
      blendshapes: shares(FACE_BLENDSHAPE_COUNT),
    }),
  ),
  leftHand: hand,
  rightHand: hand,
  stepMs: fc.oneof(fc.constant(33), fc.constantFrom(0, -10, 5000, Number.NaN)),
});

function frameFrom(
  readings: typeof anyReadings extends fc.Arbitrary<infer T> ? T : never,
  timeMs: number,
): LandmarkFrame {
  const { body, face, leftHand, rightHand } = readings;
  const handFrom = (world: Float32Array | null): HandReading | null =>
    world && { timeMs, world, image: new Float32Array(world.length), score: 1 };
  return {
    timeMs,
    imageWidthPx: 640,
    imageHeightPx: 480,
    body: body && {
      timeMs,
      world: Float32Array.from(body.world),
      image: new Float32Array(BODY_LANDMARK_COUNT * 3),
      visibility: Float32Array.from(body.visibility),
    },
    face: face && {
      timeMs,
      matrix: Float32Array.from(face.matrix),
      blendshapes: Float32Array.from(face.blendshapes),
    },
    leftHand: handFrom(leftHand),
    rightHand: handFrom(rightHand),
  };
}

function expectValid(pose: Pose): void {
  expect(pose.values.every(Number.isFinite)).toBe(true);
  for (let at = ROTATIONS_OFFSET; at < ROTATIONS_OFFSET + BONE_COUNT * 4; at += 4) {
    expect(Math.hypot(...pose.values.subarray(at, at + 4))).toBeCloseTo(1, 4);
  }
  for (let at = FACE_OFFSET; at < FACE_OFFSET + ARKIT_COUNT; at += 1) {
    expect(pose.values[at]).toBeGreaterThanOrEqual(0);
    expect(pose.values[at]).toBeLessThanOrEqual(1);
  }
  expect(pose.parts & ~ALL_PARTS).toBe(0);
}

describe('any output of the model', () => {
  it('S-2: any input gives unit rotations, finite numbers and weights of 0 to 1', () => {
    fc.assert(
      fc.property(fc.array(anyReadings, { minLength: 1, maxLength: 12 }), (all) => {
        const state = createSolverState();
        const pose = createPose();
        all.forEach((readings, at) => {
          solve(frameFrom(readings, at * 33), state, readings.stepMs, pose);
          expectValid(pose);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('S-2: garbage leaves nothing behind: sensible landmarks are solved as before', () => {
    fc.assert(
      fc.property(fc.array(anyReadings, { minLength: 1, maxLength: 6 }), (all) => {
        const person = new Follower();
        for (const [at, readings] of all.entries()) {
          solve(frameFrom(readings, at * 33), person.state, 33, person.pose);
        }
        person.watch(null, 3000);
        person.watch(frameOf(STANDING), 3000);
        const fresh = new Follower().watch(frameOf(STANDING), 3000);
        // A face's highest weights are remembered (rule S-13), so the face is left out.
        const [body, expected] = [person.pose, fresh].map(({ values }) => values.subarray(0, FACE_OFFSET));
        body!.forEach((value, at) => {
          expect(value, `number ${at}`).toBeCloseTo(expected![at]!, 3);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('S-2: a part with one number that is not finite is left out whole', () => {
    const frame = frameOf(STANDING);
    const world = frame.body!.world.slice().fill(Number.NaN, 40, 41);
    const person = new Follower();
    person.watch({ ...frame, body: { ...frame.body!, world } }, 500);
    expect(person.state.tracking).toMatchObject({ body: false, face: true });
  });
});

const mirrorName = (name: string) =>
  name.replace(
    /left|right|Left|Right/,
    (side) => ({ left: 'right', right: 'left', Left: 'Right', Right: 'Left' })[side]!,
  );

function mirrorPoints(values: Float32Array, placeOf: (point: number) => number): Float32Array {
  return values.map((_, at) => {
    const value = values[placeOf(Math.floor(at / 3)) * 3 + (at % 3)]!;
    return at % 3 === 0 ? -value : value;
  });
}

/** What the webcam would see of the mirrored person. */
function mirrored(frame: LandmarkFrame): LandmarkFrame {
  const { body, face, leftHand, rightHand } = frame;
  const same = (point: number) => point;
  const mirrorHand = (of: HandReading | null) => of && { ...of, world: mirrorPoints(of.world, same) };
  return {
    ...frame,
    body: body && { ...body, world: mirrorPoints(body.world, (point) => OTHER_SIDE[point]!) },
    face: face && {
      ...face,
      // Mirrored in x on both sides: the first row and the first column change their signs.
      matrix: face.matrix.map((value, at) => ((at % 4 === 0) !== at < 4 ? -value : value)),
      blendshapes: face.blendshapes.map(
        (_, at) =>
          face.blendshapes[(FACE_BLENDSHAPES as readonly string[]).indexOf(mirrorName(FACE_BLENDSHAPES[at]!))]!,
      ),
    },
    leftHand: mirrorHand(rightHand),
    rightHand: mirrorHand(leftHand),
  };
}

describe('left and right', () => {
  const angle = fc.integer({ min: -50, max: 50 });
  const turns = fc.record({
    hips: fc.tuple(fc.integer({ min: -15, max: 15 }), angle, fc.integer({ min: -10, max: 10 })),
    head: fc.tuple(fc.integer({ min: -20, max: 20 }), angle, fc.integer({ min: -20, max: 20 })),
    leftUpperArm: fc.tuple(fc.constant(0), angle, angle),
    rightUpperArm: fc.tuple(fc.constant(0), angle, angle),
    leftLowerArm: fc.tuple(fc.constant(0), fc.integer({ min: -120, max: -10 }), fc.constant(0)),
    rightLowerArm: fc.tuple(fc.constant(0), fc.integer({ min: 10, max: 120 }), fc.constant(0)),
    leftHand: fc.tuple(angle, fc.constant(0), fc.integer({ min: -40, max: 40 })),
    leftUpperLeg: fc.tuple(fc.integer({ min: -70, max: 20 }), fc.constant(0), fc.integer({ min: -5, max: 20 })),
    leftLowerLeg: fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constant(0), fc.constant(0)),
    leftIndexProximal: fc.tuple(fc.constant(0), fc.constant(0), fc.integer({ min: -80, max: 0 })),
  });

  it('S-3: mirrored landmarks give the mirrored pose', () => {
    fc.assert(
      fc.property(turns, (of) => {
        const frame = landmarksOf(poseOf(of), 0);
        const [pose, other] = [new Follower().watch(frame, 1200), new Follower().watch(mirrored(frame), 1200)];
        BONES.forEach((name, bone) => {
          const at = ROTATIONS_OFFSET + bone * 4;
          const to = ROTATIONS_OFFSET + (BONES as readonly string[]).indexOf(mirrorName(name)) * 4;
          const [x, y, z, w] = other.values.subarray(to, to + 4);
          const dot =
            pose.values[at]! * x! - pose.values[at + 1]! * y! - pose.values[at + 2]! * z! + pose.values[at + 3]! * w!;
          expect(Math.abs(dot), name).toBeGreaterThan(1 - 1e-5);
        });
      }),
      { numRuns: 40 },
    );
  });
});

it('S-1: readings at different rates are each filtered over their own time', () => {
  const [often, seldom] = [new Follower(), new Follower()];
  const frame = frameOf(STANDING);
  for (let k = 0; k < 60; k += 1) {
    often.see(frame);
    seldom.timeMs += FRAME_MS;
    const body = { ...frame.body!, timeMs: Math.floor(seldom.timeMs / 100) * 100 };
    const face = frame.face && { ...frame.face, timeMs: seldom.timeMs };
    solve(
      { ...frame, timeMs: seldom.timeMs, body, face, leftHand: null, rightHand: null },
      seldom.state,
      FRAME_MS,
      seldom.pose,
    );
  }
  expect(seldom.state.tracking).toMatchObject({ body: true, face: true, leftHand: false });
  for (let k = 0; k < 4; k += 1) {
    const at = ROTATIONS_OFFSET + BONES.indexOf('leftUpperArm') * 4 + k;
    expect(seldom.pose.values[at]).toBeCloseTo(often.pose.values[at]!, 2);
  }
});

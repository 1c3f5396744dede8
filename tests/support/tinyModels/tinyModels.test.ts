import { describe, expect, it } from 'vitest';
import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { tinyFaceModel } from '@/tests/support/tinyModels/tinyFace';
import { tinyHandModel } from '@/tests/support/tinyModels/tinyHand';
import { TINY_BODY, tinyLandmark, tinyPoseModel } from '@/tests/support/tinyModels/tinyPose';

/** Names and lengths in a zip's directory, and whether each file begins at a multiple of 4. */
function directory(zip: Buffer): { name: string; sizeBytes: number; isAligned: boolean }[] {
  const end = zip.length - 22;
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const nameBytes = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const entry = {
      name: zip.toString('utf8', at + 46, at + 46 + nameBytes),
      sizeBytes: zip.readUInt32LE(at + 24),
      isAligned: data % 4 === 0,
    };
    at += 46 + nameBytes;
    return entry;
  });
}

describe('tiny models', () => {
  it.each([
    ['pose', tinyPoseModel, ['pose_detector.tflite', 'pose_landmarks_detector.tflite']],
    [
      'face',
      tinyFaceModel,
      [
        'face_detector.tflite',
        'face_landmarks_detector.tflite',
        'face_blendshapes.tflite',
        'geometry_pipeline_metadata_landmarks.binarypb',
      ],
    ],
    ['hand', tinyHandModel, ['hand_detector.tflite', 'hand_landmarks_detector.tflite']],
  ] as const)(
    'the tiny model of a %s is small, the same each time, and has the files that MediaPipe expects',
    (_, make, names) => {
      const model = make();
      expect(model.equals(make())).toBe(true);
      expect(model.length).toBeLessThan(64_000);
      const files = directory(model);
      expect(files.map(({ name }) => name)).toEqual(names);
      expect(files.every(({ isAligned }) => isAligned)).toBe(true);
    },
  );

  it('the tiny body is whole and symmetric', () => {
    expect(TINY_BODY).toHaveLength(BODY_LANDMARK_COUNT);
    for (const [left, right] of [
      [11, 12],
      [13, 14],
      [15, 16],
      [23, 24],
      [2, 5],
    ] as const) {
      const [x, ...rest] = TINY_BODY[left]!;
      expect(TINY_BODY[right]).toEqual([-x, ...rest]);
    }
  });

  it('tiny landmarks move with the colour', () => {
    expect(tinyLandmark(16, [0, 0, 0])).toEqual([-0.24, 0.08, -0.04]);
    expect(tinyLandmark(16, [1, 0, 0])[1]).toBeCloseTo(-0.66);
    expect(tinyLandmark(16, [0.5, 0, 0])[1]).toBeCloseTo(-0.29);
    expect(tinyLandmark(15, [1, 1, 0])).toEqual(tinyLandmark(15, [0, 0, 0]));
  });
});

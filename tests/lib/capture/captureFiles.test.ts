import { describe, expect, it } from 'vitest';
import { modelProblem, taskErrorOf } from '@/lib/capture/captureFiles';
import { WebcamError } from '@/lib/capture/webcamError';
import { tinyFaceModel } from '@/tests/support/tinyModels/tinyFace';

describe('a model’s bytes', () => {
  it('a model’s bytes are checked before they are read', () => {
    expect(modelProblem(tinyFaceModel())).toBeNull();
    // The official bundles start with two bytes that belong to no file.
    expect(modelProblem(Buffer.concat([Buffer.alloc(2), tinyFaceModel()]))).toBeNull();
    expect(modelProblem(new Uint8Array())).toBe('modelEmpty');
    expect(modelProblem(new Uint8Array(10))).toBe('modelGarbage');
    expect(modelProblem(Buffer.from('<!doctype html><title>Not found</title>'))).toBe('modelGarbage');
    expect(modelProblem(tinyFaceModel().subarray(0, 20_000))).toBe('modelGarbage');
  });

  it.each([
    ['modelGarbage', 'Unable to open zip archive.'],
    ['modelEmpty', 'Unable to get file size.'],
    ['modelWrong', 'No file with name: pose_detector.tflite. All files in archive: hand_detector.tflite'],
    ['wasmFailed', 'memory access out of bounds'],
  ] as const)('a model is %s where the program says "%s"', (reason, message) => {
    expect(taskErrorOf(new Error(message), '/capture/models/a.task')).toMatchObject({ reason });
    expect(taskErrorOf(message, '/capture/models/a.task')).toMatchObject({ reason });
  });

  it('a model’s error keeps the reason that is already known', () => {
    const known = new WebcamError('modelMissing');
    expect(taskErrorOf(known, '')).toBe(known);
  });
});

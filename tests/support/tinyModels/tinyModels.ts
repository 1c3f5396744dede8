import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { tinyFaceModel } from './tinyFace';
import { tinyHandModel } from './tinyHand';
import { tinyPoseModel } from './tinyPose';

/**
 * Writes models into `folder` that MediaPipe runs as its own, but which see a body, a face and a hand in every picture and
 * move them with its colour: with them a coloured clip scripts what somebody does before the camera.
 */
export function writeTinyModels(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MODEL_FILES.body.name), tinyPoseModel());
  writeFileSync(join(folder, MODEL_FILES.face.name), tinyFaceModel());
  writeFileSync(join(folder, MODEL_FILES.hands.name), tinyHandModel());
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { tinyFaceModel } from './tinyFace';
import { tinyHandModel } from './tinyHand';
import { tinyPoseModel } from './tinyPose';

/**
 * Writes models into `folder` that MediaPipe runs like its own, but that find a body, a face and a hand in every picture and
 * move them with its colour, so that a coloured clip scripts what a person does in front of the webcam.
 */
export function writeTinyModels(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MODEL_FILES.body.name), tinyPoseModel());
  writeFileSync(join(folder, MODEL_FILES.face.name), tinyFaceModel());
  writeFileSync(join(folder, MODEL_FILES.hands.name), tinyHandModel());
}

import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { writeTinyModels } from '@/tests/support/tinyModels/tinyModels';

const SHARED = new URL('../../../../shared/', import.meta.url).pathname;

/** Names of the models in the shared folder; its hand model is not the official one. */
const SHARED_NAMES = {
  face: 'face_landmarker.task',
  body: 'pose_landmarker_lite.task',
  hands: 'hand_landmarker_lite_custom.task',
} as const;

/** A picture of a person with both hands raised, or null without the shared folder. */
export const sharedPicture = ((path) => (existsSync(path) ? path : null))(
  join(SHARED, 'media', 'person_upper_body_hands.png'),
);

/** Whether MediaPipe's own models are available. */
export const hasSharedModels = Object.values(SHARED_NAMES).every((name) => existsSync(join(SHARED, 'models', name)));

/** Creates a folder for a test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parley-models-'));
}

/** Creates a folder with models whose landmarks follow the picture's colour. */
export function tinyModelsFolder(): string {
  const folder = temporaryFolder();
  writeTinyModels(folder);
  return folder;
}

/** Copies MediaPipe's own models into `folder`, under the site's names. */
export function copySharedModels(folder: string): void {
  for (const name of ['face', 'body', 'hands'] as const) {
    copyFileSync(join(SHARED, 'models', SHARED_NAMES[name]), join(folder, MODEL_FILES[name].name));
  }
}

/** Creates a folder with them. */
export function sharedModelsFolder(): string {
  const folder = temporaryFolder();
  copySharedModels(folder);
  return folder;
}

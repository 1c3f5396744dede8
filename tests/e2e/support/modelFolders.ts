import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { writeTinyModels } from '@/tools/models/tiny/tinyModels';

const SHARED = new URL('../../../../shared/', import.meta.url).pathname;

/** What the folder of shared files calls the models; its model of hands is another than the official one. */
const SHARED_NAMES = {
  face: 'face_landmarker.task',
  body: 'pose_landmarker_lite.task',
  hands: 'hand_landmarker_lite_custom.task',
} as const;

/** A picture of somebody with both hands raised, or null where the shared files are not. */
export const sharedPicture = ((path) => (existsSync(path) ? path : null))(
  join(SHARED, 'media', 'person_upper_body_hands.png'),
);

/** Whether MediaPipe's own models are at hand. */
export const hasSharedModels = Object.values(SHARED_NAMES).every((name) => existsSync(join(SHARED, 'models', name)));

/** A new folder for a test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parley-models-'));
}

/** A new folder with models that move with the picture's colour. */
export function tinyModelsFolder(): string {
  const folder = temporaryFolder();
  writeTinyModels(folder);
  return folder;
}

/** A new folder with MediaPipe's own models, by the names the site knows. */
export function sharedModelsFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['face', 'body', 'hands'] as const) {
    copyFileSync(join(SHARED, 'models', SHARED_NAMES[name]), join(folder, MODEL_FILES[name].name));
  }
  return folder;
}

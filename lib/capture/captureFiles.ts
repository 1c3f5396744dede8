import type { ModelName } from '@/lib/core/modelFiles';
import { WebcamError } from './webcamError';

/** Where the site keeps what reads pictures. Addresses change with what is behind them, so they may be kept for good. */
export interface CaptureFiles {
  /** Folder of MediaPipe's loader and wasm. */
  readonly wasmUrl: string;
  /** Null where the site does not have it. */
  readonly models: Readonly<Record<ModelName, string | null>>;
}

/** Where the site tells of its {@link CaptureFiles}. */
export const CAPTURE_FILES_PATH = '/capture/files.json';

/**
 * Asks the site what it has. @throws WebcamError `modelMissing` where it can't read a face or a body, `failed` where it does
 * not answer. Hands are done without.
 */
export async function findCaptureFiles(): Promise<CaptureFiles> {
  const answer = await fetch(CAPTURE_FILES_PATH, { cache: 'no-cache' }).catch((cause: unknown) => {
    throw new WebcamError('failed', CAPTURE_FILES_PATH, { cause });
  });
  if (!answer.ok) throw new WebcamError('failed', `${CAPTURE_FILES_PATH} ${answer.status}`);
  const files = (await answer.json()) as CaptureFiles;
  const missing = (['face', 'body'] as const).filter((name) => files.models[name] === null);
  if (missing.length > 0) throw new WebcamError('modelMissing', missing.join(', '));
  return files;
}

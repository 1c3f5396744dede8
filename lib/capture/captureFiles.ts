import type { ModelName } from '@/lib/core/modelFiles';
import { WebcamError, type WebcamErrorReason } from './webcamError';

/** Where the site serves what reads pictures. An address changes with its content, so browsers may cache it for good. */
export interface CaptureFiles {
  /** Folder of MediaPipe's loader and wasm. */
  readonly wasmUrl: string;
  /** Null for a model that the site does not have. */
  readonly models: Readonly<Record<ModelName, string | null>>;
}

/** Where the site serves its {@link CaptureFiles}. */
const CAPTURE_FILES_PATH = '/capture/files.json';

/**
 * Asks the site which files it has. @throws WebcamError `modelMissing` without a model for face or body (hands are optional),
 * `failed` if the site does not answer.
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

/** A bundle is a zip, which ends with this record and an optional comment. */
const END_MARK = [0x50, 0x4b, 0x05, 0x06];
const END_BYTES = 22;
const COMMENT_MAX_BYTES = 0xffff;

function isZip(bytes: Uint8Array): boolean {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX_BYTES); at -= 1) {
    if (END_MARK.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/** What is wrong with the bytes of a bundle, or null; checked before the models read it. */
export function modelProblem(bytes: Uint8Array): Extract<WebcamErrorReason, 'modelEmpty' | 'modelGarbage'> | null {
  if (bytes.length === 0) return 'modelEmpty';
  return isZip(bytes) ? null : 'modelGarbage';
}

/** Loads a bundle. @throws WebcamError `modelMissing`, `modelEmpty`, `modelGarbage` or `failed`, with its address. */
export async function loadModel(url: string): Promise<Uint8Array> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new WebcamError('failed', url, { cause });
  });
  if (!answer.ok) throw new WebcamError('modelMissing', `${url} ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const problem = modelProblem(bytes);
  if (problem) throw new WebcamError(problem, url);
  return bytes;
}

/** Texts of MediaPipe's errors (0.10.35) about bundles that it cannot use. */
const MODEL_ERRORS: readonly (readonly [RegExp, WebcamErrorReason])[] = [
  [/unable to open zip archive/i, 'modelGarbage'],
  [/unable to get file size/i, 'modelEmpty'],
  [/no file with name|could not find|not found in/i, 'modelWrong'],
];

/** Why no task could be made from the bundle at `url`: the bundle is at fault, or else the program. */
export function taskErrorOf(error: unknown, url: string): WebcamError {
  if (error instanceof WebcamError) return error;
  const text = String(error instanceof Error ? error.message : error);
  const reason = MODEL_ERRORS.find(([pattern]) => pattern.test(text))?.[1] ?? 'wasmFailed';
  return new WebcamError(reason, `${url}: ${text.slice(0, 200)}`, { cause: error });
}

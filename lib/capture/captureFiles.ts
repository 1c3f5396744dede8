import type { ModelName } from '@/lib/core/modelFiles';
import { WebcamError, type WebcamErrorReason } from './webcamError';

/** Where the site keeps what reads pictures. Addresses change with what is behind them, so they may be kept for good. */
export interface CaptureFiles {
  /** Folder of MediaPipe's loader and wasm. */
  readonly wasmUrl: string;
  /** Null where the site does not have it. */
  readonly models: Readonly<Record<ModelName, string | null>>;
}

/** Where the site tells of its {@link CaptureFiles}. */
const CAPTURE_FILES_PATH = '/capture/files.json';

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

/** A bundle is a zip, which ends with this record; a zip's comment may follow it. */
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

/** What is wrong with the bytes of a bundle before anybody reads it, or null. */
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

/** Texts of MediaPipe's errors (0.10.35) about a bundle that it can't use. */
const MODEL_ERRORS: readonly (readonly [RegExp, WebcamErrorReason])[] = [
  [/unable to open zip archive/i, 'modelGarbage'],
  [/unable to get file size/i, 'modelEmpty'],
  [/no file with name|could not find|not found in/i, 'modelWrong'],
];

/** Why a task could not be made of the bundle at `url`: the bundle, or else the program. */
export function taskErrorOf(error: unknown, url: string): WebcamError {
  if (error instanceof WebcamError) return error;
  const text = String(error instanceof Error ? error.message : error);
  const reason = MODEL_ERRORS.find(([pattern]) => pattern.test(text))?.[1] ?? 'wasmFailed';
  return new WebcamError(reason, `${url}: ${text.slice(0, 200)}`, { cause: error });
}

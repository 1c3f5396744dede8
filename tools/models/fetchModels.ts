import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backoffMs } from '@/lib/core/backoff';
import { MODEL_FILES, type ModelFile } from '@/lib/core/modelFiles';
import { ReasonedError } from '@/lib/core/reasonedError';
import { EnvError, readEnv } from '@/server/env';

/**
 * Why a model could not be fetched: the server does not answer; it refuses; the connection broke too often; the file is
 * not the model; or the folder cannot be written.
 */
type DownloadErrorReason = 'unreachable' | 'refused' | 'interrupted' | 'wrongFile' | 'folder';

/** A model could not be fetched. The message is one sentence that says what to do. */
class DownloadError extends ReasonedError<DownloadErrorReason> {}

/** SHA-256 of a file in hexadecimal digits; null if there is no such file. */
async function fileHash(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A file to fetch. */
interface Download {
  readonly url: string;
  /** Where the bytes received so far are kept; a later run continues from there. */
  readonly partPath: string;
  /** Length of the whole file; no more than this is read. */
  readonly sizeBytes: number;
  onProgress(receivedBytes: number): void;
  /** Pause before the next attempt after `fruitless` attempts without a new byte, ms. */
  delayMs?(fruitless: number): number;
}

const LONGEST_PAUSE_MS = 4000;

/** Attempts in a row without a new byte before giving up. */
const FRUITLESS_MAX = 4;

function calmDelayMs(fruitless: number): number {
  return backoffMs(fruitless, LONGEST_PAUSE_MS, Math.random());
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function ask(url: string, fromByte: number): Promise<Response> {
  try {
    return await fetch(url, fromByte > 0 ? { headers: { range: `bytes=${fromByte}-` } } : {});
  } catch (cause) {
    const sentence = `There is no answer from ${url}. Check the connection, or name a mirror in MODELS_URL.`;
    throw new DownloadError('unreachable', sentence, { cause });
  }
}

/** Where in the file an answer begins: servers without ranges start again at 0. */
function startOf(answer: Response): number {
  const range = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '');
  return answer.status === 206 && range ? Number(range[1]) : 0;
}

/** Writes chunk by chunk, so that an interruption keeps what has come. */
async function writeFrom(startByte: number, chunks: AsyncIterable<Uint8Array>, download: Download): Promise<void> {
  const file = await open(download.partPath, startByte > 0 ? 'r+' : 'w');
  let receivedBytes = startByte;
  try {
    for await (const chunk of chunks) {
      if (receivedBytes + chunk.length > download.sizeBytes) throw wrongLength(download.url);
      await file.write(chunk, 0, chunk.length, receivedBytes);
      receivedBytes += chunk.length;
      download.onProgress(receivedBytes);
    }
  } finally {
    await file.close();
  }
}

function wrongLength(url: string): DownloadError {
  return new DownloadError(
    'wrongFile',
    `The file at ${url} is longer than the model. Name another server in MODELS_URL.`,
  );
}

/** Continues the file from where it ends. */
async function fetchOn(download: Download): Promise<void> {
  const { url, partPath } = download;
  const answer = await ask(url, sizeOf(partPath));
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    if (answer.status === 416) return rm(partPath, { force: true });
    throw new DownloadError(
      'refused',
      `${url} answered with status ${answer.status}. Name another server in MODELS_URL.`,
    );
  }
  await writeFrom(startOf(answer), answer.body, download);
}

/**
 * Fetches a file into `partPath`: continues where an earlier run ended, and tries again if the connection breaks.
 * @throws DownloadError
 */
async function downloadFile(download: Download): Promise<void> {
  const { url, partPath, sizeBytes, delayMs = calmDelayMs } = download;
  let fruitless = 0;
  while (sizeOf(partPath) !== sizeBytes) {
    const beforeBytes = sizeOf(partPath);
    try {
      await fetchOn(download);
    } catch (error) {
      if (error instanceof DownloadError && error.reason !== 'unreachable') throw error;
      if (fruitless === FRUITLESS_MAX && error instanceof DownloadError) throw error;
    }
    fruitless = sizeOf(partPath) > beforeBytes ? 0 : fruitless + 1;
    if (fruitless > FRUITLESS_MAX) {
      throw new DownloadError(
        'interrupted',
        `The connection to ${url} keeps breaking. Run the command again: it continues where it stopped.`,
      );
    }
    if (sizeOf(partPath) !== sizeBytes) await wait(delayMs(fruitless));
  }
}

/** Where models come from and go to, and what is told about each. */
export interface ModelsJob {
  /** Google's storage or a mirror, without a trailing slash. */
  readonly baseUrl: string;
  readonly folder: string;
  readonly files?: readonly ModelFile[];
  readonly delayMs?: Download['delayMs'];
  onKept(file: ModelFile): void;
  onProgress(file: ModelFile, receivedBytes: number): void;
  onFetched(file: ModelFile): void;
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new DownloadError('folder', `The folder ${folder} cannot be created. Name another one in MODELS_DIR.`, {
      cause,
    });
  }
}

async function fetchModel(job: ModelsJob, file: ModelFile): Promise<void> {
  const path = join(job.folder, file.name);
  if ((await fileHash(path)) === file.sha256) return job.onKept(file);
  const url = `${job.baseUrl}/${file.path}`;
  const partPath = `${path}.part`;
  const onProgress = (receivedBytes: number) => job.onProgress(file, receivedBytes);
  await downloadFile({ url, partPath, sizeBytes: file.sizeBytes, onProgress, delayMs: job.delayMs });
  if ((await fileHash(partPath)) !== file.sha256) {
    await rm(partPath);
    const sentence = `The file at ${url} is not the model: its SHA-256 differs. Name another server in MODELS_URL.`;
    throw new DownloadError('wrongFile', sentence);
  }
  await rename(partPath, path);
  job.onFetched(file);
}

/** Fetches every model that is missing or differs, one after the other. @throws DownloadError */
export async function fetchModels(job: ModelsJob): Promise<void> {
  await prepareFolder(job.folder);
  for (const file of job.files ?? Object.values(MODEL_FILES)) await fetchModel(job, file);
}

/** Where the command writes. */
interface ModelsOutput {
  /** Standard output, a line. */
  print(line: string): void;
  /** Standard output, in place of the line before; null where that is not possible. */
  readonly overprint: ((line: string) => void) | null;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
}

const MEGABYTE = 1_000_000;

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}

/** `npm run models`: fetches the webcam's models. Returns the exit status: 0, or 1 with a sentence. */
export async function runModelsCommand(
  env: Readonly<Record<string, string | undefined>>,
  { print, overprint, complain }: ModelsOutput,
): Promise<number> {
  try {
    const { modelsUrl: baseUrl, modelsDir: folder } = readEnv(env);
    await fetchModels({
      baseUrl,
      folder,
      onKept: ({ name }) => print(`${name} is there already.`),
      onProgress: ({ name, sizeBytes }, receivedBytes) =>
        overprint?.(`${name} ${megabytes(receivedBytes)} of ${megabytes(sizeBytes)} MB`),
      onFetched: ({ name, sizeBytes }) => print(`${name} fetched, ${megabytes(sizeBytes)} MB.`),
    });
    print(`The models are in ${folder}: the webcam can be used.`);
    return 0;
  } catch (error) {
    if (!(error instanceof DownloadError) && !(error instanceof EnvError)) throw error;
    complain(error.message);
    return 1;
  }
}

import { existsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { backoffMs } from '@/lib/core/backoff';
import { DownloadError } from './downloadError';

/** What is fetched to where. */
export interface Download {
  readonly url: string;
  /** Path of the file as far as it has come; goes on from there. */
  readonly partPath: string;
  /** Length of the whole file; more than this is not read. */
  readonly sizeBytes: number;
  onProgress(receivedBytes: number): void;
  /** How long to wait before going on for the n-th time without anything new, ms. */
  delayMs?(fruitless: number): number;
}

const LONGEST_PAUSE_MS = 4000;

/** Fetches that bring nothing new are given up after so many. */
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
    const sentence = `Nobody answers at ${url}. Check the connection, or name a mirror in MODELS_URL.`;
    throw new DownloadError('unreachable', sentence, { cause });
  }
}

/** Where in the file an answer begins: servers that know no ranges begin anew. */
function startOf(answer: Response): number {
  const range = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '');
  return answer.status === 206 && range ? Number(range[1]) : 0;
}

/** Writes chunk by chunk, so that whatever breaks it off leaves what has come. */
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
    `What ${url} gives is longer than the model. Name another place in MODELS_URL.`,
  );
}

/** One fetch from where the file ends. */
async function fetchOn(download: Download): Promise<void> {
  const { url, partPath } = download;
  const answer = await ask(url, sizeOf(partPath));
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    if (answer.status === 416) return rm(partPath, { force: true });
    throw new DownloadError('refused', `${url} answers ${answer.status}. Name another place in MODELS_URL.`);
  }
  await writeFrom(startOf(answer), answer.body, download);
}

/**
 * Fetches a file into `partPath`, going on where an earlier run ended, and again where the way breaks off.
 * @throws DownloadError
 */
export async function downloadFile(download: Download): Promise<void> {
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
      throw new DownloadError('interrupted', `${url} breaks off. Run the command again: it goes on where it ended.`);
    }
    if (sizeOf(partPath) !== sizeBytes) await wait(delayMs(fruitless));
  }
}

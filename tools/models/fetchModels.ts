import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILES, type ModelFile } from '@/lib/core/modelFiles';
import { DownloadError } from './downloadError';
import { type Download, downloadFile } from './downloadFile';
import { fileHash } from './fileHash';

/** Where models come from, where they go, and who hears of it. */
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
    throw new DownloadError('folder', `${folder} can't be made. Name another folder in MODELS_DIR.`, { cause });
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
    const sentence = `What ${url} gives is not the model: its SHA-256 is another. Name another place in MODELS_URL.`;
    throw new DownloadError('wrongFile', sentence);
  }
  await rename(partPath, path);
  job.onFetched(file);
}

/** Brings every model that is not there, whole and unchanged, one after the other. @throws DownloadError */
export async function fetchModels(job: ModelsJob): Promise<void> {
  await prepareFolder(job.folder);
  for (const file of job.files ?? Object.values(MODEL_FILES)) await fetchModel(job, file);
}

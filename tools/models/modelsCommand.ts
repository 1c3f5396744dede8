import { EnvError, readEnv } from '@/server/env';
import { DownloadError } from './downloadError';
import { fetchModels } from './fetchModels';

/** Where the command writes. */
export interface ModelsOutput {
  /** Standard output, a line. */
  print(line: string): void;
  /** Standard output, over the line before where that can be done; null where it can't. */
  readonly overprint: ((line: string) => void) | null;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
}

const MEGABYTE = 1_000_000;

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}

/** `npm run models`: fetches the camera's models. Returns the exit status: 0, or 1 with a sentence. */
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
    print(`The camera can be used: the models are in ${folder}.`);
    return 0;
  } catch (error) {
    if (!(error instanceof DownloadError) && !(error instanceof EnvError)) throw error;
    complain(error.message);
    return 1;
  }
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { ReasonedError } from '@/lib/core/reasonedError';

/** The build of lib-jitsi-meet that comes with Parley; `docs/supply-chain.md` says where it is from. */
export const PINNED_LIBRARY = {
  path: createRequire(import.meta.url).resolve('lib-jitsi-meet/dist/umd/lib-jitsi-meet.min.js'),
  sha256: '7337fb01bf04e7fddbd168611e0d86dac9666af54d08751c1507721e5f5f77b1',
} as const;

/** Ten times the size of any build so far. */
const SIZE_MAX_BYTES = 10_000_000;

/** The name under which the library puts itself into a page. */
const GLOBAL_NAME = 'JitsiMeetJS';

type LibraryErrorReason = 'missing' | 'altered' | 'notLibrary';

/** The file of lib-jitsi-meet can't be served. The message says what to do. */
export class LibraryError extends ReasonedError<LibraryErrorReason> {}

/**
 * Refuses bytes that are not lib-jitsi-meet: those of the pinned build must have its hash, those of any other file must be
 * a script that can be parsed, which is not run.
 * @throws LibraryError `altered` or `notLibrary`
 */
export function checkLibrary(path: string, bytes: Buffer): void {
  if (path !== PINNED_LIBRARY.path) {
    checkScript(path, bytes);
    return;
  }
  if (createHash('sha256').update(bytes).digest('hex') === PINNED_LIBRARY.sha256) return;
  const message = `The file ${path} is not the lib-jitsi-meet that Parley was made with. Install the packages again: npm ci`;
  throw new LibraryError('altered', message);
}

/**
 * The file of lib-jitsi-meet to serve: `replacement`, or the pinned build if that is null.
 * @throws LibraryError if there is no such file, or it is not the library
 */
export async function findLibrary(replacement: string | null): Promise<string> {
  const path = replacement ?? PINNED_LIBRARY.path;
  const bytes = await readFile(path).catch((cause: unknown) => {
    const advice = replacement === null ? 'Install the packages again: npm ci' : 'Correct JITSI_LIB.';
    throw new LibraryError('missing', `The file ${path} of lib-jitsi-meet can't be read. ${advice}`, { cause });
  });
  checkLibrary(path, bytes);
  return path;
}

function checkScript(path: string, bytes: Buffer): void {
  const source = bytes.toString('utf8', 0, SIZE_MAX_BYTES);
  if (bytes.length <= SIZE_MAX_BYTES && source.includes(GLOBAL_NAME) && isScript(source)) return;
  const message = `The file ${path} is not a build of lib-jitsi-meet. Set JITSI_LIB to a lib-jitsi-meet.min.js.`;
  throw new LibraryError('notLibrary', message);
}

function isScript(source: string): boolean {
  try {
    new Script(source);
    return true;
  } catch {
    return false;
  }
}

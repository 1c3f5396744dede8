import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What Parley keeps in its data folder. */
const OURS: ReadonlySet<string> = new Set([
  'meetings',
  'avatars',
  'recordings',
  'models',
  'secret',
  'ops-token',
  'in-use-by',
]);

/** What a file system or an interrupted start may leave there. */
const HARMLESS = /^(lost\+found|(secret|ops-token)\.[0-9a-f]{16}|\..*)$/;

/** Permission bits of the group and of all others. */
const OTHERS = 0o077;

const FOLDER_MODE = 0o700;

/** How the data folder was found. */
export interface DataFolderState {
  /** Files and folders that other accounts could read or write, and now can't. */
  readonly mended: number;
  /** Whether other accounts may still enter the folder: it holds what is not Parley's, or belongs to somebody else. */
  readonly isOpen: boolean;
}

/**
 * Takes the rights of group and others from `path` and, for a folder, from everything in it; links are not followed.
 * Returns how many had any. On Windows, whose files have no such bits, it does nothing.
 */
export async function closeToOthers(path: string): Promise<number> {
  if (process.platform === 'win32') return 0;
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return 0;
  let mended = (await takeRights(path, entry.mode)) ? 1 : 0;
  if (!entry.isDirectory()) return mended;
  for (const name of await readdir(path)) mended += await closeToOthers(join(path, name)).catch(ignoreGone);
  return mended;
}

/**
 * Creates the data folder, or closes an existing one and what Parley keeps in it to other accounts. A folder that also
 * holds other things, such as a home folder, keeps its own rights: only Parley's entries are closed.
 */
export async function openDataFolder(folder: string): Promise<DataFolderState> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const names = await readdir(folder);
  let mended = 0;
  for (const name of names.filter((each) => OURS.has(each))) {
    mended += await closeToOthers(join(folder, name)).catch(ignoreGone);
  }
  const { mode } = await stat(folder);
  const isShared = names.some((name) => !OURS.has(name) && !HARMLESS.test(name));
  const isOpen = process.platform !== 'win32' && (mode & OTHERS) !== 0;
  if (!isOpen) return { mended, isOpen: false };
  if (isShared || !(await takeRights(folder, mode))) return { mended, isOpen: true };
  return { mended: mended + 1, isOpen: false };
}

/** Whether there were rights to take, and they could be taken. */
async function takeRights(path: string, mode: number): Promise<boolean> {
  if ((mode & OTHERS) === 0) return false;
  return chmod(path, mode & 0o7700).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      // Another account's, which only it may close; or a file system without rights.
      if (error.code === 'EPERM' || error.code === 'ENOTSUP' || error.code === 'EROFS') return false;
      throw error;
    },
  );
}

/** A file may go while the folder is read. */
function ignoreGone(error: NodeJS.ErrnoException): number {
  if (error.code === 'ENOENT') return 0;
  throw error;
}

import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '@/server/store/storeError';

const LOCK_FILE = 'in-use-by';

/** Flags with which `open` itself takes the lock, or fails at once: BSD's `O_EXLOCK | O_NONBLOCK`, libuv's on Windows. */
const LOCKING_FLAGS: Partial<Record<NodeJS.Platform, number>> = { darwin: 0x24, win32: 0x1000_0000 };

/** How `open` reports that another process has the lock. */
const TAKEN = new Set(['EAGAIN', 'EWOULDBLOCK', 'EBUSY']);

/** Exit status of `flock -n` when another process has the lock. */
const FLOCK_TAKEN = 1;

/**
 * Locks a folder for this process: two that write one embedded database destroy it. The lock is the kernel's (`flock` on
 * the file `in-use-by`), held by an open file: it ends with the process, however that ends, holds between containers that
 * share the folder, and knows nothing of process numbers. The file itself stays; what is in it only names the holder.
 * Returns the function that unlocks the folder.
 * @throws StoreError `inUse`, naming the holder
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  const file = openLocked(path, folder);
  ftruncateSync(file);
  writeSync(file, `process ${process.pid} on ${hostname()}`);
  let isHeld = true;
  return () => {
    if (isHeld) closeSync(file);
    isHeld = false;
  };
}

function openLocked(path: string, folder: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | (LOCKING_FLAGS[process.platform] ?? 0);
  try {
    const file = openSync(path, flags, 0o600);
    if (process.platform in LOCKING_FLAGS) return file;
    return flockOrClose(file, path, folder);
  } catch (error) {
    throw TAKEN.has((error as NodeJS.ErrnoException).code ?? '') ? inUse(path, folder) : error;
  }
}

/** Node can't call flock(2). A lock belongs to the open file, which flock(1) shares: it takes the lock for us and ends. */
function flockOrClose(file: number, path: string, folder: string): number {
  const { status, error, stderr } = spawnSync('flock', ['-n', '-x', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
  });
  if (status === 0) return file;
  closeSync(file);
  if (status === FLOCK_TAKEN) throw inUse(path, folder);
  const advice = 'Install flock (part of util-linux and busybox), or use PostgreSQL with DATABASE_URL.';
  throw new StoreError('unwritable', `The folder ${folder} can't be locked. ${advice}`, {
    cause: error ?? new Error(`flock ended with ${status}: ${stderr}`),
  });
}

function inUse(path: string, folder: string): StoreError {
  const message = `The folder ${folder} is in use by ${holderIn(path)}: end it, or set another DATA_DIR.`;
  return new StoreError('inUse', message);
}

function holderIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 200) || 'another process';
  } catch {
    // Windows lets no one else read a locked file.
    return 'another process';
  }
}

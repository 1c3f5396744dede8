import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError, unwritableError } from '@/server/store/storeError';
import {
  type GrowingFile,
  grownElsewhere,
  isRecordingId,
  type RecordingStorage,
  requireNames,
} from './recordingStorage';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Recordings in a folder, one folder each, readable by its owner only. */
export class FolderStorage implements RecordingStorage {
  constructor(private readonly folder: string) {}

  async open(recordingId: string, name: string): Promise<GrowingFile> {
    const path = this.pathOf(recordingId, name);
    return this.guarded(async () => {
      await this.makeFolder(recordingId);
      const file = await open(path, 'a', FILE_MODE);
      try {
        await syncFolder(dirname(path));
        return new GrowingFolderFile(file, (await file.stat()).size, (work) => this.guarded(work));
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  async sizeOf(recordingId: string, name: string): Promise<number> {
    const path = this.pathOf(recordingId, name);
    return this.guarded(async () => (await orNull(stat(path)))?.size ?? 0);
  }

  async read(recordingId: string, name: string, atByte: number, sizeBytes: number): Promise<Uint8Array> {
    const path = this.pathOf(recordingId, name);
    return this.guarded(async () => {
      const file = await orNull(open(path, 'r'));
      try {
        return file ? await readFrom(file, atByte, sizeBytes) : new Uint8Array(0);
      } finally {
        await file?.close();
      }
    });
  }

  async write(recordingId: string, name: string, bytes: Uint8Array): Promise<void> {
    const path = this.pathOf(recordingId, name);
    const aside = `${path}.${randomBytes(8).toString('hex')}.part`;
    await this.guarded(async () => {
      await this.makeFolder(recordingId);
      try {
        await writeSynced(aside, bytes);
        await rename(aside, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    });
  }

  async readWhole(recordingId: string, name: string): Promise<Uint8Array | null> {
    const path = this.pathOf(recordingId, name);
    return this.guarded(() => orNull(readFile(path)));
  }

  async list(): Promise<readonly string[]> {
    const names = await this.guarded(() => orNull(readdir(this.folder)));
    return (names ?? []).filter(isRecordingId);
  }

  async freeBytes(): Promise<number> {
    return this.guarded(async () => {
      await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
      const { bavail, bsize } = await statfs(this.folder);
      return bavail * bsize;
    });
  }

  async remove(recordingId: string): Promise<void> {
    requireNames(recordingId);
    await this.guarded(() => rm(join(this.folder, recordingId), { recursive: true, force: true }));
  }

  private pathOf(recordingId: string, name: string): string {
    requireNames(recordingId, name);
    return join(this.folder, recordingId, name);
  }

  private async makeFolder(recordingId: string): Promise<void> {
    const made = await mkdir(join(this.folder, recordingId), { recursive: true, mode: FOLDER_MODE });
    if (made !== undefined) await syncFolder(this.folder);
  }

  private async guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const unwritable = unwritableError(error, `The folder of the recordings (${this.folder})`);
      const message = `The folder of the recordings (${this.folder}) can't be used: ${(error as Error).message}.`;
      throw unwritable ?? new StoreError('unavailable', message, { cause: error });
    }
  }
}

class GrowingFolderFile implements GrowingFile {
  constructor(
    private readonly file: FileHandle,
    public sizeBytes: number,
    private readonly guarded: (work: () => Promise<void>) => Promise<void>,
  ) {}

  append(bytes: Uint8Array): Promise<void> {
    return this.guarded(async () => {
      if ((await this.file.stat()).size !== this.sizeBytes) throw grownElsewhere();
      try {
        await this.file.appendFile(bytes);
        await this.file.datasync();
      } catch (error) {
        // On a full disk a part of it may be there; giving space back needs none.
        await this.file.truncate(this.sizeBytes);
        throw error;
      }
      this.sizeBytes += bytes.length;
    });
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.guarded(async () => {
      await this.file.truncate(sizeBytes);
      await this.file.datasync();
      this.sizeBytes = sizeBytes;
    });
  }

  close(): Promise<void> {
    return this.guarded(() => this.file.close());
  }
}

async function readFrom(file: FileHandle, atByte: number, sizeBytes: number): Promise<Uint8Array> {
  const leftBytes = Math.max(0, (await file.stat()).size - atByte);
  const bytes = new Uint8Array(Math.min(sizeBytes, leftBytes));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, atByte + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A new file outlasts a crash once its folder has been written. Windows has no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What `found` resolves with; null if there is no such file. */
async function orNull<Result>(found: Promise<Result>): Promise<Result | null> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

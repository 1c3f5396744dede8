import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const STORED = /^[0-9a-f]{64}\.glb$/;
const UNFINISHED = /\.part$/;
/** A file unfinished after this long stays so: the process that wrote it is gone. */
const UNFINISHED_AFTER_MS = 600_000;

/** A stored file. */
export interface StoredAvatar {
  readonly sizeBytes: number;
  read(): Readable;
}

export type PutOutcome = 'stored' | 'known' | 'full';

/**
 * Custom avatars, one file each, named by the SHA-256 of its bytes (64 lower-case hexadecimal digits). A file is written
 * under another name, synced and renamed: a file that can be read is complete, whenever the process ends.
 */
export class AvatarStore {
  private constructor(
    private readonly folder: string,
    private readonly totalMaxBytes: number,
    private totalBytes: number,
  ) {}

  /** Opens `folder`, creates it if it is missing, and removes files that were never finished. */
  static async open(folder: string, totalMaxBytes: number): Promise<AvatarStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let totalBytes = 0;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      if (STORED.test(name)) totalBytes += size;
      else if (UNFINISHED.test(name) && Date.now() - mtimeMs > UNFINISHED_AFTER_MS) await rm(path, { force: true });
    }
    return new AvatarStore(folder, totalMaxBytes, totalBytes);
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.find(sha256)) !== null;
  }

  /** The file of this name, or null. */
  async find(sha256: string): Promise<StoredAvatar | null> {
    const path = this.pathOf(sha256);
    const sizeBytes = await stat(path).then(
      ({ size }) => size,
      () => -1,
    );
    return sizeBytes < 0 ? null : { sizeBytes, read: () => createReadStream(path) };
  }

  /** Stores `bytes`, whose SHA-256 is `sha256`, unless they are known or there is no room left. */
  async put(sha256: string, bytes: Uint8Array): Promise<PutOutcome> {
    if (await this.has(sha256)) return 'known';
    if (this.totalBytes + bytes.length > this.totalMaxBytes) return 'full';
    // Counted before it is written, so that several at once can't exceed the limit together.
    this.totalBytes += bytes.length;
    const aside = join(this.folder, `${sha256}.${randomBytes(8).toString('hex')}.part`);
    try {
      await writeSynced(aside, bytes);
      await rename(aside, this.pathOf(sha256));
    } catch (error) {
      this.totalBytes -= bytes.length;
      await rm(aside, { force: true });
      throw error;
    }
    return 'stored';
  }

  private pathOf(sha256: string): string {
    return join(this.folder, `${sha256}.glb`);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Clock, wallClock } from '@/lib/core/clock';

const STORED = /^([0-9a-f]{64})\.glb$/;
const UNFINISHED = /\.part$/;
/** A file unfinished after this long stays so: the process that wrote it is gone. */
const UNFINISHED_AFTER_MS = 600_000;
/** A file that came or was put on less than this ago stays: its person may be about to join. */
const FRESH_MS = 600_000;

/** A stored file. */
export interface StoredAvatar {
  readonly sizeBytes: number;
  read(): Readable;
}

/** `removed`: the operator has taken this file away for good. */
export type PutOutcome = 'stored' | 'known' | 'full' | 'removed';

/** What is known of a file without reading it. Milliseconds since the Unix epoch. */
interface KeptFile {
  readonly sizeBytes: number;
  readonly storedAtMs: number;
  /** When somebody last put it on; 0 for never. It is the file's time of modification. */
  wornAtMs: number;
}

/** Names of files that somebody wears now. */
export type FindWorn = () => Promise<ReadonlySet<string>>;

const NOBODY: ReadonlySet<string> = new Set();

const pathIn = (folder: string, sha256: string) => join(folder, `${sha256}.glb`);
const removalIn = (folder: string, sha256: string) => join(folder, `${sha256}.removed`);

/** Bytes read at once. */
const SLICE_BYTES = 128 * 1024;

/** A file's bytes in slices. It is open only while a slice is read, so that no slow reader keeps it open. */
async function* slicesOf(path: string, sizeBytes: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < sizeBytes; ) {
    const slice = await readSlice(path, at, Math.min(SLICE_BYTES, sizeBytes - at));
    if (slice.length === 0) throw new Error('the file ends too early');
    yield slice;
    at += slice.length;
  }
}

async function readSlice(path: string, atByte: number, sizeBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(sizeBytes), 0, sizeBytes, atByte);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Takes an avatar away for good: its file, and the right to upload the same file again, until `HASH.removed` is deleted.
 * Works while a server uses the folder. Resolves with whether there was such a file.
 */
export async function removeAvatar(folder: string, sha256: string): Promise<boolean> {
  await writeFile(removalIn(folder, sha256), '', { mode: 0o600 });
  const path = pathIn(folder, sha256);
  const isThere = await exists(path);
  await rm(path, { force: true });
  return isThere;
}

/**
 * Custom avatars, one file each, named by the SHA-256 of its bytes (64 lower-case hexadecimal digits). A file is written
 * under another name, synced and renamed: a file that can be read is complete, whenever the process ends. When there is no
 * room left, files that were never worn go first, then those that were last worn the longest ago.
 */
export class AvatarStore {
  private readonly kept = new Map<string, KeptFile>();
  private readonly writing = new Map<string, Promise<void>>();
  private totalBytes = 0;

  private constructor(
    private readonly folder: string,
    private readonly totalMaxBytes: number,
    private readonly clock: Clock,
  ) {}

  /** Opens `folder`, creates it if it is missing, and removes files that were never finished. `clock`: `wallClock`. */
  static async open(folder: string, totalMaxBytes: number, clock: Clock = wallClock): Promise<AvatarStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new AvatarStore(folder, totalMaxBytes, clock);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const { size, mtimeMs, ctimeMs } = await stat(path);
      const sha256 = STORED.exec(name)?.[1];
      if (sha256) store.count(sha256, { sizeBytes: size, storedAtMs: ctimeMs, wornAtMs: mtimeMs });
      else if (UNFINISHED.test(name) && clock.nowMs() - mtimeMs > UNFINISHED_AFTER_MS) await rm(path, { force: true });
    }
    return store;
  }

  /** Whether a file of this name can be read. */
  async has(sha256: string): Promise<boolean> {
    return (await this.find(sha256)) !== null;
  }

  /** The file of this name, or null. */
  async find(sha256: string): Promise<StoredAvatar | null> {
    const path = pathIn(this.folder, sha256);
    const sizeBytes = await stat(path).then(
      ({ size }) => size,
      () => -1,
    );
    if (sizeBytes >= 0) return { sizeBytes, read: () => Readable.from(slicesOf(path, sizeBytes)) };
    // The operator may have removed it.
    if (!this.writing.has(sha256)) this.discount(sha256);
    return null;
  }

  /** Notes that somebody puts this file on. False if there is no such file. */
  async wear(sha256: string): Promise<boolean> {
    const found = await this.find(sha256);
    if (!found) return false;
    if (!this.kept.has(sha256)) this.count(sha256, { ...found, storedAtMs: this.clock.nowMs(), wornAtMs: 0 });
    await this.noteWorn(sha256);
    return true;
  }

  /**
   * Stores `bytes`, whose SHA-256 is `sha256`, unless they are known or were removed, or no room can be made. Files that
   * somebody wears now, or that are new, make no room.
   */
  async put(sha256: string, bytes: Uint8Array, findWorn: FindWorn): Promise<PutOutcome> {
    if (await exists(removalIn(this.folder, sha256))) return 'removed';
    if (await this.isKnown(sha256)) return 'known';
    const isRoom = this.totalBytes + bytes.length <= this.totalMaxBytes;
    const worn = isRoom ? NOBODY : await this.wornNow(findWorn);
    // From here on nothing is awaited until the file is counted, so that several at once can't exceed the limit together.
    if (this.kept.has(sha256)) return 'known';
    const leaving = this.chooseLeaving(bytes.length, worn);
    if (leaving === null) return 'full';
    for (const name of leaving) this.discount(name);
    this.count(sha256, { sizeBytes: bytes.length, storedAtMs: this.clock.nowMs(), wornAtMs: 0 });
    const writing = this.write(sha256, bytes, leaving);
    this.writing.set(sha256, writing);
    try {
      await writing;
    } catch (error) {
      this.discount(sha256);
      throw error;
    } finally {
      this.writing.delete(sha256);
    }
    return 'stored';
  }

  /** Takes a file away for good: see {@link removeAvatar}. Resolves with whether there was such a file. */
  async remove(sha256: string): Promise<boolean> {
    const isThere = await removeAvatar(this.folder, sha256);
    this.discount(sha256);
    return isThere;
  }

  private async isKnown(sha256: string): Promise<boolean> {
    await this.writing.get(sha256)?.catch(() => {});
    return this.has(sha256);
  }

  private async wornNow(findWorn: FindWorn): Promise<ReadonlySet<string>> {
    const worn = await findWorn();
    for (const sha256 of worn) await this.noteWorn(sha256);
    return worn;
  }

  /** The files that leave so that `bytes` more fit; null if too few may leave. */
  private chooseLeaving(bytes: number, worn: ReadonlySet<string>): string[] | null {
    const nowMs = this.clock.nowMs();
    const isFree = ([sha256, { wornAtMs, storedAtMs }]: [string, KeptFile]) =>
      !worn.has(sha256) && nowMs - Math.max(wornAtMs, storedAtMs) > FRESH_MS;
    const free = [...this.kept].filter(isFree);
    free.sort(([, a], [, b]) => a.wornAtMs - b.wornAtMs || a.storedAtMs - b.storedAtMs);
    const leaving: string[] = [];
    let room = this.totalMaxBytes - this.totalBytes;
    for (const [sha256, { sizeBytes }] of free) {
      if (room >= bytes) break;
      leaving.push(sha256);
      room += sizeBytes;
    }
    return room >= bytes ? leaving : null;
  }

  private async write(sha256: string, bytes: Uint8Array, leaving: readonly string[]): Promise<void> {
    const aside = join(this.folder, `${sha256}.${randomBytes(8).toString('hex')}.part`);
    try {
      for (const name of leaving) await rm(pathIn(this.folder, name), { force: true });
      await writeSynced(aside, bytes);
      await rename(aside, pathIn(this.folder, sha256));
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
  }

  private async noteWorn(sha256: string): Promise<void> {
    const file = this.kept.get(sha256);
    if (!file) return;
    file.wornAtMs = this.clock.nowMs();
    const time = new Date(file.wornAtMs);
    // A file that is gone by now is found missing when it is read.
    await utimes(pathIn(this.folder, sha256), time, time).catch(() => {});
  }

  private count(sha256: string, file: KeptFile): void {
    this.kept.set(sha256, file);
    this.totalBytes += file.sizeBytes;
  }

  private discount(sha256: string): void {
    this.totalBytes -= this.kept.get(sha256)?.sizeBytes ?? 0;
    this.kept.delete(sha256);
  }
}

const NEVER = new Date(0);

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    // The rest of the file's life is known by this time: it has not been worn yet.
    await file.utimes(NEVER, NEVER);
    await file.sync();
  } finally {
    await file.close();
  }
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import { recordingStorageContract } from '@/tests/contract/recordingStorage';
import { bundleProgram } from '@/tests/support/bundledProgram';

const program = await bundleProgram(new URL('./endlessRecorder.ts', import.meta.url));
const ID = '0'.repeat(32);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-recordings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('recordings in a folder', () => {
  recordingStorageContract(async () => {
    const place = join(folder, 'contract');
    return () => new FolderStorage(place);
  });

  it('other accounts can read neither folders nor files', async () => {
    const place = join(folder, 'private');
    const storage = new FolderStorage(place);
    await (await storage.open(ID, 'segments')).close();
    await storage.write(ID, 'info.json', new Uint8Array(1));
    const modes = ['', ID, `${ID}/segments`, `${ID}/info.json`].map((path) => statSync(join(place, path)).mode & 0o077);
    expect(modes).toEqual([0, 0, 0, 0]);
  });

  it('a folder that cannot be made is refused with its cause', async () => {
    const place = join(folder, 'a-file');
    writeFileSync(place, '');
    await expect(new FolderStorage(place).open(ID, 'segments')).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining(place),
    });
  });

  it('a small file whose writing is broken off is either the old one or the new one', async () => {
    const place = join(folder, 'killed');
    const storage = new FolderStorage(place);
    await storage.write(ID, 'info.json', new Uint8Array(100_000).fill(1));
    for (let round = 0; round < 5; round += 1) {
      const writer = spawn(process.execPath, [...program, place, ID]);
      await once(writer.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, round * 7));
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const found = await storage.readWhole(ID, 'info.json');
      expect(found).toHaveLength(100_000);
      expect(new Set(found).size).toBe(1);
    }
  });
});

/** A small disk of memory; only root may have one. */
function mount(place: string, megabytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place]).status === 0;
}

describe('recordings on a full disk', () => {
  let disk: string;
  let isMounted = false;
  beforeAll(() => {
    disk = mkdtempSync(join(tmpdir(), 'parley-disk-'));
    isMounted = process.platform === 'linux' && mount(disk, 1);
  });
  afterAll(() => {
    if (isMounted) spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  });

  it('an append that finds no room leaves the file as it was, says so, and goes on once there is room', async (context) => {
    if (!isMounted) context.skip('only root may make a small disk');
    const storage = new FolderStorage(disk);
    const file = await storage.open(ID, 'segments');
    await file.append(new Uint8Array(100_000).fill(1));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 8192));
    await expect(file.append(new Uint8Array(100_000).fill(2))).rejects.toMatchObject({
      reason: 'unwritable',
      message: expect.stringContaining('The disk is full'),
    });
    expect(file.sizeBytes).toBe(100_000);
    expect(await storage.sizeOf(ID, 'segments')).toBe(100_000);
    await expect(storage.write(ID, 'info.json', new Uint8Array(100_000))).rejects.toMatchObject({
      reason: 'unwritable',
    });
    expect(readdirSync(join(disk, ID))).toEqual(['segments']);
    rmSync(join(disk, 'filler'));
    await file.append(new Uint8Array(100_000).fill(3));
    expect(new Set(await storage.read(ID, 'segments', 100_000, 100_000))).toEqual(new Set([3]));
    await file.close();
  });
});

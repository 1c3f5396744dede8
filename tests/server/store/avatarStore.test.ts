import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AvatarStore, removeAvatar } from '@/server/store/avatarStore';
import { bundleProgram } from '@/tests/support/bundledProgram';
import { ManualClock } from '@/tests/support/manualClock';

const KILLS = 8;
const WRITER = await bundleProgram(new URL('./endlessWriter.ts', import.meta.url));
const nobody = async () => new Set<string>();
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Files of `folder` that this process has open, as far as the system tells. */
function openFilesIn(folder: string): string[] {
  const fds = process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
  const paths = fds.flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    }
  });
  return paths.filter((path) => path.startsWith(folder));
}

describe('AvatarStore', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('files from before count towards the limit', async () => {
    const bytes = new Uint8Array(1000).fill(1);
    await (await AvatarStore.open(folder, 1500)).put(hashOf(bytes), bytes, nobody);
    const again = await AvatarStore.open(folder, 1500);
    expect(await again.has(hashOf(bytes))).toBe(true);
    expect(await again.put(hashOf(new Uint8Array(600)), new Uint8Array(600), nobody)).toBe('full');
    expect(await again.put(hashOf(bytes), bytes, nobody)).toBe('known');
  });

  it('a file is read whole, however slowly, and not held open meanwhile', async () => {
    const bytes = new Uint8Array(600_000).map((_, index) => index % 251);
    const store = await AvatarStore.open(folder, 1_000_000);
    await store.put(hashOf(bytes), bytes, nobody);
    const found = await store.find(hashOf(bytes));
    const parts: Buffer[] = [];
    for await (const part of found!.read()) {
      parts.push(part);
      // The next slice may be being read.
      await expect.poll(() => openFilesIn(folder)).toEqual([]);
    }
    expect(hashOf(Buffer.concat(parts))).toBe(hashOf(bytes));
    expect(parts.length).toBeGreaterThan(1);
  });

  it('concurrent uploads never exceed the limit', async () => {
    const store = await AvatarStore.open(folder, 2500);
    const files = Array.from({ length: 6 }, (_, i) => new Uint8Array(1000).fill(i));
    const outcomes = await Promise.all(files.map((bytes) => store.put(hashOf(bytes), bytes, nobody)));
    expect(outcomes.toSorted()).toEqual(['full', 'full', 'full', 'full', 'stored', 'stored']);
  });

  describe('when there is no room left', () => {
    const DAY_MS = 86_400_000;
    const clock = new ManualClock(Date.now());
    const files = Array.from({ length: 5 }, (_, i) => new Uint8Array(1000).fill(i));
    const names = files.map(hashOf);
    const put = (store: AvatarStore, index: number, worn: readonly number[] = []) =>
      store.put(names[index]!, files[index]!, async () => new Set(worn.map((each) => names[each]!)));
    const stored = () => names.flatMap((name, index) => (readdirSync(folder).includes(`${name}.glb`) ? [index] : []));

    /** Files 0 to 2 fill the store; 0 was put on last, 1 before, 2 never. */
    async function full(): Promise<AvatarStore> {
      const store = await AvatarStore.open(folder, 3000, clock);
      for (const index of [0, 1, 2]) await put(store, index);
      for (const index of [1, 0]) {
        clock.advance(DAY_MS);
        expect(await store.wear(names[index]!)).toBe(true);
      }
      clock.advance(DAY_MS);
      return store;
    }

    it('an avatar that was never worn makes room first, then the one worn the longest ago', async () => {
      const store = await full();
      expect(await put(store, 3)).toBe('stored');
      expect(stored()).toEqual([0, 1, 3]);
      await store.wear(names[3]!);
      expect(await put(store, 4)).toBe('stored');
      expect(stored()).toEqual([0, 3, 4]);
    });

    it('the order of avatars that make room outlives the process', async () => {
      await full();
      const again = await AvatarStore.open(folder, 3000, clock);
      clock.advance(DAY_MS);
      await put(again, 3);
      expect(stored()).toEqual([0, 1, 3]);
    });

    it('an avatar that somebody wears now, or that is new, makes no room', async () => {
      const store = await full();
      expect(await put(store, 3, [0, 1, 2])).toBe('full');
      clock.advance(DAY_MS);
      expect(await put(store, 3, [1, 2])).toBe('stored');
      expect(stored()).toEqual([1, 2, 3]);
      expect(await put(store, 4, [1, 2])).toBe('full');
      expect(stored()).toEqual([1, 2, 3]);
    });

    it('an avatar worn until now counts as worn now', async () => {
      const store = await full();
      await put(store, 3, [1, 2]);
      clock.advance(DAY_MS);
      await store.wear(names[2]!);
      clock.advance(DAY_MS);
      // Until just now somebody wore file 1, so that file 3, which nobody wore, and then file 2 leave.
      expect(await put(store, 4, [1])).toBe('stored');
      expect(stored()).toEqual([1, 2, 4]);
    });

    it('uploads at the same time make room once each', async () => {
      const store = await full();
      const outcomes = await Promise.all([put(store, 3), put(store, 4), put(store, 3)]);
      expect(outcomes.toSorted()).toEqual(['known', 'stored', 'stored']);
      expect(stored()).toEqual([0, 3, 4]);
    });
  });

  it('a removed avatar is gone, also from a store that is open, and is not taken again', async () => {
    const bytes = new Uint8Array(1000).fill(7);
    const store = await AvatarStore.open(folder, 1500);
    await store.put(hashOf(bytes), bytes, nobody);
    expect(await removeAvatar(folder, hashOf(bytes))).toBe(true);
    expect(await store.has(hashOf(bytes))).toBe(false);
    expect(await store.wear(hashOf(bytes))).toBe(false);
    expect(await store.put(hashOf(bytes), bytes, nobody)).toBe('removed');
    // Its room is free again.
    const other = new Uint8Array(1500).fill(8);
    expect(await store.put(hashOf(other), other, nobody)).toBe('stored');
    expect(await removeAvatar(folder, hashOf(bytes))).toBe(false);
  });

  it('only old unfinished files are removed', async () => {
    for (const name of ['old.part', 'new.part']) writeFileSync(join(folder, name), 'half');
    utimesSync(join(folder, 'old.part'), new Date(0), new Date(0));
    await AvatarStore.open(folder, 1000);
    expect(readdirSync(folder)).toEqual(['new.part']);
  });

  it(`all stored files are complete after kill -9 at ${KILLS} moments of writing`, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = spawn(process.execPath, [...WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      // Each line announces a file; the kill hits while one is written.
      for (let lines = 0; lines <= kill; lines += 1) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const stored = readdirSync(folder).filter((name) => name.endsWith('.glb'));
    expect(stored.length).toBeGreaterThan(0);
    for (const name of stored) expect(`${hashOf(readFileSync(join(folder, name)))}.glb`).toBe(name);
  }, 60_000);
});

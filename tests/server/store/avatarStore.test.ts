import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AvatarStore } from '@/server/store/avatarStore';

const KILLS = 8;
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('AvatarStore', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('files from before count towards the limit', async () => {
    const bytes = new Uint8Array(1000).fill(1);
    await (await AvatarStore.open(folder, 1500)).put(hashOf(bytes), bytes);
    const again = await AvatarStore.open(folder, 1500);
    expect(await again.has(hashOf(bytes))).toBe(true);
    expect(await again.put(hashOf(new Uint8Array(600)), new Uint8Array(600))).toBe('full');
    expect(await again.put(hashOf(bytes), bytes)).toBe('known');
  });

  it('concurrent uploads never exceed the limit', async () => {
    const store = await AvatarStore.open(folder, 2500);
    const files = Array.from({ length: 6 }, (_, i) => new Uint8Array(1000).fill(i));
    const outcomes = await Promise.all(files.map((bytes) => store.put(hashOf(bytes), bytes)));
    expect(outcomes.toSorted()).toEqual(['full', 'full', 'full', 'full', 'stored', 'stored']);
  });

  it('only old unfinished files are removed', async () => {
    for (const name of ['old.part', 'new.part']) writeFileSync(join(folder, name), 'half');
    utimesSync(join(folder, 'old.part'), new Date(0), new Date(0));
    await AvatarStore.open(folder, 1000);
    expect(readdirSync(folder)).toEqual(['new.part']);
  });

  it(`all stored files are complete after kill -9 at ${KILLS} moments of writing`, async () => {
    const writer = fileURLToPath(new URL('./endlessWriter.ts', import.meta.url));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx', writer, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
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

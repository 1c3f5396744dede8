import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { createServices } from '@/server/services/services';
import { openDataFolder } from '@/server/store/dataFolder';
import { copyReadyDatabase } from '@/tests/support/readyDatabase';

const OTHERS = 0o077;

/** Paths below `folder`, and itself, that other accounts have any right to. */
function openPaths(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return ['', ...names].filter((name) => (lstatSync(join(folder, name)).mode & OTHERS) !== 0);
}

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'parley-data-'));
    folder = join(home, 'data');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  async function startAndStop() {
    const services = await createServices(readEnv({ DATA_DIR: folder }), wallClock, silentLog);
    await services.meetings.create({}, { ip: '192.0.2.1', origin: 'http://localhost' });
    const whileRunning = openPaths(folder);
    await services.close();
    return whileRunning;
  }

  it('a start leaves nothing in it that other accounts can read, nor does an earlier, looser one', async () => {
    expect(await startAndStop()).toEqual([]);
    expect(openPaths(folder)).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(['avatars', 'in-use-by', 'meetings', 'ops-token', 'secret']);

    writeFileSync(join(folder, 'avatars', `${'0'.repeat(64)}.glb`), 'x');
    for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
      const path = join(folder, name);
      chmodSync(path, statSync(path).isDirectory() ? 0o777 : 0o666);
    }
    expect(openPaths(folder).length).toBeGreaterThan(900);
    expect(await startAndStop()).toEqual([]);
    expect(openPaths(folder)).toEqual([]);
  }, 120_000);

  it('a copy of the folder made while Parley is stopped has the meetings, and their hosts keep their rights', async () => {
    const caller = { ip: '192.0.2.1', origin: 'http://localhost' };
    const open = (path: string) => createServices(readEnv({ DATA_DIR: path }), wallClock, silentLog);
    mkdirSync(folder);
    await copyReadyDatabase(folder);
    const first = await open(folder);
    const { id, hostToken } = await first.meetings.create({ title: 'Kept' }, caller);
    await first.close();
    const elsewhere = join(home, 'restored');
    expect(spawnSync('cp', ['--archive', `${folder}/.`, elsewhere]).status).toBe(0);
    rmSync(folder, { recursive: true });
    const second = await open(elsewhere);
    expect(await second.meetings.get(id, caller)).toMatchObject({ title: 'Kept', endedAt: null });
    expect((await second.meetings.end({ id, hostToken }, caller)).endedAt).not.toBeNull();
    await second.close();
  }, 120_000);

  it('a folder that also holds other things keeps its rights, and so do they', async () => {
    mkdirSync(join(folder, 'avatars'), { recursive: true, mode: 0o755 });
    mkdirSync(join(folder, 'photos'), { mode: 0o755 });
    expect(await openDataFolder(folder)).toEqual({ mended: 1, isOpen: true });
    expect(openPaths(folder)).toEqual(['', 'photos']);
  });

  it('files that a link in the folder points to keep their rights', async () => {
    mkdirSync(join(home, 'shared'), { mode: 0o755 });
    mkdirSync(folder, { mode: 0o755 });
    symlinkSync(join(home, 'shared'), join(folder, 'models'));
    expect(await openDataFolder(folder)).toEqual({ mended: 1, isOpen: false });
    expect(statSync(join(home, 'shared')).mode & OTHERS).toBe(0o055);
  });
});

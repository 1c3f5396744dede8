import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '@/server/store/folderLock';
import { StoreError } from '@/server/store/storeError';
import { bundleProgram } from '@/tests/support/bundledProgram';

const HOLDER = await bundleProgram(new URL('./lockHolder.ts', import.meta.url));
/** Runs a program as process 1 of a world of its own, as a container does. */
const CONTAINED = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const canContain = spawnSync('unshare', [...CONTAINED, 'true']).status === 0;

describe('the lock on the data folder', () => {
  let folder: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-lock-'));
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map(kill));
    rmSync(folder, { recursive: true });
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async function nextLine(child: ChildProcess): Promise<string> {
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    return String(line).trim();
  }

  /** Starts a process, alone or as process 1 of a container, that will lock the folder when it is told to. */
  async function ready(contained = false): Promise<ChildProcess> {
    const [command, args] = contained
      ? ['unshare', [...CONTAINED, process.execPath, ...HOLDER]]
      : [process.execPath, HOLDER];
    const child = spawn(command, [...args, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    expect(await nextLine(child)).toBe('ready');
    return child;
  }

  async function lock(child: ChildProcess): Promise<string> {
    child.stdin!.write('lock');
    return nextLine(child);
  }

  async function start(contained = false): Promise<{ child: ChildProcess; said: string }> {
    const child = await ready(contained);
    return { child, said: await lock(child) };
  }

  it('of eight processes that find the lock of one that is gone at the same moment, exactly one gets it', async () => {
    writeFileSync(join(folder, 'in-use-by'), '999999999');
    const holders = await Promise.all(Array.from({ length: 8 }, () => ready()));
    const said = await Promise.all(holders.map(lock));
    expect(said.toSorted()).toEqual(['held', ...Array(7).fill('inUse')]);
  }, 60_000);

  it('a holder killed with -9 leaves the folder free', async () => {
    const first = await start();
    expect(first.said).toBe('held');
    expect(() => lockFolder(folder)).toThrow(StoreError);
    await kill(first.child);
    lockFolder(folder)();
  });

  it('a number in the lock that another process has by now does not matter', () => {
    writeFileSync(join(folder, 'in-use-by'), String(process.ppid));
    lockFolder(folder)();
  });

  it('a folder can be locked again once it is unlocked, and unlocking twice does nothing', () => {
    const unlock = lockFolder(folder);
    unlock();
    const unlockAgain = lockFolder(folder);
    unlock();
    expect(() => lockFolder(folder)).toThrow(/in use by process \d+ on .+: end it, or set another DATA_DIR\.$/);
    unlockAgain();
    expect(existsSync(join(folder, 'in-use-by'))).toBe(true);
  });

  it.skipIf(!canContain)(
    'two containers that share the folder, each with its own process 1, exclude each other',
    async () => {
      const first = await start(true);
      const second = await start(true);
      expect([first.said, second.said]).toEqual(['held', 'inUse']);
      await kill(first.child);
      await expect.poll(() => start(true).then(({ said }) => said), { timeout: 10_000 }).toBe('held');
    },
    40_000,
  );
});

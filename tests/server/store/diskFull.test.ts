import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { createServices } from '@/server/services/services';
import { PgliteClient } from '@/server/store/pgliteClient';
import { openPgliteStore } from '@/server/store/pgliteStore';
import type { StoreError } from '@/server/store/storeError';
import { ManualClock } from '@/tests/support/manualClock';
import { copyReadyDatabase } from '@/tests/support/readyDatabase';

/** A small disk of memory; only root may have one. */
function mount(folder: string, megabytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;
}

function unmount(folder: string): void {
  // Lazily: a database that broke keeps its files open.
  spawnSync('umount', ['-l', folder]);
}

const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mount-'));
  const done = process.platform === 'linux' && mount(folder, 1);
  if (done) unmount(folder);
  rmSync(folder, { recursive: true });
  return done;
})();

describe.skipIf(!canMount)('a full disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  });
  afterEach(() => {
    unmount(disk);
    rmSync(disk, { recursive: true });
  });

  /** Writes until `leftBytes` are free. */
  function fill(leftBytes: number): void {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - leftBytes));
  }

  const meeting = (id: string) =>
    ({
      id,
      title: '',
      maxParticipants: 4,
      hostTokenHash: 'h',
      recordingStart: 'byHost',
      recordingConsent: 'tell',
      nowMs: 1000,
    }) as const;

  it.each([
    { free: 'nothing', leftBytes: 0, megabytes: 1 },
    { free: 'too little for the database', leftBytes: 4_000_000, megabytes: 5 },
  ])(
    'a start on it, with $free free, ends in one sentence about the disk',
    async ({ leftBytes, megabytes }) => {
      mount(disk, megabytes);
      fill(leftBytes);
      const start = createServices(readEnv({ DATA_DIR: join(disk, 'data') }), wallClock, silentLog);
      await expect(start).rejects.toMatchObject({
        reason: 'unwritable',
        message: expect.stringMatching(/^The (folder|disk) .* full\. Make room\.$/),
      });
    },
    120_000,
  );

  it('a start on a write-protected disk ends in one sentence about it', async () => {
    mount(disk, 1);
    spawnSync('mount', ['-o', 'remount,ro', disk]);
    const start = createServices(readEnv({ DATA_DIR: disk }), wallClock, silentLog);
    await expect(start).rejects.toMatchObject({
      reason: 'unwritable',
      message: `The folder ${disk} (DATA_DIR) can't be written to. It is write-protected. Mount it for writing, or choose another place.`,
    });
  });

  it('writing is refused with the true cause, reading goes on, and all is well once there is room', async () => {
    mount(disk, 56);
    await copyReadyDatabase(disk);
    const troubles: StoreError[] = [];
    const store = await openPgliteStore(disk, { onTrouble: (trouble) => troubles.push(trouble) });
    await store.createMeeting(meeting('first'));
    fill(0);
    let refusal: unknown = null;
    for (let made = 0; refusal === null; made += 1) {
      refusal = await store.createMeeting(meeting(`meeting-${made}`)).then(
        () => null,
        (error) => error,
      );
    }
    expect(refusal).toMatchObject({
      reason: 'unwritable',
      message: "The meetings' database can't be written to. The disk is full. Make room.",
    });
    expect(await store.findMeeting('first')).toMatchObject({ id: 'first' });
    await expect(store.createMeeting(meeting('again'))).rejects.toMatchObject({ reason: 'unwritable' });
    expect(troubles).toHaveLength(1);
    rmSync(join(disk, 'filler'));
    expect(await store.createMeeting(meeting('after'))).toBe('created');
    await store.close();
  }, 120_000);

  it('a database that breaks on it refuses without blocking, and comes back by itself with everything in it', async () => {
    mount(disk, 120);
    await copyReadyDatabase(disk);
    const clock = new ManualClock();
    const client = await PgliteClient.open(join(disk, 'meetings'), () => clock.nowMs());
    await client.query('create table notes(id serial primary key, text text)');
    // Room for the tables to grow, but not for the next file of the log.
    fill(14_000_000);
    let written = 0;
    let breakage: unknown = null;
    while (breakage === null) {
      const add = client.query(
        'insert into notes(text) select repeat(md5(random()::text), 7) from generate_series(1, 50)',
      );
      breakage = await add.then(
        () => null,
        (error) => error,
      );
      if (breakage === null) written += 50;
    }
    expect(breakage).toMatchObject({ severity: 'PANIC', code: '53100' });
    const count = () => client.query<{ count: number }>('select count(*)::int as count from notes');
    await expect(count()).rejects.toMatchObject({ reason: 'unwritable' });
    await expect(client.transaction((tx) => tx.query('select 1'))).rejects.toMatchObject({ reason: 'unwritable' });
    rmSync(join(disk, 'filler'));
    await expect(count()).rejects.toMatchObject({ reason: 'unwritable' });
    clock.advance(1000);
    expect((await count()).rows).toEqual([{ count: written }]);
    await client.close();
  }, 120_000);

  it('a transaction in which the database breaks is refused without blocking', async () => {
    mount(disk, 120);
    await copyReadyDatabase(disk);
    const client = await PgliteClient.open(join(disk, 'meetings'));
    await client.query('create table notes(id serial primary key, text text)');
    fill(14_000_000);
    const write = () =>
      client.transaction(async (tx) => {
        for (;;) {
          await tx.query('insert into notes(text) select repeat(md5(random()::text), 7) from generate_series(1, 50)');
        }
      });
    await expect(write()).rejects.toMatchObject({ severity: 'PANIC' });
    await expect(client.query('select 1')).rejects.toMatchObject({ reason: 'unwritable' });
    await client.close();
  }, 120_000);
});

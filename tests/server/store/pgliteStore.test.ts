import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPgliteStore } from '@/server/store/pgliteStore';
import { StoreError } from '@/server/store/storeError';
import { meetingStoreContract } from '@/tests/contract/meetingStore';
import { copyReadyDatabase } from '@/tests/support/readyDatabase';

describe('PGlite store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  meetingStoreContract(async () => {
    await copyReadyDatabase(folder);
    return openPgliteStore(folder);
  });
});

describe('PGlite store and its folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-store-'));
    await copyReadyDatabase(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const meeting = {
    id: 'weekly',
    title: 'Weekly',
    maxParticipants: 4,
    hostTokenHash: 'h',
    recordingStart: 'byHost',
    recordingConsent: 'tell',
    nowMs: 1000,
  } as const;

  it('meetings and stays survive a restart', async () => {
    const first = await openPgliteStore(folder);
    await first.createMeeting(meeting);
    const stay = { meetingId: 'weekly', tokenHash: 't' };
    const ada = { role: 'participant', name: 'Ada', avatar: 'ada', identityHash: 'i', newPersonId: 'p' } as const;
    await first.join({ ...stay, ...ada, spectatorsMax: 100, nowMs: 1000, expiresAtMs: 9000 });
    await first.close();
    const second = await openPgliteStore(folder);
    expect(await second.findMeeting('weekly')).toMatchObject({ title: 'Weekly', seated: [{ name: 'Ada', seat: 0 }] });
    expect(await second.extendStay(stay, 2000, 9000)).toMatchObject({ kind: 'live' });
    await second.close();
  });

  it('a folder that is open already is refused in one sentence', async () => {
    const store = await openPgliteStore(folder);
    const refusal = await openPgliteStore(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreError);
    expect(refusal).toMatchObject({ reason: 'inUse', message: expect.stringContaining(`process ${process.pid}`) });
    await store.close();
  });

  it('the folder of a process that is gone is taken over', async () => {
    await writeFile(join(folder, 'in-use-by'), '999999999');
    const store = await openPgliteStore(folder);
    expect(await store.createMeeting(meeting)).toBe('created');
    await store.close();
  });
});

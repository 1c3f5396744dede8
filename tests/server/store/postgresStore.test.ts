import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import type { JoinRequest, MeetingStore } from '@/server/store/meetingStore';
import { openPostgresStore } from '@/server/store/postgresStore';
import { StoreError } from '@/server/store/storeError';
import { meetingStoreContract } from '@/tests/contract/meetingStore';

const serverUrl = process.env['TEST_DATABASE_URL'];
const databases: string[] = [];

const hasDump = spawnSync('pg_dump', ['--version']).status === 0;
if (!hasDump) console.log('No pg_dump here: nothing is restored from a dump.');

const WEEKLY = {
  id: 'weekly',
  title: '',
  maxParticipants: 16,
  hostTokenHash: 'h',
  recordingStart: 'byHost',
  recordingConsent: 'tell',
  nowMs: 1000,
} as const;

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** The address of a new, empty database on the test server. */
async function freshDatabase(): Promise<string> {
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name}`);
  databases.push(name);
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

if (!serverUrl) console.info('Set TEST_DATABASE_URL to run the meeting store on PostgreSQL too; skipped.');

describe.skipIf(!serverUrl)('PostgreSQL store', () => {
  afterAll(async () => {
    for (const name of databases) await onServer(`drop database if exists ${name} with (force)`);
  });

  // However long a busy machine takes to answer: that silence counts as absence is tested below.
  const patient = { silenceMs: null, answerMs: 60_000 };
  meetingStoreContract(async () => openPostgresStore(await freshDatabase(), patient));

  it('many processes migrate a database at once without a clash', async () => {
    const url = await freshDatabase();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(url)));
    await Promise.all(opened.map((store) => store.close()));
  });

  it.skipIf(!hasDump)('a dump that is restored into another database has the meetings', async () => {
    const [from, to] = [await freshDatabase(), await freshDatabase()];
    const store = await openPostgresStore(from);
    await store.createMeeting(WEEKLY);
    await store.close();
    const folder = mkdtempSync(join(tmpdir(), 'parley-dump-'));
    const file = join(folder, 'parley.dump');
    const call = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' });
    expect(call('pg_dump', '--format=custom', `--file=${file}`, from)).toMatchObject({ status: 0, stderr: '' });
    expect(call('pg_restore', '--no-owner', `--dbname=${to}`, file)).toMatchObject({ status: 0, stderr: '' });
    rmSync(folder, { recursive: true });
    // It migrates nothing twice.
    const restored = await openPostgresStore(to);
    expect(await restored.createMeeting(WEEKLY)).toBe('exists');
    expect(await restored.join(wish('weekly', 0))).toMatchObject({ kind: 'joined', seat: 0 });
    await restored.close();
  });

  it('a store whose server is away says so and works again once it is back', async () => {
    const relay = await openRelay(new URL(await freshDatabase()));
    const store: MeetingStore = await openPostgresStore(relay.url);
    await store.createMeeting(WEEKLY);
    relay.goSilent();
    // More than the pool has connections, each in a transaction when the network fails.
    const asked = Array.from({ length: 30 }, (_, index) => store.join(wish('weekly', index)).catch((error) => error));
    for (const answer of await Promise.all(asked)) expect(answer).toBeInstanceOf(StoreError);
    relay.comeBack();
    const join = () => store.join(wish('weekly', 0)).catch(() => ({ kind: 'away' }));
    await expect.poll(join, { timeout: 10_000 }).toMatchObject({ kind: 'joined', seat: 0 });
    await store.close();
    await relay.close();
  });
});

describe('PostgreSQL store without a server', () => {
  it('a store without a server fails to open with a typed error', async () => {
    const refusal = await openPostgresStore('postgres://parley@127.0.0.1:1/parley').catch((error) => error);
    expect(refusal).toBeInstanceOf(StoreError);
    expect(refusal).toMatchObject({ reason: 'unavailable' });
  });
});

function wish(meetingId: string, index: number): JoinRequest {
  return {
    meetingId,
    role: 'participant',
    name: 'Ada',
    avatar: 'ada',
    identityHash: `identity ${index}`,
    newPersonId: `person ${index}`,
    spectatorsMax: 100,
    tokenHash: randomUUID(),
    nowMs: 1000,
    expiresAtMs: 2000,
  };
}

/** A TCP relay in front of the server that can drop everything, like a cut cable. */
async function openRelay(target: URL) {
  let silent = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (bytes) => silent || far.write(bytes));
    far.on('data', (bytes) => silent || near.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(target);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    goSilent: () => {
      silent = true;
    },
    comeBack: () => {
      silent = false;
    },
    close: () => {
      dropAll();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, wallClock } from '@/lib/core/clock';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { RateLimits } from '@/server/services/rateLimits';
import { OPS_TOKEN, opsService, startApi } from './apiServer';

const CALLS = {
  overview: {},
  history: { span: '1h' },
  meetings: {},
  endMeeting: { id: 'weekly' },
  removePerson: { id: 'weekly', personId: 'somebody' },
  recordings: {},
  deleteRecording: { id: 'a-recording' },
  deleteAvatar: { sha256: 'a'.repeat(64) },
  drain: {},
  undrain: {},
  testAlert: {},
} as const;

type Call = keyof typeof CALLS;

describe('what operators do over the API', () => {
  let site: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    site = await startApi();
  });
  afterEach(() => site.close());

  async function call(path: string, input: object) {
    const response = await fetch(`${site.url}/api/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const { result, error } = (await response.json()) as { result?: { data: unknown }; error?: { data: object } };
    return { status: response.status, data: result?.data as never, refusal: error?.data };
  }

  const ops = (name: Call, input: object = CALLS[name]) => call(`ops.${name}`, { opsToken: OPS_TOKEN, ...input });
  const join = (id: string, more: object = {}) =>
    call('meeting.join', { id, role: 'participant', name: 'Ada', ...more });

  async function created(): Promise<string> {
    return ((await call('meeting.create', {})).data as { id: string }).id;
  }

  it.each(Object.keys(CALLS) as Call[])('%s needs the token of the operators, in the body', async (name) => {
    for (const opsToken of ['', 'x', `${OPS_TOKEN}x`, 'x'.repeat(300)]) {
      const { status, data } = await ops(name, { ...CALLS[name], opsToken });
      expect([400, 403], opsToken).toContain(status);
      expect(data).toBeUndefined();
    }
    const input = encodeURIComponent(JSON.stringify({ ...CALLS[name], opsToken: OPS_TOKEN }));
    expect((await fetch(`${site.url}/api/trpc/ops.${name}?input=${input}`)).status).toBe(405);
  });

  it('a caller that guesses the token is made to wait, and then not told which one is right', async () => {
    let last = { status: 0 };
    for (let k = 0; k < 40 && last.status !== 429; k += 1) last = await ops('overview', { opsToken: `guess ${k}` });
    expect(last).toMatchObject({ status: 429, refusal: { reason: 'tooManyRequests' } });
    expect(await ops('overview')).toMatchObject({ status: 429 });
  });

  it('operators who ask too often are made to wait', async () => {
    const statuses = await Promise.all(Array.from({ length: 80 }, async () => (await ops('overview')).status));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it('a test alert needs an address where alerts go nowhere', async () => {
    const url = 'http://127.0.0.1:9/hook';
    expect(await ops('testAlert', { url })).toMatchObject({ status: 200, data: { sentTo: 1 } });
    expect(await ops('testAlert')).toMatchObject({ status: 400, refusal: { reason: 'badInput' } });
    for (const wrong of ['ftp://127.0.0.1/', 'nowhere', `http://a/${'x'.repeat(2_000)}`]) {
      expect((await ops('testAlert', { url: wrong })).status, wrong.slice(0, 20)).toBe(400);
    }
  });

  it('the overview has the version, the figures, the alerts that fire and why the site is not ready', async () => {
    expect((await ops('overview')).data).toMatchObject({
      version: '1.2.3',
      figures: { meetings: null },
      alerts: [],
      lacks: ['starting'],
      isDraining: false,
    });
    const alert = { name: 'DiskLow', severity: 'warning', summary: 'full', startsAtMs: 0 } as const;
    const { recordings, feeds } = site.services;
    const stays = new StayKeeper({ store: site.store, wall: wallClock, steady: systemClock });
    const parts = { store: site.store, feeds, stays, recordings, limits: new RateLimits(systemClock) };
    const other = opsService(parts, { alerts: { firing: [alert], test: () => 0 } });
    other.watch({ lacks: ['disk'] });
    expect(await other.overview({ opsToken: OPS_TOKEN }, { ip: '10.0.0.9', origin: '' })).toMatchObject({
      alerts: [{ name: 'DiskLow', severity: 'warning', summary: 'full', startsAt: '1970-01-01T00:00:00.000Z' }],
      lacks: ['disk'],
    });
  });

  it('the history is there for three spans', async () => {
    expect((await ops('history', { span: '24h' })).data).toMatchObject({ span: '24h', stepS: 300 });
    expect((await ops('history', { span: '1y' })).status).toBe(400);
  });

  it('meetings are listed with the people in them, and without secrets', async () => {
    const id = await created();
    expect((await ops('meetings')).data).toEqual([]);
    const { data } = await join(id, { avatar: `own:${'b'.repeat(64)}` });
    const { personId, stayToken } = data as { personId: string; stayToken: string };
    await call('meeting.join', { id, role: 'spectator' });
    const answer = await ops('meetings');
    expect(answer.data).toMatchObject([
      {
        id,
        seats: 16,
        isRecorded: false,
        people: [
          { id: personId, name: 'Ada', seat: 0, customAvatar: 'b'.repeat(64) },
          { name: '', seat: null, customAvatar: null },
        ],
      },
    ]);
    expect(JSON.stringify(answer.data)).not.toMatch(new RegExp(`${stayToken}|[Hh]ash|[Tt]oken`));
  });

  it('a meeting that an operator ends is over for everybody, once', async () => {
    const id = await created();
    const { data } = await join(id);
    const ended: string[] = [];
    site.services.meetings.events.on('ended', (event) => ended.push(event.id));
    expect((await ops('endMeeting', { id })).status).toBe(200);
    expect(ended).toEqual([id]);
    const { stayToken } = data as { stayToken: string };
    expect(await call('meeting.heartbeat', { id, stayToken })).toMatchObject({ refusal: { reason: 'ended' } });
    expect(await ops('endMeeting', { id })).toMatchObject({ refusal: { reason: 'ended' } });
    expect(await ops('endMeeting', { id: 'never-created' })).toMatchObject({ refusal: { reason: 'notFound' } });
  });

  it('somebody who is put out is told so, leaves the conference, and can’t come back as the same person', async () => {
    const id = await created();
    const identity = 'the identity of Ada in this browser';
    const { personId, stayToken } = (await join(id, { identity })).data as { personId: string; stayToken: string };
    const left: string[] = [];
    site.services.meetings.events.on('left', (event) => left.push(event.personId));
    const caller = { ip: '10.0.0.1', origin: '' };
    const stream = site.services.meetings.watch({ id, stayToken }, caller);
    await stream.next();
    expect((await ops('removePerson', { id, personId })).status).toBe(200);
    const rest = async () => {
      for await (const event of stream) expect(event).toBeDefined();
    };
    await expect(rest()).rejects.toMatchObject({ reason: 'forbidden' });
    expect(left).toEqual([personId]);
    expect(await call('meeting.heartbeat', { id, stayToken })).toMatchObject({ refusal: { reason: 'forbidden' } });
    expect(await join(id, { identity })).toMatchObject({ status: 403, refusal: { reason: 'forbidden' } });
    expect((await join(id)).status).toBe(200);
    expect(await ops('removePerson', { id, personId })).toMatchObject({ refusal: { reason: 'notFound' } });
  });

  it('recordings of all meetings are listed without links, and deleted', async () => {
    const meetingId = await created();
    const { recordings } = site.store;
    await recordings.start({ id: 'r-1', meetingId, nowMs: 0 });
    await recordings.finish('r-1', { durationMs: 5_000, sizeBytes: 7, failure: null, nowMs: 5_000 });
    expect((await ops('recordings')).data).toMatchObject([
      { id: 'r-1', meetingId, state: 'ready', sizeBytes: 7, replayUrl: null, filesUrl: null },
    ]);
    expect((await ops('deleteRecording', { id: 'r-1' })).status).toBe(200);
    expect((await ops('recordings')).data).toEqual([]);
    expect(await ops('deleteRecording', { id: 'r-1' })).toMatchObject({ refusal: { reason: 'notFound' } });
  });

  it('an avatar that is not here can’t be removed, nor one by another name than its hash', async () => {
    expect(await ops('deleteAvatar')).toMatchObject({ refusal: { reason: 'notFound' } });
    for (const sha256 of ['../secret', 'A'.repeat(64), 'a'.repeat(63)]) {
      expect((await ops('deleteAvatar', { sha256 })).status).toBe(400);
    }
  });

  it('a site that drains refuses new meetings and nothing else, until it takes them again', async () => {
    const id = await created();
    expect((await ops('drain')).status).toBe(200);
    expect((await ops('overview')).data).toMatchObject({ isDraining: true });
    expect(await call('meeting.create', {})).toMatchObject({
      status: 503,
      refusal: { reason: 'unavailable', isDraining: true, retryAfterMs: 60_000 },
    });
    expect((await join(id)).status).toBe(200);
    expect((await ops('undrain')).status).toBe(200);
    expect((await call('meeting.create', {})).status).toBe(200);
  });
});

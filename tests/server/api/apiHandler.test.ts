import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { createApiHandler } from '@/server/api/apiHandler';
import type { MeetingStore } from '@/server/store/meetingStore';
import { apiServices } from '@/tests/server/api/apiServer';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const SITE = 'http://site.test';

const store = new MemoryMeetingStore();

type Handler = ReturnType<typeof createApiHandler>;
const handler = (changes = {}): Handler => createApiHandler(apiServices(store, changes));

function post(path: string, input: unknown, headers: Record<string, string> = {}): Request {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  return new Request(`${SITE}/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'site.test', ...headers },
    body,
  });
}

function query(path: string, input: unknown): Request {
  return new Request(`${SITE}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
}

async function ask(request: Request, handle = handler(), ip = '192.0.2.1') {
  const response = await handle(request, { ip });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

describe('the API over HTTP', () => {
  it('creates, joins and gets', async () => {
    const made = (await ask(post('meeting.create', { title: 'Stand-up' }))).body.result.data;
    expect(made.joinUrl).toBe(`${SITE}/m/${made.id}`);
    const joined = await ask(post('meeting.join', { id: made.id, role: 'participant', name: 'Ada', avatar: 'ada' }));
    expect(joined).toMatchObject({ status: 200, body: { result: { data: { seat: 0 } } } });
    expect(joined.headers.get('cache-control')).toBe('no-store');
    const got = await ask(query('meeting.get', { id: made.id }));
    expect(got.body.result.data).toEqual(joined.body.result.data.meeting);
  });

  it.each([
    ['meeting.get', { id: 'nobody-made-this' }, 404, 'notFound'],
    ['meeting.get', { id: 'No Id' }, 400, 'badInput'],
  ])('%s %o answers %d %s', async (path, input, status, reason) => {
    expect(await ask(query(path, input))).toMatchObject({
      status,
      body: { error: { data: { reason, httpStatus: status } } },
    });
  });

  it('answers the same for every id there is not', async () => {
    const one = await ask(query('meeting.get', { id: 'one-of-them' }));
    const other = await ask(query('meeting.get', { id: 'another-of-them' }));
    expect(one.text).toBe(other.text);
  });

  it('gives each refusal its status, its reason and what belongs to it', async () => {
    const handle = handler();
    const made = (await ask(post('meeting.create', { maxParticipants: 2, id: 'full-house' }), handle)).body.result.data;
    const join = { id: made.id, role: 'participant', name: 'Ada' };
    await ask(post('meeting.join', join), handle);
    const second = (await ask(post('meeting.join', join), handle)).body.result.data;
    const refusals: [Request, number, object][] = [
      [post('meeting.join', join), 409, { reason: 'full', limit: 2 }],
      [post('meeting.create', { id: made.id }), 409, { reason: 'exists' }],
      [post('meeting.end', { id: made.id, hostToken: 'x' }), 403, { reason: 'forbidden' }],
      [post('meeting.heartbeat', { id: made.id, stayToken: 'x' }), 401, { reason: 'tokenInvalid' }],
      [post('meeting.end', { id: made.id, hostToken: made.hostToken }), 200, {}],
      [post('meeting.join', join), 412, { reason: 'ended' }],
      [post('meeting.heartbeat', { id: made.id, stayToken: second.stayToken }), 412, { reason: 'ended' }],
    ];
    for (const [request, status, data] of refusals) {
      const answer = await ask(request, handle);
      expect(answer.status).toBe(status);
      expect(answer.body.error?.data ?? {}).toMatchObject(data);
    }
  });

  it('says in one sentence which input is wrong', async () => {
    const answer = await ask(post('meeting.create', { maxParticipants: 40 }));
    expect(answer.body.error).toMatchObject({
      message: 'maxParticipants: must be a whole number from 2 to 16.',
      data: { reason: 'badInput' },
    });
  });

  it('answers 429 with Retry-After past the limit', async () => {
    const handle = handler();
    for (let call = 0; call < 30; call += 1) await ask(post('meeting.create', {}), handle, '192.0.2.9');
    const refused = await ask(post('meeting.create', {}), handle, '192.0.2.9');
    expect(refused).toMatchObject({ status: 429, body: { error: { data: { reason: 'tooManyRequests' } } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask(post('meeting.create', {}), handle, '192.0.2.10')).status).toBe(200);
  });

  it('answers 503 with Retry-After while the database is away, and says nothing of why', async () => {
    const away = new MemoryMeetingStore();
    await away.close();
    const refused = await ask(post('meeting.create', {}), createApiHandler(apiServices(away)));
    expect(refused).toMatchObject({
      status: 503,
      body: { error: { data: { reason: 'unavailable', retryAfterMs: 5000 } } },
    });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.text).not.toMatch(/closed|pglite/i);
  });

  it('hides a fault of its own, and logs it', async () => {
    const lines: string[] = [];
    const log = {
      ...silentLog,
      error: (message: string, fields?: object) => lines.push(message + JSON.stringify(fields)),
    };
    const broken = () => Promise.reject(new TypeError('secret detail'));
    const services = apiServices({ ...store, createMeeting: broken } as unknown as MeetingStore, { log });
    const refused = await ask(post('meeting.create', {}), createApiHandler(services));
    expect(refused).toMatchObject({ status: 500, body: { error: { data: { reason: 'unavailable' } } } });
    expect(refused.text).not.toContain('secret detail');
    expect(refused.text).not.toContain('stack');
    expect(lines.join()).toContain('secret detail');
  });
});

describe('what changes something', () => {
  it.each([
    ['its own origin', { origin: SITE }, 200],
    ['a program, which sends none', {}, 200],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the same host over another protocol', { origin: 'https://site.test' }, 403],
    ['no origin that has a name', { origin: 'null' }, 403],
    ['a cross-site request without origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another type of content', { 'content-type': 'text/plain' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('from %s', async (_, headers, status) => {
    const answer = await ask(post('meeting.create', {}, headers as Record<string, string>));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.error.data.reason).toBe('forbidden');
  });

  it("takes the operator's own address for its origin, and makes links of it", async () => {
    const handle = handler({ publicUrl: 'https://meet.example.org' });
    const made = await ask(post('meeting.create', {}, { origin: 'https://meet.example.org' }), handle);
    expect(made.body.result.data.joinUrl).toMatch(/^https:\/\/meet\.example\.org\/m\//);
  });

  it('believes forwarded headers only where told to', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'meet.example.org' };
    const plain = await ask(post('meeting.create', {}, forwarded));
    expect(plain.body.result.data.joinUrl).toContain(`${SITE}/m/`);
    const trusting = await ask(post('meeting.create', {}, forwarded), handler({ trustProxy: true }));
    expect(trusting.body.result.data.joinUrl).toContain('https://meet.example.org/m/');
  });

  it('needs POST', async () => {
    expect((await ask(query('meeting.create', {}))).status).toBe(405);
    const put = new Request(`${SITE}/api/trpc/meeting.create`, { method: 'PUT' });
    expect((await ask(put)).status).toBe(405);
  });

  it('is at most 64 KiB', async () => {
    const answer = await ask(post('meeting.create', { title: 'x'.repeat(70_000) }));
    expect(answer).toMatchObject({ status: 413, body: { error: { data: { reason: 'badInput' } } } });
  });

  it('answers any body with a refusal that has a reason', { timeout: 60_000 }, async () => {
    const paths = fc.constantFrom('create', 'join', 'leave', 'end', 'heartbeat', 'nothing', '../x', '%');
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(fc.json(), fc.string()), async (path, body) => {
        const { status, body: answer } = await ask(post(`meeting.${path}`, body), handler());
        if (status !== 200) expect(answer.error.data.reason).toBeTypeOf('string');
        expect(status).not.toBe(500);
      }),
      { numRuns: 200 },
    );
  });

  it('takes one call a request', async () => {
    const answer = await ask(post('meeting.create,meeting.create?batch=1', { 0: {}, 1: {} }));
    expect(answer.status).toBe(400);
  });
});

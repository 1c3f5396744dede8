import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { STAY_HEADER } from '@/lib/core/meeting';
import type { ApiServices } from '@/server/api/apiHandler';
import type { MeetingStore } from '@/server/store/meetingStore';
import { StoreError } from '@/server/store/storeError';
import { apiServices, serveApi } from '@/tests/server/api/apiServer';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { type RawRequestOptions, rawRequest } from '@/tests/support/rawRequest';

const SITE = 'http://site.test';
const HOST = { host: 'site.test' };

interface Call extends RawRequestOptions {
  readonly path: string;
}

type Api = Awaited<ReturnType<typeof serveApi>>;

const store = new MemoryMeetingStore();
const served: Api[] = [];
afterEach(async () => {
  for (const api of served.splice(0)) await api.close();
});

async function serve(services: ApiServices): Promise<Api> {
  const api = await serveApi(services);
  served.push(api);
  return api;
}

/** An API with its own rate limits, on the shared store. */
const startApi = (changes: Partial<ApiServices> = {}) => serve(apiServices(store, changes));

function post(path: string, input: unknown, headers: Record<string, string> = {}): Call {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  return { path, method: 'POST', headers: { 'content-type': 'application/json', ...HOST, ...headers }, body };
}

function query(path: string, input: unknown): Call {
  return { path: `${path}?input=${encodeURIComponent(JSON.stringify(input))}`, headers: HOST };
}

async function ask({ path, ...options }: Call, api?: Api) {
  const { url } = api ?? (await startApi());
  const { status, headers, body } = await rawRequest(`${url}/api/trpc/${path}`, options);
  const text = body.toString();
  return { status, headers, text, body: text === '' ? null : JSON.parse(text) };
}

/** Somebody in a meeting. */
async function joinOne(api: Api): Promise<{ readonly id: string; readonly stayToken: string }> {
  const { id } = (await ask(post('meeting.create', {}), api)).body.result.data;
  const joined = await ask(post('meeting.join', { id, role: 'participant', name: 'Ada' }), api);
  return { id, stayToken: joined.body.result.data.stayToken };
}

describe('the API over HTTP', () => {
  it('a meeting is created, joined and fetched over HTTP', async () => {
    const made = (await ask(post('meeting.create', { title: 'Stand-up' }))).body.result.data;
    expect(made.joinUrl).toBe(`${SITE}/m/${made.id}`);
    const joined = await ask(post('meeting.join', { id: made.id, role: 'participant', name: 'Ada', avatar: 'ada' }));
    expect(joined).toMatchObject({ status: 200, body: { result: { data: { seat: 0 } } } });
    expect(joined.headers['cache-control']).toBe('no-store');
    const got = await ask(query('meeting.get', { id: made.id }));
    expect(got.body.result.data).toEqual(joined.body.result.data.meeting);
  });

  it.each([
    ['meeting.get', { id: 'never-created' }, 404, 'notFound'],
    ['meeting.get', { id: 'No Id' }, 400, 'badInput'],
  ])('%s %o answers %d %s', async (path, input, status, reason) => {
    expect(await ask(query(path, input))).toMatchObject({
      status,
      body: { error: { data: { reason, httpStatus: status } } },
    });
  });

  it('a request with an invalid Host header is refused', async () => {
    expect(await ask({ ...query('meeting.get', { id: 'x' }), headers: { host: 'a/b?c' } })).toMatchObject({
      status: 400,
      body: { error: { data: { reason: 'badInput' } } },
    });
  });

  it('all unknown ids get the same answer', async () => {
    const one = await ask(query('meeting.get', { id: 'one-of-them' }));
    const other = await ask(query('meeting.get', { id: 'another-of-them' }));
    expect(one.text).toBe(other.text);
  });

  it('each refusal has its status, its reason and its data', async () => {
    const api = await startApi();
    const made = (await ask(post('meeting.create', { maxParticipants: 2, id: 'full-house' }), api)).body.result.data;
    const join = { id: made.id, role: 'participant', name: 'Ada' };
    await ask(post('meeting.join', join), api);
    const second = (await ask(post('meeting.join', join), api)).body.result.data;
    const refusals: [Call, number, object][] = [
      [post('meeting.join', join), 409, { reason: 'full', limit: 2, instead: 'watch' }],
      [post('meeting.create', { id: made.id }), 409, { reason: 'exists' }],
      [post('meeting.end', { id: made.id, hostToken: 'x' }), 403, { reason: 'forbidden' }],
      [post('meeting.heartbeat', { id: made.id, stayToken: 'x' }), 401, { reason: 'tokenInvalid' }],
      [post('meeting.end', { id: made.id, hostToken: made.hostToken }), 200, {}],
      [post('meeting.join', join), 412, { reason: 'ended' }],
      [post('meeting.heartbeat', { id: made.id, stayToken: second.stayToken }), 412, { reason: 'ended' }],
    ];
    for (const [request, status, data] of refusals) {
      const answer = await ask(request, api);
      expect(answer.status).toBe(status);
      expect(answer.body.error?.data ?? {}).toMatchObject(data);
    }
  });

  it('a refusal names the wrong input in one sentence', async () => {
    const answer = await ask(post('meeting.create', { maxParticipants: 40 }));
    expect(answer.body.error).toMatchObject({
      message: 'maxParticipants: must be a whole number from 2 to 16.',
      data: { reason: 'badInput' },
    });
  });

  it('an endpoint that is reported has an id as Jitsi makes them, or is refused', async () => {
    const api = await startApi();
    const { id, stayToken } = await joinOne(api);
    const claim = (endpointId: unknown) => ask(post('meeting.claim', { id, stayToken, endpointId }), api);
    expect((await claim('3cbc0949')).body.result.data.nonce).toMatch(/^[0-9a-f]{32}$/);
    for (const endpointId of ['', 'a'.repeat(65), 'a/b', 'a b', 'ä', '"', 7, null, undefined]) {
      expect(await claim(endpointId)).toMatchObject({ status: 400, body: { error: { data: { reason: 'badInput' } } } });
    }
    const named = (occupantId: unknown) =>
      ask(post('meeting.claim', { id, stayToken, endpointId: 'e1', occupantId }), api);
    for (const occupantId of [null, 'A+/=', '席'.repeat(128)]) expect((await named(occupantId)).status).toBe(200);
    for (const occupantId of ['', 'a\nb', '\u202e', 'x'.repeat(129), 7])
      expect((await named(occupantId)).status).toBe(400);
  });

  it('a fault of the deployment is one of a closed list, with words of at most 200 characters', async () => {
    const faults: string[] = [];
    const api = await serve(apiServices(store, {}, (fault, said) => faults.push(`${fault}: ${said}`)));
    const { id, stayToken } = await joinOne(api);
    const report = (fault: unknown, said?: unknown) =>
      ask(post('meeting.reportFault', { id, stayToken, fault, said }), api);
    expect((await report('signature', 'Invalid signature')).status).toBe(200);
    expect((await report('owner')).status).toBe(200);
    for (const fault of ['made up', '', 7, null, 'x'.repeat(10_000)]) expect((await report(fault)).status).toBe(400);
    for (const said of ['x'.repeat(201), 7, null, {}]) expect((await report('other', said)).status).toBe(400);
    expect(faults).toEqual(['signature: Invalid signature', 'owner: ']);
  });

  it('a call past the limit is answered 429 with Retry-After', async () => {
    const api = await startApi({ proxyHops: 1 });
    const create = (ip: string) => ask(post('meeting.create', {}, { 'x-forwarded-for': ip }), api);
    let refused = await create('192.0.2.9');
    // However slow the machine is, the limit lets fewer calls through than are made.
    for (let call = 1; call < 100 && refused.status === 200; call += 1) refused = await create('192.0.2.9');
    expect(refused).toMatchObject({ status: 429, body: { error: { data: { reason: 'tooManyRequests' } } } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await create('192.0.2.10')).status).toBe(200);
  });

  it('calls are answered 503 with Retry-After while the database is away, without the cause', async () => {
    const away = new MemoryMeetingStore();
    await away.close();
    const refused = await ask(post('meeting.create', {}), await serve(apiServices(away)));
    expect(refused).toMatchObject({
      status: 503,
      body: { error: { data: { reason: 'unavailable', retryAfterMs: 5000 } } },
    });
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.text).not.toMatch(/closed|pglite/i);
  });

  it('a site that cannot save says so, without the cause', async () => {
    const full = new StoreError('unwritable', "The folder /data can't be written to. The disk is full. Make room.");
    const refuse = () => Promise.reject(full);
    const services = apiServices({ ...store, createMeeting: refuse } as unknown as MeetingStore);
    const refused = await ask(post('meeting.create', {}), await serve(services));
    expect(refused).toMatchObject({
      status: 503,
      body: { error: { data: { reason: 'unavailable', cannotSave: true, retryAfterMs: 30_000 } } },
    });
    expect(refused.text).toContain('This site can’t save anything right now.');
    expect(refused.text).not.toMatch(/disk|folder/);
  });

  it('a bug is logged and hidden from the client', async () => {
    const lines: string[] = [];
    const log = {
      ...silentLog,
      error: (message: string, fields?: object) => lines.push(message + JSON.stringify(fields)),
    };
    const broken = () => Promise.reject(new TypeError('secret detail'));
    const services = apiServices({ ...store, createMeeting: broken } as unknown as MeetingStore, { log });
    const refused = await ask(post('meeting.create', {}), await serve(services));
    expect(refused).toMatchObject({ status: 500, body: { error: { data: { reason: 'unavailable' } } } });
    expect(refused.text).not.toContain('secret detail');
    expect(refused.text).not.toContain('stack');
    expect(lines.join()).toContain('secret detail');
  });
});

describe('an event stream over HTTP', () => {
  it('an event stream that its client drops shortens the stay', async () => {
    const api = await startApi();
    const { id } = (await ask(post('meeting.create', {}), api)).body.result.data;
    const joined = await ask(post('meeting.join', { id, role: 'participant', name: 'Ada' }), api);
    const { stayToken } = joined.body.result.data;
    const input = encodeURIComponent(JSON.stringify({ id }));
    const headers = { [STAY_HEADER]: stayToken };
    const stream = await fetch(`${api.url}/api/trpc/meeting.events?input=${input}`, { headers });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const dueSoon = () => store.meetingsWithExpired(Date.now() + 10_000);
    expect(await dueSoon()).not.toContain(id);
    await stream.body?.cancel();
    await expect.poll(dueSoon).toContain(id);
  });
});

describe('a mutation', () => {
  it.each([
    ['its own origin', { origin: SITE }, 200],
    ['a program, which sends none', {}, 200],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the same host over another protocol', { origin: 'https://site.test' }, 403],
    ['no origin that has a name', { origin: 'null' }, 403],
    ['a cross-site request without origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another type of content', { 'content-type': 'text/plain' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('a mutation from %s', async (_, headers, status) => {
    const answer = await ask(post('meeting.create', {}, headers as Record<string, string>));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.error.data.reason).toBe('forbidden');
  });

  it("the operator's own address is accepted as an origin and used for links", async () => {
    const api = await startApi({ publicUrl: 'https://meet.example.org' });
    const made = await ask(post('meeting.create', {}, { origin: 'https://meet.example.org' }), api);
    expect(made.body.result.data.joinUrl).toMatch(/^https:\/\/meet\.example\.org\/m\//);
  });

  it('forwarded headers are believed only from a trusted proxy', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'meet.example.org' };
    const plain = await ask(post('meeting.create', {}, forwarded));
    expect(plain.body.result.data.joinUrl).toContain(`${SITE}/m/`);
    const trusting = await ask(post('meeting.create', {}, forwarded), await startApi({ proxyHops: 1 }));
    expect(trusting.body.result.data.joinUrl).toContain('https://meet.example.org/m/');
  });

  it('a mutation needs POST', async () => {
    expect((await ask(query('meeting.create', {}))).status).toBe(405);
    const put = await ask({ path: 'meeting.create', method: 'PUT', headers: HOST });
    expect(put).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
    expect(await ask({ path: 'meeting.get', method: 'HEAD', headers: HOST })).toMatchObject({ status: 405, text: '' });
  });

  it('a body of more than 64 KiB is refused, with or without a content length', async () => {
    const tooLarge = { status: 413, body: { error: { data: { reason: 'badInput' } } } };
    const call = post('meeting.create', { title: 'x'.repeat(70_000) });
    expect(await ask(call)).toMatchObject(tooLarge);
    const chunked = { ...call, headers: { ...call.headers, 'transfer-encoding': 'chunked' } };
    expect(await ask(chunked)).toMatchObject(tooLarge);
  });

  it('a client that goes away before its body is whole costs no line in the log', async () => {
    const errors: string[] = [];
    const api = await startApi({ log: { ...silentLog, error: (message) => errors.push(message) } });
    const head = 'POST /api/trpc/meeting.create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    for (let count = 0; count < 5; count += 1) {
      const socket = connect(api.port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(`${head}Content-Length: 10\r\n\r\n{`, () => resolve()));
      socket.destroy();
    }
    await expect.poll(() => api.requests()).toBe(5);
    await ask(post('meeting.create', {}), api);
    expect(errors).toEqual([]);
  });

  it('any body is answered with a result or a refusal with a reason', { timeout: 60_000 }, async () => {
    const paths = fc.constantFrom('create', 'join', 'leave', 'end', 'heartbeat', 'nothing', '../x', '%', 'get/x');
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(fc.json(), fc.string()), async (path, body) => {
        const api = await serveApi(apiServices(store));
        const { status, body: answer } = await ask(post(`meeting.${path}`, body), api).finally(api.close);
        if (status !== 200) expect(answer.error.data.reason).toBeTypeOf('string');
        expect(status).not.toBe(500);
      }),
      { numRuns: 200 },
    );
  });

  it('a batch of calls is refused', async () => {
    const answer = await ask(post('meeting.create,meeting.create?batch=1', { 0: {}, 1: {} }));
    expect(answer.status).toBe(400);
  });
});

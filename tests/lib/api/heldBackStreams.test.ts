import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createParleyClient, type EventsConnection, MeetingStay, type ParleyApiError } from '@/lib/api';
import type { MeetingEvent, MeetingView } from '@/lib/core/meeting';
import { reduceMeeting } from '@/lib/meeting/roster';
import { startApi } from '@/tests/server/api/apiServer';

/** How a proxy holds streams back: nothing of the answer, its headers only, or not at all. */
type Holding = 'everything' | 'body' | 'nothing';

const isStream = (answer: IncomingMessage) => answer.headers['content-type']?.startsWith('text/event-stream');

/** A proxy in front of an API that passes on complete answers, as one that scans for viruses does. */
class HoldingProxy {
  holding: Holding = 'body';
  isCut = false;
  streams = 0;
  private constructor(private readonly server: Server) {}

  static async start(apiPort: number): Promise<HoldingProxy> {
    const server = createServer((request, response) => proxy.pass(request, response, apiPort));
    const proxy: HoldingProxy = new HoldingProxy(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private pass(request: IncomingMessage, response: ServerResponse, port: number): void {
    if (this.isCut) return void response.destroy();
    const { url: path, method, headers } = request;
    const inner = ask({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      if (isStream(answer)) this.streams += 1;
      const holds = isStream(answer) && this.holding !== 'nothing';
      if (!holds || this.holding === 'body')
        response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      if (holds) answer.resume();
      else answer.pipe(response);
    });
    inner.on('error', () => response.destroy());
    response.on('close', () => inner.destroy());
    request.pipe(inner);
  }
}

const ada = { role: 'participant', name: 'Ada', avatar: 'ada' } as const;

/** Long enough for two silent tries and a look. */
const FALLS_BACK = { timeout: 40_000 };

describe.concurrent('where something on the way holds event streams back', { timeout: 120_000 }, () => {
  let api: Awaited<ReturnType<typeof startApi>>;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function behind(holding: Holding) {
    const proxy = await HoldingProxy.start(api.port);
    proxy.holding = holding;
    const { meeting } = createParleyClient({ url: api.url });
    const { id, hostToken } = await meeting.create();
    return { proxy, client: createParleyClient({ url: proxy.url }), direct: meeting, id, hostToken };
  }

  function follow(client: ReturnType<typeof createParleyClient>, input: { id: string; stayToken?: string }) {
    const told = {
      view: null as MeetingView | null,
      events: [] as MeetingEvent[],
      errors: [] as ParleyApiError[],
      connections: [] as EventsConnection[],
      completed: 0,
      stop: () => {},
      names: () => told.view?.people.map(({ name }) => name),
    };
    told.stop = client.meeting.events(input, {
      onEvent: (event) => {
        told.events.push(event);
        told.view = reduceMeeting(told.view, event);
      },
      onError: (error) => told.errors.push(error),
      onConnectionChange: (connection) => told.connections.push(connection),
      onComplete: () => {
        told.completed += 1;
      },
    });
    return told;
  }

  it.for(['everything', 'body'] as const)(
    'people who join later appear, with %s of a stream held back',
    async (holding, { expect }) => {
      const { proxy, client, direct, id, hostToken } = await behind(holding);
      const held = follow(client, { id });
      const streamed = follow(createParleyClient({ url: api.url }), { id });
      await direct.join({ id, ...ada });
      await expect.poll(held.names, FALLS_BACK).toEqual(['Ada']);
      const bo = await direct.join({ id, ...ada, name: 'Bo' });
      await direct.join({ id, role: 'spectator' });
      await expect.poll(held.names, FALLS_BACK).toEqual(['Ada', 'Bo']);
      await direct.leave({ id, stayToken: bo.stayToken });
      await expect.poll(held.names, FALLS_BACK).toEqual(['Ada']);
      await expect.poll(() => held.view, FALLS_BACK).toEqual(streamed.view);
      expect(held.connections.at(-1)).toBe('polling');
      // Not one request after the other: each is held open on the way.
      expect(proxy.streams).toBeLessThanOrEqual(3);
      await direct.end({ id, hostToken });
      await expect.poll(() => held.completed, FALLS_BACK).toBe(1);
      expect(held.view?.endedAt).not.toBeNull();
      const types = held.events.map(({ type }) => type);
      expect([types[0], types.at(-1), types.lastIndexOf('snapshot')]).toEqual(['snapshot', 'ended', 0]);
      expect(held.errors).toEqual([]);
      streamed.stop();
      await proxy.close();
    },
  );

  it('a stay outlives streams that are held back, and is told that it was replaced', async ({ expect }) => {
    const { proxy, client, direct, id } = await behind('body');
    const identity = 'a secret of the client';
    const stay = new MeetingStay(client, { id, ...ada, identity });
    const said: string[] = [];
    stay.events.on('refused', ({ reason }) => said.push(reason));
    stay.events.on('expired', ({ reason }) => said.push(reason));
    const connections: EventsConnection[] = [];
    stay.events.on('connection', (connection) => connections.push(connection));
    await stay.enter();
    await expect.poll(() => connections.at(-1), FALLS_BACK).toBe('polling');
    const endMs = performance.now() + 20_000;
    while (performance.now() < endMs) {
      await api.services.meetings.sweep();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await direct.get({ id })).people).toHaveLength(1);
    }
    expect(said).toEqual([]);
    await direct.join({ id, ...ada, identity });
    await expect.poll(() => said, FALLS_BACK).toEqual(['replaced']);
    await stay.leave();
    await proxy.close();
  });

  it('people are told if polling fails as well, and it goes on once it succeeds', async ({ expect }) => {
    const { proxy, client, id } = await behind('body');
    const held = follow(client, { id });
    await expect.poll(() => held.connections.at(-1), FALLS_BACK).toBe('polling');
    proxy.isCut = true;
    await expect.poll(() => held.connections.at(-1), FALLS_BACK).toBe('connecting');
    proxy.isCut = false;
    await expect.poll(() => held.connections.at(-1), FALLS_BACK).toBe('polling');
    held.stop();
    await proxy.close();
  });
});

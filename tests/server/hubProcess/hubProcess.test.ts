import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { HubProcess } from '@/server/hubProcess/hubProcess';
import { AUTH, DOMAIN, FRAMING_OPEN, RawClient } from '@/tests/server/hub/rawClient';
import { LIBRARY_FILE, TokenTable } from '@/tests/server/hub/testHub';
import { rawRequest } from '@/tests/support/rawRequest';
import type { BusyServerNews } from './busyServer';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** A server that hands what belongs to the hub over to a process; starting one takes a second of a core. */
async function serve() {
  const tokens = new TokenTable();
  const errors: string[] = [];
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => errors.push(message) };
  const hub = await HubProcess.start({
    settings: { domain: 'parley.local', log: { level: 'error', format: 'text' }, statsEveryMs: 50, recordings: null },
    admission: tokens,
    libJitsiMeetPath: LIBRARY_FILE,
    log,
  });
  const server = createServer((request, response) => {
    if (!hub.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    await hub.close();
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  return {
    hub,
    server,
    tokens,
    errors,
    port,
    close,
    join: (personId: string, room = 'tavern') => RawClient.join(port, tokens.issue(personId, { room }), { room }),
  };
}

type Served = Awaited<ReturnType<typeof serve>>;

const MESSAGE = JSON.stringify({ colibriClass: 'EndpointMessage', to: '', msgPayload: { pose: 1 } });
const isMessage = (frame: string) => frame.includes('EndpointMessage');

function frame(text: string): Buffer {
  const mask = Buffer.alloc(4);
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, Buffer.from(text)]);
}

/** What a client sends first on its XMPP socket. */
const FIRST_FRAMES = Buffer.concat([frame(FRAMING_OPEN), frame(AUTH)]);

function upgradeRequest(token: string): Buffer {
  const head = [
    `GET /xmpp-websocket?room=tavern&token=${token} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: xmpp',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

function rawSocket(port: number) {
  const socket = connect(port, '127.0.0.1');
  closings.push(() => void socket.destroy());
  let received = '';
  socket.on('data', (data) => {
    received += data.toString();
  });
  return { socket, received: () => received };
}

describe('the hub in a process of its own', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  it('H-90 people meet over the port of the other process, whose tokens let them in', async () => {
    const { hub, join, port } = served;
    expect(hub.pid).not.toBe(process.pid);
    const [ann, ben] = [await join('ann'), await join('ben')];
    const [from, to] = [await ann.openChannel(), await ben.openChannel()];
    from.send(MESSAGE);
    expect(await to.next(isMessage)).toContain(`"from":"${ann.endpointId}"`);
    await expect.poll(() => hub.stats?.messagesOut ?? 0).toBeGreaterThan(0);
    const { answer } = await RawClient.authenticate(port, 'forged');
    expect(answer).toContain('not-allowed');
  });

  it('H-90 data sent together with the upgrade request arrives', async () => {
    const { port, tokens } = served;
    const client = rawSocket(port);
    client.socket.write(Buffer.concat([upgradeRequest(tokens.issue('ann')), FIRST_FRAMES]));
    await expect.poll(() => client.received()).toContain('<success');
  });

  it('H-90 data sent before the hub has taken the socket is left for the hub to read', async () => {
    const { hub, server, port, tokens } = served;
    const isHandedOver = once(server, 'upgrade');
    process.kill(hub.pid!, 'SIGSTOP');
    const client = rawSocket(port);
    client.socket.write(upgradeRequest(tokens.issue('ann')));
    await isHandedOver;
    client.socket.write(FIRST_FRAMES);
    // Long enough for this process to read it, if it still did.
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(hub.pid!, 'SIGCONT');
    await expect.poll(() => client.received()).toContain('<success');
  });

  it('H-90 poses pass while the process that serves pages is blocked', async () => {
    const module = new URL('busyServer.ts', import.meta.url).pathname;
    const busy = fork(module, { execArgv: ['--import', 'tsx'] });
    closings.push(() => void busy.kill('SIGKILL'));
    const news: BusyServerNews[] = [];
    busy.on('message', (each: BusyServerNews) => news.push(each));
    const [{ port }] = (await once(busy, 'message')) as [{ port: number }];
    const [ann, ben] = [await RawClient.join(port, 'ann'), await RawClient.join(port, 'ben')];
    const [from, to] = [await ann.openChannel(), await ben.openChannel()];
    const folder = mkdtempSync(join(tmpdir(), 'parley-busy-'));
    closings.push(() => rmSync(folder, { recursive: true }));
    const end = join(folder, 'end');
    busy.send(end);
    await once(busy, 'message');
    for (let count = 0; count < 10; count += 1) {
      from.send(MESSAGE);
      await to.next(isMessage);
    }
    expect(news).toEqual([{ port }, 'blocked']);
    writeFileSync(end, '');
    await once(busy, 'message');
    expect(news.at(-1)).toBe('free');
  });

  it('H-18 people lose their connections when their MUC room ends or they are removed', async () => {
    const { hub, join } = served;
    const [ann, ben] = [await join('ann', 'ending'), await join('ben', 'ending')];
    hub.removePerson('ending', 'ann');
    await ann.socket.closed;
    await ben.presenceOf(ann.endpointId);
    hub.endRoom('ending');
    await ben.socket.closed;
  });

  it('H-91 a stay that is over is noticed, and an unknown one removes no one', async () => {
    const { tokens, port } = served;
    const room = 'reviewed';
    const [annToken, benToken] = [tokens.issue('ann', { room }), tokens.issue('ben', { room })];
    const [ann, ben] = [await RawClient.join(port, annToken, { room }), await RawClient.join(port, benToken, { room })];
    await ben.enableResume();
    ben.socket.ws.terminate();
    tokens.isAway = true;
    tokens.endStay(annToken);
    const stays = [annToken, benToken].map((token) => `stay-of-${token}`);
    const heardAgoMs = () =>
      tokens.reviewed
        .filter(({ stayId }) => stays.includes(stayId))
        .map((presence) => presence.heardAgoMs)
        .sort((a, b) => a - b);
    await expect.poll(heardAgoMs, { timeout: 20_000 }).toEqual([expect.any(Number), Number.POSITIVE_INFINITY]);
    await ann.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    tokens.isAway = false;
    await ann.socket.closed;
  });

  it('H-92 a hub that is killed is started again, and people come back', async () => {
    const { hub, join, errors } = served;
    const ann = await join('ann', 'killed');
    const { pid } = hub;
    process.kill(pid!, 'SIGKILL');
    await ann.socket.closed;
    await expect.poll(() => errors).toEqual(['the hub ended and starts again; its clients come back']);
    const come = () =>
      join('ann', 'killed')
        .then(() => true)
        .catch(() => false);
    await expect.poll(come, { timeout: 20_000 }).toBe(true);
    expect(hub.pid).not.toBe(pid);
  });
});

describe('a hub process that is closed', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  it('H-93 Ctrl-C for all processes leaves the hub running until it is closed, which tells its clients', async () => {
    const { hub, join } = served;
    const ann = await join('ann');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.kill(hub.pid!, signal);
    await join('ben');
    await hub.close();
    expect((await ann.socket.closed).code).toBe(1001);
    expect(() => process.kill(hub.pid!, 0)).toThrow('ESRCH');
  });

  it("H-90 the hub's plain requests are answered without its process", async () => {
    const { hub, port } = served;
    await hub.close();
    expect((await rawRequest(`http://127.0.0.1:${port}/xmpp-websocket`)).status).toBe(200);
    expect((await rawRequest(`http://127.0.0.1:${port}/libs/lib-jitsi-meet.min.js`)).status).toBe(200);
    await expect(RawClient.open(port, 'any')).rejects.toThrow('503');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import { TransportError } from '@/lib/transport/transport';
import { capturedText, NO_CAPTURES } from '@/tests/support/capturedFrames';
import { HeadlessWorld, passInto } from './headlessWorld';

const SOON = { timeout: 8_000, interval: 20 };

const closing: Array<() => Promise<unknown> | undefined> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startWorld(): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.start();
  closing.push(() => world.close());
  return world;
}

describe('a headless participant', () => {
  it('a refused token fails a headless transport with notAllowed', async () => {
    const world = await startWorld();
    const pass = { ...passInto(world.hub, 'ann'), joinToken: 'made-up' };
    const transport = world.create('ann', { fetchPass: async () => pass });
    await expect(transport.connect()).rejects.toMatchObject({
      reason: 'notAllowed',
      detail: expect.stringMatching(/./),
    });
    expect(transport.state).toBe('failed');
  });

  it('an absent server or an invalid address fails a headless transport', async () => {
    const world = await startWorld();
    const pass = passInto(world.hub, 'ann');
    for (const xmppWebSocketUrl of ['ws://127.0.0.1:1/xmpp-websocket', 'http://127.0.0.1/x', 'nonsense']) {
      const coordinates = { ...pass.coordinates, xmppWebSocketUrl };
      const transport = world.create('ann', { fetchPass: async () => ({ ...pass, coordinates }) });
      await expect(transport.connect()).rejects.toMatchObject({ reason: 'unreachable' });
    }
  });

  it('a kicked headless transport fails and does not reconnect', async () => {
    const world = await startWorld();
    const [ann, bob] = await world.live(['ann', 'bob']);
    const errors: unknown[] = [];
    ann!.events.on('state', ({ state, error }) => errors.push(`${state} ${error?.reason}`));
    world.hub.hub.removePerson('tavern', 'ann');
    await expect.poll(() => ann!.state, SOON).toBe('failed');
    expect(errors).toEqual(['failed kicked']);
    await expect.poll(() => bob!.endpoints.size, SOON).toBe(0);
  });

  it('a destroyed conference fails a headless transport', async () => {
    const world = await startWorld();
    const [ann] = await world.live(['ann']);
    world.hub.hub.endRoom('tavern');
    await expect.poll(() => ann!.state, SOON).toBe('failed');
  });

  it('a headless spectator receives packets but sends none', async () => {
    const world = await startWorld();
    const [ann] = await world.live(['ann']);
    const watcher = world.create('eve', { role: 'spectator' });
    await watcher.connect();
    const heard = { ann: 0, eve: 0 };
    ann!.events.on('packet', () => {
      heard.ann += 1;
    });
    watcher.events.on('packet', () => {
      heard.eve += 1;
    });
    const speak = () => {
      watcher.broadcast(Uint8Array.of(1), 1);
      ann!.broadcast(Uint8Array.of(2), 1);
      return heard.eve;
    };
    await expect.poll(speak, { ...SOON, interval: 100 }).toBeGreaterThan(3);
    expect(heard.ann).toBe(0);
  });

  it('a headless transport knows its channel kind and checks it by echoes', async () => {
    const world = await startWorld();
    const [ann] = await world.live(['ann']);
    await expect.poll(() => ann!.channelKind, SOON).toBe('websocket');
    await expect.poll(() => ann!.channelCheck, SOON).toBe('echo');
    await ann!.disconnect();
    expect(ann!.channelKind).toBeNull();
  });
});

/** A WebSocket server that speaks only as much XMPP as `answer` does. */
async function startFake(answer: (socket: WebSocket, text: string) => void): Promise<JitsiPass> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'xmpp' });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => answer(socket, data.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    coordinates: {
      libUrl: '',
      xmppWebSocketUrl: `ws://127.0.0.1:${port}/`,
      xmppDomain: 'd',
      mucDomain: 'm.d',
      focusDomain: 'f.d',
      room: 'tavern',
      identity: 'enforced',
    },
    joinToken: '',
  };
}

const OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='d' id='1' version='1.0'/>";
const FEATURES =
  "<stream:features xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" +
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";

const frame = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    OPEN,
    FEATURES,
    '<',
    '</a>',
    '<a><b></a>',
    '<!DOCTYPE x>',
    '&nbsp;',
    "<iq xmlns='jabber:client' from='@' type='set' id='1'><x/></iq>",
    "<iq xmlns='jabber:client' type='result'/>",
    "<presence xmlns='jabber:client' from='/'/>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<a xmlns='urn:xmpp:sm:3' h='99'/>",
    "<resumed xmlns='urn:xmpp:sm:3'/>",
    "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
    "<stream:error xmlns:stream='http://etherx.jabber.org/streams'/>",
  ),
);

describe('a server of another kind', () => {
  it('a server that sends anything and closes costs one attempt and nothing else', { timeout: 60_000 }, async () => {
    let frames: readonly string[] = [];
    const pass = await startFake((socket) => {
      for (const text of frames) socket.send(text);
      socket.terminate();
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), async (sent) => {
        frames = sent;
        const transport = new HeadlessTransport({ fetchPass: async () => pass });
        const outcome = await transport.connect().catch((error: unknown) => error);
        expect(outcome).toBeInstanceOf(TransportError);
        await transport.disconnect();
      }),
      { numRuns: 60 },
    );
  });

  /** A server that answers every login with `answer`. */
  async function refusing(answer: string): Promise<HeadlessTransport> {
    const pass = await startFake((socket, text) => {
      if (text.startsWith('<open')) for (const frame of [OPEN, FEATURES]) socket.send(frame);
      else if (answer !== '') socket.send(answer);
    });
    return new HeadlessTransport({ fetchPass: async () => pass });
  }

  const failure = (children: string) => `<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${children}</failure>`;

  it.each([
    ['notAllowed', 'other', 'not-authorized', '<not-authorized/>'],
    ['notAllowed', 'signature', 'Invalid signature', '<not-allowed/><text>Invalid signature</text>'],
    ['notAllowed', 'issuer', "invalid 'iss' claim", '<not-allowed/><text>invalid &apos;iss&apos; claim</text>'],
    ['unreachable', null, 'Busy', '<temporary-auth-failure/><text>Busy</text>'],
  ])(
    'T-84 a login that fails as %s (%s) repeats what the server says: %s',
    async (reason, refusal, detail, children) => {
      const transport = await refusing(failure(children));
      await expect(transport.connect()).rejects.toMatchObject({
        reason,
        refusal,
        detail,
        message: expect.stringContaining(detail),
      });
    },
  );

  it('T-84 a headless transport that hears what a page heard from a real Prosody says the same', async ({ skip }) => {
    const log = capturedText('wrong-secret.frames.log');
    if (!log) return skip(NO_CAPTURES);
    const frames = [...log.matchAll(/^\S+ #1 < (.*)$/gm)].map(([, heard]) => heard!);
    const pass = await startFake((socket, text) => {
      // What the server said before the login, then what it said to it.
      if (text.startsWith('<open')) for (const heard of frames.slice(0, 2)) socket.send(heard);
      else for (const heard of frames.slice(2)) socket.send(heard);
    });
    const transport = new HeadlessTransport({ fetchPass: async () => pass });
    await expect(transport.connect()).rejects.toMatchObject({ refusal: 'signature', detail: 'Invalid signature' });
  });

  it('T-84 a login that gets no answer, as one with a token without a room, ends after six seconds', {
    timeout: 20_000,
  }, async () => {
    const transport = await refusing('');
    const startedMs = performance.now();
    await expect(transport.connect()).rejects.toMatchObject({ reason: 'unreachable', refusal: 'unanswered' });
    expect(performance.now() - startedMs).toBeGreaterThan(5_900);
    await transport.disconnect();
  });
});

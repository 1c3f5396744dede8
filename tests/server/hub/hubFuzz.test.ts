import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { anyText } from '@/tests/support/anyText';
import { AUTH, DOMAIN, FRAMING_OPEN, RawClient, RawSocket } from './rawClient';
import { startTestHub, type TestHub } from './testHub';

let world: TestHub;
/** Two clients that keep talking: nothing that others send may disturb them. */
let ann: RawClient;
let annChannel: RawSocket;
let ben: RawClient;
let benChannel: RawSocket;
let exchanged = 0;

beforeAll(async () => {
  world = await startTestHub({
    limits: {
      unauthenticatedMaxPerAddress: 1e6,
      connectionsMax: 1e6,
      channelMessagesPerSecond: 1e6,
      channelBytesPerSecond: 1e9,
      stanzasPerSecond: 1e6,
      stanzaBurst: 1e6,
      stanzaBytesPerSecond: 1e9,
      stanzaBurstBytes: 1e9,
      relayedBytesPerSecond: 1e9,
      relayedBurstBytes: 1e9,
      resumeWindowMs: 1000,
    },
  });
  ann = await RawClient.join(world.port, world.tokens.issue('ann'));
  annChannel = await ann.openChannel();
  ben = await RawClient.join(world.port, world.tokens.issue('ben'));
  benChannel = await ben.openChannel();
});

afterAll(async () => {
  await world.close();
});

/** Checks that both sockets of both clients still work, and that the hub has reported no error. */
async function expectUndisturbed(): Promise<void> {
  exchanged += 1;
  const mark = `mark-${exchanged}`;
  annChannel.send(JSON.stringify({ colibriClass: 'EndpointMessage', to: '', msgPayload: mark }));
  await benChannel.next((frame) => frame.includes(mark));
  ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, mark)));
  await ben.socket.next((frame) => frame.includes(mark));
  expect(world.errors).toEqual([]);
}

const stanza = fc
  .record({
    name: fc.constantFrom(
      'iq',
      'presence',
      'message',
      'r',
      'a',
      'enable',
      'resume',
      'open',
      'auth',
      'close',
      'stream:error',
      'mystery',
    ),
    type: fc.constantFrom('get', 'set', 'result', 'error', 'unavailable', 'groupchat', 'chat', 'subscribe', undefined),
    to: fc.constantFrom(
      DOMAIN,
      `focus.${DOMAIN}`,
      `tavern@conference.${DOMAIN}`,
      `tavern@conference.${DOMAIN}/focus`,
      `castle@conference.${DOMAIN}/x`,
      '@',
      '/',
      '@/@',
      '',
      undefined,
    ),
    xmlns: fc.constantFrom(NS.client, NS.streamManagement, NS.framing, NS.sasl, '', undefined),
    id: fc.oneof(fc.string(), fc.constant(undefined)),
    child: fc.constantFrom(
      'x',
      'jingle',
      'conference',
      'query',
      'bind',
      'ping',
      'services',
      'identity',
      'body',
      'subject',
      'mute',
      'y',
    ),
    childNs: fc.constantFrom(NS.muc, NS.mucUser, NS.jingle, NS.focus, NS.discoInfo, NS.bind, NS.ping, '', undefined),
    text: anyText({ maxLength: 20 }),
  })
  .map(({ name, child, childNs, text, ...attrs }) =>
    xml(
      name,
      attrs,
      xml(child, { xmlns: childNs, sid: text, room: text, action: 'session-terminate' }, text),
    ).toString(),
  );

const garbage = fc.oneof(
  anyText({ maxLength: 200 }),
  stanza,
  fc.constantFrom(
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
    '<a>'.repeat(3_000),
    `<iq type="get">${'<b/>'.repeat(3_000)}</iq>`,
    '<iq xmlns="jabber:client" type="set"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>&#0;</resource></bind></iq>',
    `<resume xmlns="${NS.streamManagement}" previd="x" h="1"/>`,
    FRAMING_OPEN,
    AUTH,
    'x'.repeat(70_000),
  ),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);

/** Sends frames as long as the socket is open, then closes it and waits for its end. */
async function pour(socket: RawSocket, frames: readonly (string | Buffer)[]): Promise<void> {
  for (const frame of frames) if (socket.ws.readyState === socket.ws.OPEN) socket.send(frame);
  socket.ws.close();
  await socket.closed;
}

describe('garbage on the real sockets', { timeout: 120_000 }, () => {
  it('H-40 garbage on an XMPP socket that has not authenticated disturbs no other client', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 6 }), async (frames) => {
        const client = await RawClient.open(world.port, null);
        await pour(client.socket, frames);
        await expectUndisturbed();
      }),
      { numRuns: 60 },
    );
  });

  it('H-40 garbage on an XMPP socket with a session, inside or outside the room, disturbs no other client', async () => {
    let persons = 0;
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(garbage, { minLength: 1, maxLength: 8 }), async (isInside, frames) => {
        persons += 1;
        const token = world.tokens.issue(`mallory-${persons}`);
        const client = isInside ? await RawClient.join(world.port, token) : await RawClient.connect(world.port, token);
        await pour(client.socket, frames);
        await expectUndisturbed();
      }),
      { numRuns: 60 },
    );
  });

  it('H-40 garbage on a bridge channel disturbs no other client', async () => {
    const mallory = await RawClient.join(world.port, world.tokens.issue('mallory'));
    const url = await mallory.invitation();
    const json = fc.oneof(
      fc.json(),
      fc
        .record(
          {
            colibriClass: fc.constantFrom('EndpointMessage', 'EndpointStats', 'ClientHello', 'x'),
            to: fc.oneof(fc.string(), fc.jsonValue()),
            msgPayload: fc.jsonValue(),
            from: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
      fc.constantFrom('['.repeat(4_000), '{"colibriClass":"EndpointMessage","__proto__":{"to":1}}', 'x'.repeat(5_000)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(garbage, json), { minLength: 1, maxLength: 10 }), async (frames) => {
        await pour(await RawSocket.open(url), frames);
        await expectUndisturbed();
      }),
      { numRuns: 60 },
    );
  });

  it('H-40 whatever an occupant shows or says, the others get well-formed stanzas from that occupant', async () => {
    const { read } = await import('./rawClient');
    const mallory = await RawClient.join(world.port, world.tokens.issue('mal'));
    const from = `${mallory.roomJid}/${mallory.endpointId}`;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('presence', 'message'),
        fc.constantFrom('note', 'c', 'SourceInfo', 'jitsi_participant_x', 'audiomuted', 'json-message'),
        fc.string({ maxLength: 60 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string()),
        async (kind, name, text, attrs) => {
          const to = kind === 'presence' ? from : mallory.roomJid;
          mallory.send(
            xml(
              kind,
              { to, type: kind === 'message' ? 'groupchat' : undefined, from: 'forged@x' },
              xml(name, attrs, text),
            ),
          );
          mallory.send(xml('message', { to: mallory.roomJid, type: 'groupchat' }, xml('body', {}, 'end')));
          const isEnd = (frame: string) => frame.startsWith('<message') && frame.includes('<body>end</body>');
          for (let frame = await ben.socket.next(); !isEnd(frame); frame = await ben.socket.next()) {
            expect(read(frame).attrs['from']).toBe(from);
          }
        },
      ),
      { numRuns: 80 },
    );
    await expectUndisturbed();
  });

  it('H-40 garbage on the TCP connection itself disturbs no other client', async () => {
    const lines = fc.array(
      fc.constantFrom(
        'GET /xmpp-websocket HTTP/1.1',
        'GET /colibri-ws/hub/x/y?pwd=% HTTP/1.1',
        'Host: h',
        'Host: a b',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Version: 99',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Key: x',
        'Sec-WebSocket-Protocol: xmpp',
        'Sec-WebSocket-Protocol: ,,',
        '',
        '\u0000\u00ff',
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.uint8Array({ maxLength: 64 }), async (head, tail) => {
        await new Promise<void>((resolve) => {
          const socket = connect(world.port, '127.0.0.1', () => {
            socket.write(['GET /xmpp-websocket HTTP/1.1', ...head, '', ''].join('\r\n'));
            socket.end(Buffer.from(tail));
          });
          socket.on('error', () => {});
          socket.on('close', () => resolve());
          socket.resume();
        });
        await expectUndisturbed();
      }),
      { numRuns: 60 },
    );
  });

  it('H-40 a hub that has received only garbage keeps nothing of it', async () => {
    await expect.poll(() => world.hub.stats().sessions, { timeout: 10_000 }).toBeLessThanOrEqual(4);
    expect(world.hub.stats().rooms).toBe(1);
  });
});

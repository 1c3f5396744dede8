import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { DOMAIN, RawClient, RawSocket } from '../rawClient';
import { startTestHub, type TestHub } from '../testHub';

let world: TestHub;

beforeEach(async () => {
  world = await startTestHub();
});

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

describe('connecting over a real WebSocket', () => {
  it('H-1 a client without a valid token is refused with a sentence', async () => {
    for (const token of [null, 'made-up']) {
      const { client, answer } = await RawClient.authenticate(world.port, token);
      expect(answer).toMatch(/<failure.*><not-allowed\/><text>.+<\/text><\/failure>/);
      expect((await client.socket.closed).code).toBe(1008);
    }
  });

  it('H-10 an upgrade without the xmpp subprotocol, or to another path, is refused', async () => {
    await expect(RawSocket.open(`ws://127.0.0.1:${world.port}/xmpp-websocket`)).rejects.toThrow('HTTP 400');
    await expect(RawSocket.open(`ws://127.0.0.1:${world.port}/elsewhere`, ['xmpp'])).rejects.toThrow();
  });

  it('H-12 the server answers the requests of lib-jitsi-meet', async () => {
    const client = await RawClient.connect(world.port, world.tokens.issue('ann'));
    const info = await client.ask('get', DOMAIN, xml('query', { xmlns: NS.discoInfo }));
    expect(info.toString()).toContain('<feature var="urn:xmpp:ping"/>');
    expect((await client.ask('get', DOMAIN, xml('services', { xmlns: NS.externalServices }))).attrs['type']).toBe(
      'result',
    );
    expect((await client.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }))).attrs['type']).toBe('result');
    expect((await client.ask('get', DOMAIN, xml('mystery', { xmlns: 'x' }))).attrs['type']).toBe('error');
    expect((await client.ask('get', 'elsewhere.example', xml('ping', { xmlns: NS.ping }))).attrs['type']).toBe('error');
  });
});

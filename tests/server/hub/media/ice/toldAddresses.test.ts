import { describe, expect, it } from 'vitest';
import type { Carrier, RemoteAddress } from '@/server/hub/media/ice/carrier';
import { IceAgent } from '@/server/hub/media/ice/iceAgent';
import type { MediaPeer } from '@/server/hub/media/ice/mediaPort';
import { Routes } from '@/server/hub/media/ice/routes';
import { mayTry } from '@/server/hub/media/ice/toldAddress';
import type { UdpSocket } from '@/server/hub/media/ice/udpSocket';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import { ManualClock } from '@/tests/support/manualClock';

/** An agent on a socket that only counts what is sent, and where. */
function scene({ bound = '203.0.113.1', unasked = 1_000 } = {}) {
  const clock = new ManualClock(1_000);
  const sent: string[] = [];
  const socket: Carrier & Pick<UdpSocket, 'address'> = {
    address: bound,
    isIPv6: false,
    isLastResort: false,
    send: (_data: Buffer, { address, port }: RemoteAddress) => sent.push(`${address}:${port}`) > 0,
    close: () => {},
  };
  const port = { sockets: [socket as UdpSocket], openAddresses: [bound], routes: new Routes<MediaPeer>() };
  const peer: MediaPeer = { ufrag: '', onStun: () => {}, onDatagram: () => {} };
  const bucket = new TokenBucket(0.001, unasked, clock.nowMs());
  const agent = new IceAgent({ port, peer, clock, unasked: { bucket }, onSelected: () => {} });
  agent.setRemote({ ufrag: 'abcd', password: 'p'.repeat(24) });
  const run = (forMs: number) => {
    for (let passedMs = 0; passedMs < forMs; passedMs += 50) {
      clock.advance(50);
      agent.tick();
    }
  };
  return { agent, sent, run };
}

describe('addresses that a client tells', () => {
  it('H-78 few told addresses are tried, each a few times and ever more rarely, and then no more', () => {
    const { agent, sent, run } = scene();
    const taken = Array.from({ length: 64 }, (_, n) => agent.addCandidate({ ip: `198.51.100.${n + 1}`, port: 5_000 }));
    expect(taken.filter(Boolean)).toHaveLength(8);
    run(1_000);
    const early = sent.length;
    run(14_000);
    expect(early).toBeGreaterThan(8);
    expect(new Set(sent).size).toBe(8);
    expect(sent.length).toBe(8 * 7);
    run(15_000);
    expect(sent.length).toBe(8 * 7);
  });

  it('H-78 what all connections together send on clients’ word is limited', () => {
    const { agent, sent, run } = scene({ unasked: 5 });
    for (let n = 1; n <= 8; n += 1) agent.addCandidate({ ip: `198.51.100.${n}`, port: 5_000 });
    run(15_000);
    expect(sent).toHaveLength(5);
  });

  it.each([
    ['198.51.100.1', 50_000, '203.0.113.1', true],
    ['198.51.100.1', 50_000, '192.168.1.2', true],
    ['198.51.100.1', 50_000, '127.0.0.1', false],
    ['198.51.100.1', 53, '203.0.113.1', false],
    ['198.51.100.1', 70_000, '203.0.113.1', false],
    ['127.0.0.1', 50_000, '203.0.113.1', false],
    ['127.0.0.1', 50_000, '127.0.0.1', true],
    ['10.0.0.7', 50_000, '203.0.113.1', false],
    ['10.0.0.7', 50_000, '192.168.1.2', false],
    ['10.0.0.7', 50_000, '10.9.9.9', true],
    ['169.254.169.254', 50_000, '203.0.113.1', false],
    ['100.64.0.9', 50_000, '203.0.113.1', false],
    ['0.0.0.0', 50_000, '203.0.113.1', false],
    ['224.0.0.1', 50_000, '203.0.113.1', false],
    ['255.255.255.255', 50_000, '203.0.113.1', false],
    ['2001:db8::1', 50_000, '203.0.113.1', false],
    ['2001:db8::1', 50_000, '2001:db8::2', true],
    ['::ffff:10.0.0.7', 50_000, '2001:db8::2', false],
    ['::1', 50_000, '2001:db8::2', false],
    ['fd00::7', 50_000, '2001:db8::2', false],
    ['fd00::7', 50_000, 'fd00::9', true],
    ['x.local', 50_000, '203.0.113.1', false],
  ])('H-78 %s port %i of a hub at %s: tried %s', (ip, port, bound, expected) => {
    expect(mayTry({ ip, port }, [bound])).toBe(expected);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '@/lib/meeting/controlMessages';
import { ExchangeWorld, type Member, WAY_MS } from './exchangeWorld';

let world: ExchangeWorld;
beforeEach(() => {
  world = new ExchangeWorld();
});

afterEach(() => {
  expect(world.close()).toBe(0);
});

describe('reports between exchanges', () => {
  const reportsTo = ({ packets, transport }: Member, from: string) =>
    packets
      .filter((one) => one.from === from && one.bytes[0] === 0x0b)
      .map(({ bytes, atMs }) => ({ report: readReport(bytes, transport.endpointId), atMs }));

  it('M-20 reports go to all endpoints every two seconds, at a random phase', async () => {
    const ann = await world.enter('ann', { random: () => 0 });
    const bob = await world.enter('bob', { random: () => 0.9 });
    world.scheduler.runFor(10_000);
    const [ofAnn, ofBob] = [reportsTo(bob, 'ann'), reportsTo(ann, 'bob')];
    expect([ofAnn.length, ofBob.length]).toEqual([5, 5]);
    expect(ofAnn.map(({ atMs }) => atMs - ofAnn[0]!.atMs)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
    expect(Math.abs(ofAnn[0]!.atMs - ofBob[0]!.atMs)).toBeGreaterThan(500);
  });

  it('M-22 reports carry the age as drawn and the share of lost packets', async () => {
    const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
    world.scheduler.runFor(6_000);
    const even = reportsTo(bob, 'ann').at(-1)!.report!;
    expect(even.lostShare).toBe(0);
    expect(even.ageMs).toBeGreaterThan(0);
    expect(even.ageMs).toBeLessThan(250);
    let count = 0;
    world.isLost = () => {
      count += 1;
      return count % 5 === 0;
    };
    world.scheduler.runFor(10_000);
    const lossy = reportsTo(bob, 'ann').map(({ report }) => report!.lostShare);
    expect(Math.max(...lossy)).toBeGreaterThan(0.1);
    expect(Math.max(...lossy)).toBeLessThan(0.4);
    expect(ann.policy.heard.at(-1)!.reports.length).toBe(1);
  });

  it('M-24 the newest report of each participant counts once, and no other', async () => {
    const [ann] = [await world.enter('ann'), await world.enter('bob')];
    const stranger = await world.enter('stranger');
    world.scheduler.runFor(9_000);
    expect(reportsTo(ann, 'stranger').length).toBeGreaterThan(2);
    expect(ann.policy.heard.at(-1)!.reports).toHaveLength(1);
    expect(ann.exchange.feed.dropped.get('notSeated')).toBeGreaterThan(2);
    expect(stranger.policy.heard.at(-1)!.reports).toEqual([]);
  });

  it('M-25 a report is forgotten after 6 seconds, or when its sender leaves', async () => {
    const [ann, bob, cy] = [await world.enter('ann'), await world.enter('bob'), await world.enter('cy')];
    world.scheduler.runFor(5_000);
    expect(ann.exchange.sendingStats()!.reports).toBe(2);
    bob.exchange.close();
    await cy.transport.disconnect();
    expect(ann.exchange.sendingStats()!.reports).toBe(1);
    world.scheduler.runFor(5_900);
    expect(ann.exchange.sendingStats()!.reports).toBeLessThanOrEqual(1);
    world.scheduler.runFor(2_100);
    expect(ann.exchange.sendingStats()).toMatchObject({ reports: 0, worstAgeMs: 0 });
  });

  it('M-25 reports are forgotten when the local channel is replaced', async () => {
    const [ann] = [await world.enter('ann'), await world.enter('bob')];
    world.scheduler.runFor(5_000);
    expect(ann.exchange.sendingStats()!.reports).toBe(1);
    ann.transport.setChannelOpen(false);
    ann.transport.setChannelOpen(true);
    expect(ann.exchange.sendingStats()!.reports).toBe(0);
  });

  it('M-26 hidden pages are in no report and send none', async () => {
    const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
    world.scheduler.runFor(5_000);
    bob.transport.setHidden(true);
    bob.exchange.setPaused(true);
    world.scheduler.runFor(WAY_MS);
    const before = [reportsTo(ann, 'bob').length, reportsTo(bob, 'ann').length];
    world.scheduler.runFor(10_000);
    expect([reportsTo(ann, 'bob').length, reportsTo(bob, 'ann').length]).toEqual(before);
    bob.transport.setHidden(false);
    bob.exchange.setPaused(false);
    world.scheduler.runFor(6_000);
    const fresh = reportsTo(bob, 'ann').slice(before[1]);
    expect(fresh.length).toBeGreaterThanOrEqual(2);
    for (const { report } of fresh) expect(report!.ageMs).toBeLessThan(500);
  });

  it('M-23 malformed reports are dropped and counted', async () => {
    const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
    bob.transport.broadcast(Uint8Array.of(0x0b, 17), 2);
    bob.transport.broadcast(Uint8Array.of(0x0b), 1);
    world.scheduler.runFor(WAY_MS);
    expect(ann.exchange.feed.dropped.get('malformed')).toBe(2);
  });

  it('M-27 reports of a page are about what its frame loop draws', async () => {
    const ann = await world.enter('ann', { isDrawn: true });
    const bob = await world.enter('bob');
    world.scheduler.runFor(5_000);
    expect(reportsTo(bob, 'ann')).toEqual([]);
    for (let ms = 0; ms < 5_000; ms += 20) {
      world.scheduler.runFor(20);
      world.heightOf(ann, 'bob');
    }
    expect(reportsTo(bob, 'ann').length).toBeGreaterThanOrEqual(2);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEYFRAME_REQUEST } from '@/lib/meeting/controlMessages';
import type { QualityChoice } from '@/lib/quality/quality';
import { TIERS } from '@/lib/quality/tiers';
import { isKeyframe } from './deltaCodec';
import { ExchangeWorld, HEIGHT, type Member, seats, still, WAY_MS } from './exchangeWorld';

let world: ExchangeWorld;
beforeEach(() => {
  world = new ExchangeWorld();
});

afterEach(() => {
  expect(world.close()).toBe(0);
});

const posesOf = ({ packets }: Member, from: string) =>
  packets.filter((one) => one.from === from && one.bytes[0]! > 0x20);
const keyframesOf = (member: Member, from: string) => posesOf(member, from).filter(({ bytes }) => isKeyframe(bytes));
const requestsTo = ({ packets }: Member) => packets.filter(({ bytes }) => bytes[0] === KEYFRAME_REQUEST[0]);

describe('the exchange of poses', () => {
  describe('sends', () => {
    it("an exchange sends at its tier's rate, however often sending is started", async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      bob.exchange.startSending('bob', still);
      world.scheduler.runFor(2_000);
      expect(Math.abs(posesOf(ann, 'bob').length - 2 * TIERS.high.fps)).toBeLessThanOrEqual(2);
    });

    it('an exchange sends what the quality asks for, and emits each change', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      const told: QualityChoice[] = [];
      bob.exchange.events.on('quality', (choice) => told.push(choice));
      expect(bob.exchange.quality).toMatchObject({ tier: TIERS.high, framesPerPacket: 1 });
      bob.policy.framesPerPacket = 3;
      bob.exchange.follow({ people: seats(), tier: TIERS.medium });
      world.scheduler.runFor(3_000);
      expect(told).toEqual([{ tier: TIERS.medium, framesPerPacket: 3, reason: 'people' }]);
      const packets = posesOf(ann, 'bob').length;
      world.scheduler.runFor(3_000);
      expect(Math.abs(posesOf(ann, 'bob').length - packets - 20)).toBeLessThanOrEqual(1);
      expect(bob.exchange.selfStats('bob', 1)).toMatchObject({ tier: TIERS.medium, sending: { framesPerPacket: 3 } });
    });

    it('an exchange sends nothing while the page is hidden, and a keyframe first when it is visible again', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      world.scheduler.runFor(1_000);
      bob.exchange.setPaused(true);
      world.scheduler.runFor(WAY_MS);
      const before = ann.packets.length;
      world.scheduler.runFor(10_000);
      expect(ann.packets.length).toBe(before);
      bob.exchange.setPaused(false);
      world.scheduler.runFor(100);
      expect(isKeyframe(posesOf(ann, 'bob')[before - (ann.packets.length - posesOf(ann, 'bob').length)]!.bytes)).toBe(
        true,
      );
    });

    it('an exchange sends no poses for a spectator, but asks for keyframes', async () => {
      const ann = await world.enter('ann');
      const watcher = world.prepare('wim');
      await watcher.transport.connect();
      world.scheduler.runFor(5_000);
      expect(ann.packets.map(({ bytes }) => Array.from(bytes))).toEqual([Array.from(KEYFRAME_REQUEST)]);
      expect([watcher.exchange.quality, watcher.exchange.sendingStats()]).toEqual([null, null]);
      expect(world.heightOf(watcher, 'ann')).toBe(HEIGHT);
    });
  });

  describe('keyframes', () => {
    it.each(Object.values(TIERS))(
      "M-12 a latecomer sees a correct pose within 300 ms of its channel's opening: $name",
      async (announced) => {
        world.tier = announced;
        for (const channelAfterMs of [0, 10, 60, 130, 240, 700, 3_000]) {
          for (const member of world.members.splice(0)) {
            member.exchange.close();
            await member.transport.disconnect();
          }
          const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
          for (const { policy } of [ann, bob]) policy.framesPerPacket = 3;
          world.scheduler.runFor(4_321);
          const cy = world.prepare('cy');
          cy.transport.setChannelOpen(false);
          await cy.transport.connect();
          world.scheduler.runFor(channelAfterMs);
          expect(world.heightOf(cy, 'ann')).toBeNull();
          cy.transport.setChannelOpen(true);
          world.scheduler.runFor(300);
          expect([world.heightOf(cy, 'ann'), world.heightOf(cy, 'bob')], `channel after ${channelAfterMs} ms`).toEqual([
            HEIGHT,
            HEIGHT,
          ]);
        }
      },
    );

    it.each(Object.values(TIERS))(
      'M-14 a spectator that the bridge never lets speak sees a correct pose within two seconds of joining: $name',
      async (announced) => {
        world.tier = announced;
        const ann = await world.enter('ann');
        for (const channelAfterMs of [0, 10, 60, 130, 240, 700, 1_600]) {
          world.scheduler.runFor(4_321);
          const before = ann.exchange.sent.keyframes;
          const watcher = world.prepare('wim');
          watcher.transport.broadcast = () => 'sent';
          watcher.transport.setChannelOpen(false);
          await watcher.transport.connect();
          world.scheduler.runFor(channelAfterMs);
          watcher.transport.setChannelOpen(true);
          world.scheduler.runFor(300);
          expect(world.heightOf(watcher, 'ann'), `channel after ${channelAfterMs} ms`).toBe(HEIGHT);
          expect(ann.exchange.sent.keyframes - before).toBeLessThanOrEqual(14);
        }
      },
    );

    it('M-12 a keyframe is sent when the local channel opens again', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      world.scheduler.runFor(3_000);
      bob.transport.setChannelOpen(false);
      world.scheduler.runFor(500);
      const before = keyframesOf(ann, 'bob').length;
      bob.transport.setChannelOpen(true);
      world.scheduler.runFor(WAY_MS);
      expect(keyframesOf(ann, 'bob').length).toBe(before + 1);
      world.scheduler.runFor(100);
      expect(world.heightOf(ann, 'bob')).toBe(HEIGHT);
      expect(world.heightOf(bob, 'ann')).toBe(HEIGHT);
    });

    it('M-11 after a lost packet its sender alone is asked for a keyframe, until one comes', async () => {
      const [ann, bob, cy] = [await world.enter('ann'), await world.enter('bob'), await world.enter('cy')];
      world.scheduler.runFor(3_000);
      const before = [requestsTo(bob).length, requestsTo(cy).length];
      // The next packet that bob sends to ann.
      const receive = ann.transport.receive.bind(ann.transport);
      let toLose = 1;
      ann.transport.receive = (from, bytes) => {
        if (from.personId === 'bob' && toLose > 0 && bytes[0]! > 0x20) toLose -= 1;
        else receive(from, bytes);
      };
      world.scheduler.runFor(400);
      expect([requestsTo(bob).length, requestsTo(cy).length]).toEqual([before[0]! + 1, before[1]!]);
      expect(requestsTo(bob).at(-1)?.from).toBe('ann');
      expect(world.heightOf(ann, 'bob')).toBe(HEIGHT);
      expect(ann.exchange.feed.statsOf('bob')).toMatchObject({ lost: 1, keyframesAsked: 1 });
      expect(bob.exchange.sendingStats()).toMatchObject({ keyframesAsked: expect.any(Number) });
    });

    it('M-11 no keyframe is requested if one comes before the request is due', async () => {
      const [ann, bob, cy] = [
        await world.enter('ann'),
        await world.enter('bob', { random: () => 1 }),
        await world.enter('cy'),
      ];
      world.scheduler.runFor(3_000);
      const before = requestsTo(ann).filter(({ from }) => from === 'bob').length;
      // One packet of ann's is lost to bob; cy, who lost it too, asks sooner.
      for (const member of [bob, cy]) {
        const receive = member.transport.receive.bind(member.transport);
        let toLose = 1;
        member.transport.receive = (from, bytes) => {
          if (from.personId === 'ann' && toLose > 0 && bytes[0]! > 0x20) toLose -= 1;
          else receive(from, bytes);
        };
      }
      world.scheduler.runFor(1_000);
      expect(requestsTo(ann).filter(({ from }) => from === 'bob').length).toBe(before);
      expect(world.heightOf(bob, 'ann')).toBe(HEIGHT);
      expect(bob.exchange.feed.statsOf('ann')).toMatchObject({ lost: 1, keyframesAsked: 0 });
    });

    it('M-11 a sender is asked at most once per second, until its keyframe comes', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      world.scheduler.runFor(3_000);
      const receive = ann.transport.receive.bind(ann.transport);
      let seen = 0;
      ann.transport.receive = (from, bytes) => {
        seen += 1;
        // Every keyframe is lost, and one delta.
        if (bytes[0]! <= 0x20 || (!isKeyframe(bytes) && seen !== 1)) receive(from, bytes);
      };
      const before = requestsTo(bob).length;
      world.scheduler.runFor(5_000);
      const asked = requestsTo(bob).slice(before);
      expect(asked.length).toBeGreaterThanOrEqual(4);
      expect(asked.length).toBeLessThanOrEqual(5);
      for (let k = 1; k < asked.length; k += 1)
        expect(asked[k]!.atMs - asked[k - 1]!.atMs).toBeGreaterThanOrEqual(1_000);
    });

    it('M-13 no flood of requests causes more than one keyframe per second', async () => {
      const [ann, mallory] = [await world.enter('ann'), await world.enter('mallory')];
      world.scheduler.runFor(3_000);
      const before = ann.exchange.sent.keyframes;
      for (let ms = 0; ms < 5_000; ms += 10) {
        mallory.transport.broadcast(KEYFRAME_REQUEST as Uint8Array, 1);
        world.scheduler.runFor(10);
      }
      expect(ann.exchange.sent.keyframes - before).toBeLessThanOrEqual(6);
    });

    it('M-10 a keyframe request longer than one byte is malformed', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      world.scheduler.runFor(3_000);
      const asked = ann.exchange.sendingStats()!.keyframesAsked;
      bob.transport.broadcast(Uint8Array.of(0x0a, 0), 2);
      world.scheduler.runFor(WAY_MS);
      expect(ann.exchange.feed.dropped.get('malformed')).toBe(1);
      expect(ann.exchange.sendingStats()!.keyframesAsked).toBe(asked);
    });
  });

  it('an exchange decides the quality twice a second from all its signals', async () => {
    const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
    ann.exchange.setBandwidthMax(900_000);
    ann.exchange.setFrameMs(25);
    world.scheduler.runFor(6_000);
    const before = ann.policy.heard.length;
    world.scheduler.runFor(5_000);
    expect(ann.policy.heard.length - before).toBe(10);
    expect(ann.policy.heard.at(-1)).toMatchObject({
      base: TIERS.high,
      seated: 4,
      bandwidthMaxBps: 900_000,
      backlogBytes: 0,
      downlinkBps: null,
      isHidden: false,
      frameMs: 25,
    });
    const { wireBps, othersAgeMs } = ann.policy.heard.at(-1)!;
    expect(wireBps).toBeGreaterThan(30 * 8 * 158);
    expect(wireBps).toBeLessThan(30 * 8 * 200);
    expect(othersAgeMs).toBeGreaterThan(0);
    bob.exchange.setPaused(true);
    expect(bob.policy.heard.at(-1)!.isHidden).toBe(true);
  });

  it('an exchange receives and sends nothing once closed', async () => {
    const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
    world.scheduler.runFor(1_000);
    ann.exchange.close();
    world.scheduler.runFor(WAY_MS);
    const before = bob.packets.length;
    world.scheduler.runFor(5_000);
    expect(bob.packets.length).toBe(before);
    expect(world.heightOf(ann, 'bob')).toBeNull();
  });
});

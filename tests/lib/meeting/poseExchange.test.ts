import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeatedPerson, Tier } from '@/lib/core/meeting';
import { KEYFRAME_REQUEST, readReport } from '@/lib/meeting/controlMessages';
import { PoseExchange, type PoseExchangeParts } from '@/lib/meeting/poseExchange';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createPose, HIPS_OFFSET, PosePart } from '@/lib/pose/pose';
import type { QualityChoice, QualitySignals } from '@/lib/quality/quality';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference, type LoopbackTransport } from '@/tests/support/loopback';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { DELTA_CODEC, isKeyframe } from './deltaCodec';

/** Transit time of the network. */
const WAY_MS = 20;
const HEIGHT = 0.75;

const still: MotionSource = {
  sample: (_timeMs, out) => {
    out.values[HIPS_OFFSET + 1] = HEIGHT;
    out.parts = PosePart.hips;
    return out;
  },
};

/** Keeps the announced tier whatever the signals, and records them. */
class FollowingPolicy {
  readonly heard: QualitySignals[] = [];
  framesPerPacket = 1;
  private choice: QualityChoice | null = null;

  decide(signals: QualitySignals): QualityChoice {
    this.heard.push(signals);
    const { base: tier } = signals;
    const { framesPerPacket } = this;
    if (this.choice?.tier === tier && this.choice.framesPerPacket === framesPerPacket) return this.choice;
    this.choice = { tier, framesPerPacket, reason: 'people' };
    return this.choice;
  }
}

interface Member {
  readonly transport: LoopbackTransport;
  readonly exchange: PoseExchange;
  readonly policy: FollowingPolicy;
  /** Packets of poses received, by person. */
  readonly packets: Array<{ from: string | null; bytes: Uint8Array; atMs: number }>;
}

let scheduler: ManualScheduler;
let conference: LoopbackConference;
let isLost: () => boolean;
let members: Member[];
let tier: Tier;

const seats = (): SeatedPerson[] =>
  ['ann', 'bob', 'cy', 'dee'].map((id, seat) => ({ id, name: id, avatar: 'ada', seat }));

const PARTS: Partial<PoseExchangeParts> = { codec: DELTA_CODEC, random: () => 0.5 };

/** A person who has not connected yet. */
function prepare(personId: string, changes: Partial<PoseExchangeParts> = {}): Member {
  const transport = conference.createEndpoint(personId);
  const policy = new FollowingPolicy();
  const exchange = new PoseExchange({ transport, scheduler, quality: policy, ...PARTS, ...changes });
  exchange.follow({ people: seats(), tier });
  const packets: Member['packets'] = [];
  transport.events.on('packet', ({ from, bytes }) =>
    packets.push({ from: from.personId, bytes: bytes.slice(), atMs: scheduler.nowMs() }),
  );
  const member = { transport, exchange, policy, packets };
  members.push(member);
  return member;
}

async function enter(personId: string, changes: Partial<PoseExchangeParts> = {}): Promise<Member> {
  const member = prepare(personId, changes);
  await member.transport.connect();
  member.exchange.startSending(personId, still);
  return member;
}

const posesOf = ({ packets }: Member, from: string) =>
  packets.filter((one) => one.from === from && one.bytes[0]! > 0x20);
const keyframesOf = (member: Member, from: string) => posesOf(member, from).filter(({ bytes }) => isKeyframe(bytes));
const requestsTo = ({ packets }: Member) => packets.filter(({ bytes }) => bytes[0] === KEYFRAME_REQUEST[0]);

function heightOf({ exchange }: Member, personId: string): number | null {
  const pose = createPose();
  const state = exchange.feed.sample(personId, scheduler.nowMs(), pose);
  return state === 'live' ? Math.round(pose.values[HIPS_OFFSET + 1]! * 1000) / 1000 : null;
}

describe('the exchange of poses', () => {
  beforeEach(() => {
    scheduler = new ManualScheduler();
    isLost = () => false;
    members = [];
    tier = TIERS.high;
    conference = new LoopbackConference({
      clock: scheduler,
      delayMs: () => {
        scheduler.schedule(() => conference.deliverDue(), WAY_MS);
        return WAY_MS;
      },
      isLost: () => isLost(),
    });
  });

  afterEach(() => {
    for (const { exchange } of members) exchange.close();
    scheduler.runFor(1_000);
    expect(scheduler.waiting).toBe(0);
  });

  describe('sends', () => {
    it("an exchange sends at its tier's rate, however often sending is started", async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      bob.exchange.startSending('bob', still);
      scheduler.runFor(2_000);
      expect(Math.abs(posesOf(ann, 'bob').length - 2 * TIERS.high.fps)).toBeLessThanOrEqual(2);
    });

    it('an exchange sends what the quality asks for, and emits each change', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      const told: QualityChoice[] = [];
      bob.exchange.events.on('quality', (choice) => told.push(choice));
      expect(bob.exchange.quality).toMatchObject({ tier: TIERS.high, framesPerPacket: 1 });
      bob.policy.framesPerPacket = 3;
      bob.exchange.follow({ people: seats(), tier: TIERS.medium });
      scheduler.runFor(3_000);
      expect(told).toEqual([{ tier: TIERS.medium, framesPerPacket: 3, reason: 'people' }]);
      const packets = posesOf(ann, 'bob').length;
      scheduler.runFor(3_000);
      expect(Math.abs(posesOf(ann, 'bob').length - packets - 20)).toBeLessThanOrEqual(1);
      expect(bob.exchange.selfStats('bob', 1)).toMatchObject({ tier: TIERS.medium, sending: { framesPerPacket: 3 } });
    });

    it('an exchange sends nothing while the page is hidden, and a keyframe first when it is visible again', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(1_000);
      bob.exchange.setPaused(true);
      scheduler.runFor(WAY_MS);
      const before = ann.packets.length;
      scheduler.runFor(10_000);
      expect(ann.packets.length).toBe(before);
      bob.exchange.setPaused(false);
      scheduler.runFor(100);
      expect(isKeyframe(posesOf(ann, 'bob')[before - (ann.packets.length - posesOf(ann, 'bob').length)]!.bytes)).toBe(
        true,
      );
    });

    it('an exchange sends no poses for a spectator, but asks for keyframes', async () => {
      const ann = await enter('ann');
      const watcher = prepare('wim');
      await watcher.transport.connect();
      scheduler.runFor(5_000);
      expect(ann.packets.map(({ bytes }) => Array.from(bytes))).toEqual([Array.from(KEYFRAME_REQUEST)]);
      expect([watcher.exchange.quality, watcher.exchange.sendingStats()]).toEqual([null, null]);
      expect(heightOf(watcher, 'ann')).toBe(HEIGHT);
    });
  });

  describe('keyframes', () => {
    it.each(Object.values(TIERS))(
      "M-12 a latecomer sees a correct pose within 300 ms of its channel's opening: $name",
      async (announced) => {
        tier = announced;
        for (const channelAfterMs of [0, 10, 60, 130, 240, 700, 3_000]) {
          for (const member of members.splice(0)) {
            member.exchange.close();
            await member.transport.disconnect();
          }
          const [ann, bob] = [await enter('ann'), await enter('bob')];
          for (const { policy } of [ann, bob]) policy.framesPerPacket = 3;
          scheduler.runFor(4_321);
          const cy = prepare('cy');
          cy.transport.setChannelOpen(false);
          await cy.transport.connect();
          scheduler.runFor(channelAfterMs);
          expect(heightOf(cy, 'ann')).toBeNull();
          cy.transport.setChannelOpen(true);
          scheduler.runFor(300);
          expect([heightOf(cy, 'ann'), heightOf(cy, 'bob')], `channel after ${channelAfterMs} ms`).toEqual([
            HEIGHT,
            HEIGHT,
          ]);
        }
      },
    );

    it.each(Object.values(TIERS))(
      'M-14 a spectator that the bridge never lets speak sees a correct pose within two seconds of joining: $name',
      async (announced) => {
        tier = announced;
        const ann = await enter('ann');
        for (const channelAfterMs of [0, 10, 60, 130, 240, 700, 1_600]) {
          scheduler.runFor(4_321);
          const before = ann.exchange.sent.keyframes;
          const watcher = prepare('wim');
          watcher.transport.broadcast = () => 'sent';
          watcher.transport.setChannelOpen(false);
          await watcher.transport.connect();
          scheduler.runFor(channelAfterMs);
          watcher.transport.setChannelOpen(true);
          scheduler.runFor(300);
          expect(heightOf(watcher, 'ann'), `channel after ${channelAfterMs} ms`).toBe(HEIGHT);
          expect(ann.exchange.sent.keyframes - before).toBeLessThanOrEqual(14);
        }
      },
    );

    it('M-12 a keyframe is sent when the local channel opens again', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(3_000);
      bob.transport.setChannelOpen(false);
      scheduler.runFor(500);
      const before = keyframesOf(ann, 'bob').length;
      bob.transport.setChannelOpen(true);
      scheduler.runFor(WAY_MS);
      expect(keyframesOf(ann, 'bob').length).toBe(before + 1);
      scheduler.runFor(100);
      expect(heightOf(ann, 'bob')).toBe(HEIGHT);
      expect(heightOf(bob, 'ann')).toBe(HEIGHT);
    });

    it('M-11 after a lost packet its sender alone is asked for a keyframe, until one comes', async () => {
      const [ann, bob, cy] = [await enter('ann'), await enter('bob'), await enter('cy')];
      scheduler.runFor(3_000);
      const before = [requestsTo(bob).length, requestsTo(cy).length];
      // The next packet that bob sends to ann.
      const receive = ann.transport.receive.bind(ann.transport);
      let toLose = 1;
      ann.transport.receive = (from, bytes) => {
        if (from.personId === 'bob' && toLose > 0 && bytes[0]! > 0x20) toLose -= 1;
        else receive(from, bytes);
      };
      scheduler.runFor(400);
      expect([requestsTo(bob).length, requestsTo(cy).length]).toEqual([before[0]! + 1, before[1]!]);
      expect(requestsTo(bob).at(-1)?.from).toBe('ann');
      expect(heightOf(ann, 'bob')).toBe(HEIGHT);
      expect(ann.exchange.feed.statsOf('bob')).toMatchObject({ lost: 1, keyframesAsked: 1 });
      expect(bob.exchange.sendingStats()).toMatchObject({ keyframesAsked: expect.any(Number) });
    });

    it('M-11 no keyframe is requested if one comes before the request is due', async () => {
      const [ann, bob, cy] = [await enter('ann'), await enter('bob', { random: () => 1 }), await enter('cy')];
      scheduler.runFor(3_000);
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
      scheduler.runFor(1_000);
      expect(requestsTo(ann).filter(({ from }) => from === 'bob').length).toBe(before);
      expect(heightOf(bob, 'ann')).toBe(HEIGHT);
      expect(bob.exchange.feed.statsOf('ann')).toMatchObject({ lost: 1, keyframesAsked: 0 });
    });

    it('M-11 a sender is asked at most once per second, until its keyframe comes', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(3_000);
      const receive = ann.transport.receive.bind(ann.transport);
      let seen = 0;
      ann.transport.receive = (from, bytes) => {
        seen += 1;
        // Every keyframe is lost, and one delta.
        if (bytes[0]! <= 0x20 || (!isKeyframe(bytes) && seen !== 1)) receive(from, bytes);
      };
      const before = requestsTo(bob).length;
      scheduler.runFor(5_000);
      const asked = requestsTo(bob).slice(before);
      expect(asked.length).toBeGreaterThanOrEqual(4);
      expect(asked.length).toBeLessThanOrEqual(5);
      for (let k = 1; k < asked.length; k += 1)
        expect(asked[k]!.atMs - asked[k - 1]!.atMs).toBeGreaterThanOrEqual(1_000);
    });

    it('M-13 no flood of requests causes more than one keyframe per second', async () => {
      const [ann, mallory] = [await enter('ann'), await enter('mallory')];
      scheduler.runFor(3_000);
      const before = ann.exchange.sent.keyframes;
      for (let ms = 0; ms < 5_000; ms += 10) {
        mallory.transport.broadcast(KEYFRAME_REQUEST as Uint8Array, 1);
        scheduler.runFor(10);
      }
      expect(ann.exchange.sent.keyframes - before).toBeLessThanOrEqual(6);
    });

    it('M-10 a keyframe request longer than one byte is malformed', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(3_000);
      const asked = ann.exchange.sendingStats()!.keyframesAsked;
      bob.transport.broadcast(Uint8Array.of(0x0a, 0), 2);
      scheduler.runFor(WAY_MS);
      expect(ann.exchange.feed.dropped.get('malformed')).toBe(1);
      expect(ann.exchange.sendingStats()!.keyframesAsked).toBe(asked);
    });
  });

  describe('reports', () => {
    const reportsTo = ({ packets, transport }: Member, from: string) =>
      packets
        .filter((one) => one.from === from && one.bytes[0] === 0x0b)
        .map(({ bytes, atMs }) => ({ report: readReport(bytes, transport.endpointId), atMs }));

    it('M-20 reports go to all endpoints every two seconds, at a random phase', async () => {
      const ann = await enter('ann', { random: () => 0 });
      const bob = await enter('bob', { random: () => 0.9 });
      scheduler.runFor(10_000);
      const [ofAnn, ofBob] = [reportsTo(bob, 'ann'), reportsTo(ann, 'bob')];
      expect([ofAnn.length, ofBob.length]).toEqual([5, 5]);
      expect(ofAnn.map(({ atMs }) => atMs - ofAnn[0]!.atMs)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
      expect(Math.abs(ofAnn[0]!.atMs - ofBob[0]!.atMs)).toBeGreaterThan(500);
    });

    it('M-22 reports carry the age as drawn and the share of lost packets', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(6_000);
      const even = reportsTo(bob, 'ann').at(-1)!.report!;
      expect(even.lostShare).toBe(0);
      expect(even.ageMs).toBeGreaterThan(0);
      expect(even.ageMs).toBeLessThan(250);
      let count = 0;
      isLost = () => {
        count += 1;
        return count % 5 === 0;
      };
      scheduler.runFor(10_000);
      const lossy = reportsTo(bob, 'ann').map(({ report }) => report!.lostShare);
      expect(Math.max(...lossy)).toBeGreaterThan(0.1);
      expect(Math.max(...lossy)).toBeLessThan(0.4);
      expect(ann.policy.heard.at(-1)!.reports.length).toBe(1);
    });

    it('M-24 the newest report of each participant counts once, and no other', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      const stranger = await enter('stranger');
      scheduler.runFor(9_000);
      expect(reportsTo(ann, 'stranger').length).toBeGreaterThan(2);
      expect(ann.policy.heard.at(-1)!.reports).toHaveLength(1);
      expect(ann.exchange.feed.dropped.get('notSeated')).toBeGreaterThan(2);
      expect(stranger.policy.heard.at(-1)!.reports).toEqual([]);
    });

    it('M-25 a report is forgotten after 6 seconds, or when its sender leaves', async () => {
      const [ann, bob, cy] = [await enter('ann'), await enter('bob'), await enter('cy')];
      scheduler.runFor(5_000);
      expect(ann.exchange.sendingStats()!.reports).toBe(2);
      bob.exchange.close();
      await cy.transport.disconnect();
      expect(ann.exchange.sendingStats()!.reports).toBe(1);
      scheduler.runFor(5_900);
      expect(ann.exchange.sendingStats()!.reports).toBeLessThanOrEqual(1);
      scheduler.runFor(2_100);
      expect(ann.exchange.sendingStats()).toMatchObject({ reports: 0, worstAgeMs: 0 });
    });

    it('M-25 reports are forgotten when the local channel is replaced', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(5_000);
      expect(ann.exchange.sendingStats()!.reports).toBe(1);
      ann.transport.setChannelOpen(false);
      ann.transport.setChannelOpen(true);
      expect(ann.exchange.sendingStats()!.reports).toBe(0);
    });

    it('M-26 hidden pages are in no report and send none', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      scheduler.runFor(5_000);
      bob.transport.setHidden(true);
      bob.exchange.setPaused(true);
      scheduler.runFor(WAY_MS);
      const before = [reportsTo(ann, 'bob').length, reportsTo(bob, 'ann').length];
      scheduler.runFor(10_000);
      expect([reportsTo(ann, 'bob').length, reportsTo(bob, 'ann').length]).toEqual(before);
      bob.transport.setHidden(false);
      bob.exchange.setPaused(false);
      scheduler.runFor(6_000);
      const fresh = reportsTo(bob, 'ann').slice(before[1]);
      expect(fresh.length).toBeGreaterThanOrEqual(2);
      for (const { report } of fresh) expect(report!.ageMs).toBeLessThan(500);
    });

    it('M-23 malformed reports are dropped and counted', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      bob.transport.broadcast(Uint8Array.of(0x0b, 17), 2);
      bob.transport.broadcast(Uint8Array.of(0x0b), 1);
      scheduler.runFor(WAY_MS);
      expect(ann.exchange.feed.dropped.get('malformed')).toBe(2);
    });

    it('M-27 reports of a page are about what its frame loop draws', async () => {
      const ann = await enter('ann', { isDrawn: true });
      const bob = await enter('bob');
      scheduler.runFor(5_000);
      expect(reportsTo(bob, 'ann')).toEqual([]);
      for (let ms = 0; ms < 5_000; ms += 20) {
        scheduler.runFor(20);
        heightOf(ann, 'bob');
      }
      expect(reportsTo(bob, 'ann').length).toBeGreaterThanOrEqual(2);
    });
  });

  it('an exchange decides the quality twice a second from all its signals', async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    ann.exchange.setBandwidthMax(900_000);
    ann.exchange.setFrameMs(25);
    scheduler.runFor(6_000);
    const before = ann.policy.heard.length;
    scheduler.runFor(5_000);
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
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    scheduler.runFor(1_000);
    ann.exchange.close();
    scheduler.runFor(WAY_MS);
    const before = bob.packets.length;
    scheduler.runFor(5_000);
    expect(bob.packets.length).toBe(before);
    expect(heightOf(ann, 'bob')).toBeNull();
  });
});

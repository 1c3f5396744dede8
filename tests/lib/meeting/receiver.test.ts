import { describe, expect, it } from 'vitest';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { silentLog } from '@/lib/core/log';
import { PoseReceiver } from '@/lib/meeting/receiver';
import { PoseSender } from '@/lib/meeting/sender';
import { participantStats, selfStats, sendingStats } from '@/lib/meeting/stats';
import { createPose, HIPS_OFFSET, PosePart } from '@/lib/pose/pose';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference, type LoopbackTransport } from '@/tests/support/loopback';
import { ManualClock } from '@/tests/support/manualClock';

class Conference {
  readonly clock = new ManualClock(1000);
  readonly conference = new LoopbackConference();
  readonly receiver: PoseReceiver;
  readonly warnings: object[] = [];
  private readonly transport = this.conference.createEndpoint('me');

  constructor() {
    this.receiver = new PoseReceiver({
      transport: this.transport,
      createDecoder: () => new RangePoseDecoder(),
      clock: this.clock,
      log: { ...silentLog, warn: (message, fields) => this.warnings.push({ message, ...fields }) },
    });
  }

  async open(): Promise<this> {
    await this.transport.connect();
    return this;
  }

  async enter(personId: string | null): Promise<Sender> {
    const transport = this.conference.createEndpoint(personId);
    await transport.connect();
    return new Sender(transport, this.clock);
  }

  height(personId: string): number | string {
    const pose = createPose();
    const state = this.receiver.sample(personId, this.clock.nowMs(), pose);
    return state === 'none' ? state : pose.values[HIPS_OFFSET + 1]!;
  }

  get drops(): Record<string, number> {
    return Object.fromEntries(this.receiver.dropped);
  }
}

/** Sends poses whose hips have a given height. */
class Sender {
  private readonly encoder = new RangePoseEncoder();
  private readonly pose = createPose();

  constructor(
    readonly transport: LoopbackTransport,
    private readonly clock: ManualClock,
  ) {
    this.pose.parts = PosePart.hips;
    this.encoder.framesPerPacket = 1;
  }

  send(height: number, clockAheadMs = 0): void {
    this.pose.values[HIPS_OFFSET + 1] = height;
    const size = this.encoder.encode(this.pose, this.clock.nowMs() + clockAheadMs);
    this.transport.broadcast(this.encoder.packet, size);
  }
}

describe('the pose receiver', () => {
  it('a receiver gives each participant the pose they sent', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann', 'bob']);
    const [ann, bob] = [await conference.enter('ann'), await conference.enter('bob')];
    ann.send(0.5);
    bob.send(0.25);
    expect(conference.height('ann')).toBeCloseTo(0.5);
    expect(conference.height('bob')).toBeCloseTo(0.25);
    expect(conference.height('cy')).toBe('none');
    expect(conference.drops).toEqual({});
  });

  it('a receiver knows the endpoints that joined before it was made', async () => {
    const conference = new LoopbackConference();
    const clock = new ManualClock(0);
    const transport = conference.createEndpoint('me');
    await transport.connect();
    const ann = conference.createEndpoint('ann');
    await ann.connect();
    const receiver = new PoseReceiver({ transport, createDecoder: () => new RangePoseDecoder(), clock });
    receiver.setSeated(['ann']);
    new Sender(ann, clock).send(0.5);
    expect(receiver.sample('ann', 0, createPose())).toBe('live');
  });

  it('a receiver drops and counts packets from people without a seat, unknown people and the local participant', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann', 'me']);
    conference.receiver.setOwn('me', { sample: (_, out) => out });
    (await conference.enter('watcher')).send(1);
    (await conference.enter(null)).send(1);
    (await conference.enter('me')).send(1);
    expect(conference.drops).toEqual({ notSeated: 1, anonymous: 1, own: 1 });
    expect(conference.height('watcher')).toBe('none');
  });

  it('M-2 poses that keep coming for 5 s without anybody known to send them are worth one warning', async () => {
    const conference = await new Conference().open();
    const nobody = await conference.enter(null);
    const sendFor = (ms: number) => {
      for (let sentMs = 0; sentMs < ms; sentMs += 100) {
        nobody.send(1);
        conference.clock.advance(100);
      }
    };
    sendFor(4_900);
    // A pause: somebody was known meanwhile, or it has left.
    conference.clock.advance(1_100);
    sendFor(4_900);
    expect(conference.warnings).toEqual([]);
    sendFor(20_000);
    expect(conference.warnings).toEqual([
      {
        message: 'poses are dropped: it is not known whose they are',
        endpointId: nobody.transport.self.endpointId,
        dropped: 49 + 51,
      },
    ]);
    expect(conference.drops).toEqual({ anonymous: 298 });
  });

  it('a receiver counts what the decoder drops, by reason', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann']);
    const ann = await conference.enter('ann');
    ann.transport.broadcast(Uint8Array.of(77), 1);
    ann.transport.broadcast(Uint8Array.of(1, 2), 2);
    expect(conference.drops).toEqual({ unknownVersion: 1, truncated: 1 });
  });

  it("a receiver follows a person's newest endpoint, whatever its clock, and falls back when it leaves", async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann']);
    const old = await conference.enter('ann');
    for (let k = 0; k < 5; k += 1) old.send(0.1, 500_000);
    const fresh = await conference.enter('ann');
    expect(conference.height('ann')).toBeCloseTo(0.1);
    fresh.send(0.7, 0);
    old.send(0.1, 500_000);
    expect(conference.height('ann')).toBeCloseTo(0.7);
    expect(conference.drops).toMatchObject({ superseded: 1 });
    await fresh.transport.disconnect();
    conference.clock.advance(2000);
    old.send(0.2, 500_000);
    expect(conference.height('ann')).toBeCloseTo(0.2);
  });

  it('a receiver forgets people who lose their seat, and keeps the others', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann', 'bob']);
    const [ann, bob] = [await conference.enter('ann'), await conference.enter('bob')];
    ann.send(0.5);
    bob.send(0.25);
    conference.receiver.setSeated(['bob', 'cy']);
    expect(conference.height('ann')).toBe('none');
    expect(conference.height('bob')).toBeCloseTo(0.25);
    expect(conference.receiver.statsOf('ann')).toBeNull();
    expect(conference.receiver.statsOf('cy')).toMatchObject({ received: 0, lost: 0 });
  });

  it('a receiver marks a stream stale after a second of silence', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann']);
    (await conference.enter('ann')).send(0.5);
    expect(conference.receiver.sample('ann', conference.clock.nowMs() + 1001, createPose())).toBe('stale');
  });

  it('a receiver moves the local participant by the source itself, as the others see it', async () => {
    const conference = await new Conference().open();
    conference.receiver.setOwn('me', { sample: (timeMs, out) => Object.assign(out, { parts: timeMs }) }, 400);
    const pose = createPose();
    expect(conference.receiver.sample('me', 1000, pose)).toBe('live');
    expect(pose.parts).toBe(600);
    conference.receiver.clearOwn();
    expect(conference.receiver.sample('me', 1000, pose)).toBe('none');
  });

  it('a receiver receives nothing once closed', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann']);
    const ann = await conference.enter('ann');
    conference.receiver.close();
    ann.send(0.5);
    expect(conference.height('ann')).toBe('none');
    expect(conference.drops).toEqual({});
  });
});

describe('the inspection surface', () => {
  it('stats of a remote participant tell what was received and drawn', async () => {
    const conference = await new Conference().open();
    conference.receiver.setSeated(['ann']);
    const ann = await conference.enter('ann');
    for (let k = 0; k < 30; k += 1) {
      conference.clock.advance(100);
      ann.send(0.5);
      conference.height('ann');
    }
    const drawn = createPose();
    drawn.values[HIPS_OFFSET + 1] = 0.5;
    const person = { id: 'ann', name: 'Ann', avatar: 'ada', seat: 3 };
    const stats = participantStats(person, conference.receiver, { lod: 1, pose: drawn });
    expect(stats).toMatchObject({
      id: 'ann',
      name: 'Ann',
      role: 'participant',
      seat: 3,
      posesReceived: 30,
      lost: 0,
      lod: 1,
    });
    expect(stats.poseFps).toBeGreaterThan(9);
    expect(stats.playoutDelayMs).toBeGreaterThan(0);
    expect(stats.playoutDelayMs).toBe(conference.receiver.statsOf('ann')!.delayMs);
    expect(stats.hips).toEqual([0, 0.5, 0]);
    expect(stats.bones).toHaveLength(52 * 4);
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
    expect(participantStats(person, conference.receiver, { lod: -1, pose: null })).toMatchObject({
      bones: [],
      lod: -1,
    });
  });

  it('stats of the local participant tell what was sent', async () => {
    const conference = new LoopbackConference();
    const transport = conference.createEndpoint('me');
    await transport.connect();
    const sender = new PoseSender({
      source: { sample: (_, out) => out },
      encoder: new RangePoseEncoder(),
      transport,
      quality: { tier: TIERS.low, framesPerPacket: 1 },
      clock: new ManualClock(),
    });
    sender.tick();
    const sending = sendingStats(sender, 'people', [
      { ageMs: 80, lostShare: 0.1 },
      { ageMs: 160, lostShare: 0 },
    ]);
    expect(selfStats('me', 2, sender, sending)).toEqual({
      id: 'me',
      seat: 2,
      role: 'participant',
      tier: { name: 'low', fps: 10, compression: 9 },
      posesSent: 1,
      bytesSent: sender.stats.bytesSent,
      sending: {
        reason: 'people',
        framesPerPacket: 1,
        wireBps: sender.wireBps,
        skipped: 0,
        keyframes: 1,
        keyframesAsked: 0,
        reports: 2,
        worstAgeMs: 160,
        worstLostShare: 0.1,
      },
    });
  });
});

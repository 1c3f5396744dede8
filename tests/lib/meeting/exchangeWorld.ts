import type { SeatedPerson, Tier } from '@/lib/core/meeting';
import { PoseExchange, type PoseExchangeParts } from '@/lib/meeting/poseExchange';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createPose, HIPS_OFFSET, PosePart } from '@/lib/pose/pose';
import type { QualityChoice, QualitySignals } from '@/lib/quality/quality';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference, type LoopbackTransport } from '@/tests/support/loopback';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { DELTA_CODEC } from './deltaCodec';

/** Transit time of the network. */
export const WAY_MS = 20;
export const HEIGHT = 0.75;

export const still: MotionSource = {
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

export interface Member {
  readonly transport: LoopbackTransport;
  readonly exchange: PoseExchange;
  readonly policy: FollowingPolicy;
  /** Packets of poses received, by person. */
  readonly packets: Array<{ from: string | null; bytes: Uint8Array; atMs: number }>;
}

export const seats = (): SeatedPerson[] =>
  ['ann', 'bob', 'cy', 'dee'].map((id, seat) => ({ id, name: id, avatar: 'ada', seat, endpoint: null }));

const PARTS: Partial<PoseExchangeParts> = { codec: DELTA_CODEC, random: () => 0.5 };

/** People who exchange poses over a network and a time that the test controls. */
export class ExchangeWorld {
  readonly scheduler = new ManualScheduler();
  isLost: () => boolean = () => false;
  tier: Tier = TIERS.high;
  readonly members: Member[] = [];
  private readonly conference = new LoopbackConference({
    clock: this.scheduler,
    delayMs: () => {
      this.scheduler.schedule(() => this.conference.deliverDue(), WAY_MS);
      return WAY_MS;
    },
    isLost: () => this.isLost(),
  });

  /** A person who has not connected yet. */
  prepare(personId: string, changes: Partial<PoseExchangeParts> = {}): Member {
    const { scheduler } = this;
    const transport = this.conference.createEndpoint(personId);
    const policy = new FollowingPolicy();
    const exchange = new PoseExchange({ transport, scheduler, quality: policy, ...PARTS, ...changes });
    exchange.follow({ people: seats(), tier: this.tier });
    const packets: Member['packets'] = [];
    transport.events.on('packet', ({ from, bytes }) =>
      packets.push({ from: from.personId, bytes: bytes.slice(), atMs: scheduler.nowMs() }),
    );
    const member = { transport, exchange, policy, packets };
    this.members.push(member);
    return member;
  }

  async enter(personId: string, changes: Partial<PoseExchangeParts> = {}): Promise<Member> {
    const member = this.prepare(personId, changes);
    await member.transport.connect();
    member.exchange.startSending(personId, still);
    return member;
  }

  /** Height of a person's hips as a member sees it, metres; null if it sees none. */
  heightOf({ exchange }: Member, personId: string): number | null {
    const pose = createPose();
    const state = exchange.feed.sample(personId, this.scheduler.nowMs(), pose);
    return state === 'live' ? Math.round(pose.values[HIPS_OFFSET + 1]! * 1000) / 1000 : null;
  }

  /** Closes every exchange. Returns the number of timers that are left. */
  close(): number {
    for (const { exchange } of this.members) exchange.close();
    this.scheduler.runFor(1_000);
    return this.scheduler.waiting;
  }
}

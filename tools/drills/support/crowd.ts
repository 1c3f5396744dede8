import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyClient } from '@/lib/api';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { BotParticipant } from '@/tools/bot/botParticipant';
import type { Listener } from './listening';

export interface CrowdOptions {
  /** Where they join: the server, or a proxy in front of it. */
  readonly url: string;
  /** Client of the API at `url`. */
  readonly client: ParleyClient;
  readonly meetingId: string;
  readonly count: number;
  /** Prefix of their names, before a number. */
  readonly namePrefix?: string;
  readonly spreadMs?: number;
  /** What they all say, over and over; silent without. */
  readonly voice?: OpusSource;
}

/** A headless participant as a listener. */
export class CrowdMember implements Listener {
  constructor(
    readonly name: string,
    readonly bot: BotParticipant,
  ) {}

  async lastHeardMs(): Promise<ReadonlyMap<string, number>> {
    const heard = this.bot.received().filter(({ poses }) => poses > 0);
    return new Map(heard.map(({ personId, lastPoseAtMs }) => [personId, performance.timeOrigin + lastPoseAtMs]));
  }
}

/** Headless participants of one meeting. */
export class Crowd {
  private constructor(
    readonly members: readonly CrowdMember[],
    private readonly joinMs: readonly number[],
  ) {}

  /** Resolves once all have joined; they start within `spreadMs`. */
  static async join(options: CrowdOptions): Promise<Crowd> {
    const { url, meetingId, count, client, namePrefix = 'Bot', spreadMs = 0, voice } = options;
    const members = Array.from({ length: count }, (_, index) => {
      const name = `${namePrefix} ${index + 1}`;
      return new CrowdMember(name, new BotParticipant({ url, client, meetingId, name, voice, sharesClock: true }));
    });
    const joinMs = await Promise.all(
      members.map(async ({ bot }, index) => {
        await sleep((index * spreadMs) / count);
        const beganMs = performance.now();
        await bot.join();
        return performance.now() - beganMs;
      }),
    );
    return new Crowd(members, joinMs);
  }

  /** Time that each took to join, ms. */
  get tookMs(): readonly number[] {
    return this.joinMs;
  }

  get bots(): readonly BotParticipant[] {
    return this.members.map(({ bot }) => bot);
  }

  /** Packets lost between members, over all of them. */
  lost(): number {
    const ids = new Set(this.bots.map(({ personId }) => personId));
    const mutual = this.bots.flatMap((bot) => bot.received().filter(({ personId }) => ids.has(personId)));
    return mutual.reduce((sum, { lost }) => sum + lost, 0);
  }

  /** Reconnections of all members. */
  reconnects(): number {
    return this.bots.reduce((sum, bot) => sum + bot.reconnects, 0);
  }

  async leave(): Promise<void> {
    await Promise.all(this.members.map(({ bot }) => bot.leave()));
  }
}

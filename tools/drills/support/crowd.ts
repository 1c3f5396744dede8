import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyClient } from '@/lib/api';
import { BotParticipant } from '@/tools/bot/botParticipant';
import type { OtherStats } from '@/tools/bot/botStats';
import type { Listener } from './listening';

export interface CrowdOptions {
  /** Where they join: the server, or a proxy before it. */
  readonly url: string;
  /** How they reach the API there. */
  readonly client: ParleyClient;
  readonly meetingId: string;
  readonly count: number;
  /** Start of their names; a number follows. */
  readonly namePrefix?: string;
  readonly spreadMs?: number;
}

/** A headless participant, as one who hears. */
export class CrowdMember implements Listener {
  constructor(
    readonly name: string,
    readonly bot: BotParticipant,
  ) {}

  async lastHeardMs(): Promise<ReadonlyMap<string, number>> {
    const heard = this.bot.stats().others.filter(({ poses }) => poses > 0);
    return new Map(heard.map(({ personId, lastPoseAtMs }) => [personId, performance.timeOrigin + lastPoseAtMs]));
  }
}

/** Several headless participants of one meeting. */
export class Crowd {
  private constructor(
    readonly members: readonly CrowdMember[],
    private readonly joinMs: readonly number[],
  ) {}

  /** Resolves once all have joined; they begin within `spreadMs`. */
  static async join(options: CrowdOptions): Promise<Crowd> {
    const { url, meetingId, count, client, namePrefix = 'Bot', spreadMs = 0 } = options;
    const members = Array.from({ length: count }, (_, index) => {
      const name = `${namePrefix} ${index + 1}`;
      return new CrowdMember(name, new BotParticipant({ url, client, meetingId, name, sharesClock: true }));
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

  /** How long each one's way in took, ms. */
  get tookMs(): readonly number[] {
    return this.joinMs;
  }

  get bots(): readonly BotParticipant[] {
    return this.members.map(({ bot }) => bot);
  }

  /** Packets of one another that never came, over all members. */
  lost(): number {
    return this.mutual().reduce((sum, { lost }) => sum + lost, 0);
  }

  async leave(): Promise<void> {
    await Promise.all(this.members.map(({ bot }) => bot.leave()));
  }

  /** What members tell of members: only they share a clock. */
  private mutual(): OtherStats[] {
    const ids = new Set(this.bots.map((bot) => bot.stats().personId));
    return this.bots.flatMap((bot) => bot.stats().others.filter(({ personId }) => ids.has(personId)));
  }
}

import { afterEach, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import type { MeetingRole } from '@/lib/core/meeting';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { BotProcess } from './support/botProcess';

const SEES_WITHIN_MS = 300;
const JOINERS = 5;
const LOOKS_EVERY_MS = 5;

/** Of several, because a machine that does something else for a moment makes one late. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe('who comes late to a meeting through the hub', () => {
  const serverUrl = inject('parleyUrl');
  let bots: BotProcess | null = null;
  const joiners: BotParticipant[] = [];

  afterEach(async () => {
    await Promise.all(joiners.splice(0).map((joiner) => joiner.leave()));
    await bots?.end();
    bots = null;
  });

  /** Somebody on the way in, and the time from their channel's opening until they have a pose of `count` others, ms. */
  async function msUntilSeen(meetingId: string, role: MeetingRole, count: number): Promise<number> {
    const joiner = new BotParticipant({ url: serverUrl, meetingId, name: 'Late', role });
    joiners.push(joiner);
    const opened = new Promise<number>((resolve) => {
      joiner.transport.events.on('channel', ({ isOpen }) => isOpen && resolve(performance.now()));
    });
    await Promise.all([joiner.join(), opened]);
    await expect.poll(() => seenBy(joiner), { interval: LOOKS_EVERY_MS, timeout: 60_000 }).toBe(count);
    const seenMs = performance.now() - (await opened);
    await joiner.leave();
    return seenMs;
  }

  const seenBy = (joiner: BotParticipant) => joiner.stats().others.filter(({ poses }) => poses > 0).length;

  it.each([
    { tier: 'high', count: 2 },
    { tier: 'medium', count: 6 },
    { tier: 'low', count: 14 },
  ])(
    'M-12 sees everybody within 300 ms of its channel, seated or watching, with $count in the tier $tier',
    async ({ tier, count }) => {
      const { id } = await createParleyClient({ url: serverUrl }).meeting.create();
      bots = BotProcess.start(serverUrl, id, count);
      await msUntilSeen(id, 'participant', count);
      const tookMs: Record<MeetingRole, number[]> = { participant: [], spectator: [] };
      for (let joiner = 0; joiner < JOINERS; joiner += 1) {
        for (const role of ['participant', 'spectator'] as const) {
          tookMs[role].push(await msUntilSeen(id, role, count));
        }
      }
      const announced = (await createParleyClient({ url: serverUrl }).meeting.get({ id })).tier.name;
      expect(announced).toBe(tier);
      expect(median(tookMs.participant)).toBeLessThanOrEqual(SEES_WITHIN_MS);
      expect(median(tookMs.spectator)).toBeLessThanOrEqual(SEES_WITHIN_MS);
    },
  );
});

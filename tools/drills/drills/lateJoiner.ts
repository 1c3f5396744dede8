import { setTimeout as sleep } from 'node:timers/promises';
import type { MeetingRole } from '@/lib/core/meeting';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { median } from '@/tools/statistics';
import { type Drill, exactly, type Figure } from '../drill';
import type { DrillWorld } from '../support/drillWorld';

const SEEN_WITHIN_MS = 300;
const JOINERS = 5;
const POLL_MS = 5;
const WAIT_MAX_MS = 60_000;

/** People already there, so that each tier is tried once. */
const TIERS = [
  { tier: 'high', count: 2 },
  { tier: 'medium', count: 6 },
  { tier: 'low', count: 14 },
] as const;

/** Time from the opening of a newcomer's channel until it has a pose of `count` others, ms; NaN if that takes a minute. */
async function msUntilSeen(world: DrillWorld, meetingId: string, role: MeetingRole, count: number): Promise<number> {
  const joiner = new BotParticipant({ url: world.url, client: world.client, meetingId, name: 'Late', role });
  world.after(() => joiner.leave());
  const opened = new Promise<number>((resolve) => {
    joiner.attendance.events.on('connection', ({ transport }) => {
      transport.events.on('channel', ({ isOpen }) => isOpen && resolve(performance.now()));
    });
  });
  await joiner.join();
  const openedMs = await opened;
  const seen = () => joiner.received().filter(({ poses }) => poses > 0).length;
  while (seen() < count && performance.now() - openedMs < WAIT_MAX_MS) await sleep(POLL_MS);
  const tookMs = seen() < count ? Number.NaN : performance.now() - openedMs;
  await joiner.leave();
  return tookMs;
}

async function figuresOf(world: DrillWorld, { tier, count }: (typeof TIERS)[number]): Promise<Figure[]> {
  const meetingId = await world.createMeeting();
  const crowd = await world.crowd({ url: world.url, meetingId, count });
  await msUntilSeen(world, meetingId, 'participant', count);
  const figures: Figure[] = [];
  for (const role of ['participant', 'spectator'] as const) {
    const tookMs: number[] = [];
    for (let joiner = 0; joiner < JOINERS; joiner += 1) tookMs.push(await msUntilSeen(world, meetingId, role, count));
    const what = `${role} sees ${count} people, median of ${JOINERS}`;
    figures.push({ what, value: median(tookMs), unit: 'ms', atMost: SEEN_WITHIN_MS });
  }
  const announced = (await world.client.meeting.get({ id: meetingId })).tier.name;
  figures.push({ what: `tier ${tier} was announced`, value: announced === tier ? 1 : 0, unit: '', ...exactly(1) });
  await crowd.leave();
  return figures;
}

/** A newcomer sees everybody without waiting for the periodic keyframe (M-12). */
export const lateJoiner: Drill = {
  name: 'late-joiner',
  passMark: 'a newcomer has a pose of everyone <= 300 ms after its channel opens, in every tier',
  needsServer: false,
  async run(world) {
    const figures: Figure[] = [];
    for (const tier of TIERS) figures.push(...(await figuresOf(world, tier)));
    return figures;
  },
};

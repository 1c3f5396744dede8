import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { BotParticipant } from '@/tools/bot/botParticipant';
import type { BotOptions } from '@/tools/bot/botStats';
import { startBotWorld } from './botWorld';

const SOON = { timeout: 10_000, interval: 50 };

let world: Awaited<ReturnType<typeof startBotWorld>>;
const bots: BotParticipant[] = [];
beforeAll(async () => {
  world = await startBotWorld();
}, 60_000);
afterEach(async () => {
  await Promise.all(bots.splice(0).map((bot) => bot.leave()));
});
afterAll(() => world.close());

const client = () => createParleyClient({ url: world.url });

function makeBot(meetingId: string, changes: Partial<BotOptions> = {}): BotParticipant {
  const bot = new BotParticipant({ url: world.url, meetingId, name: 'Bot', sharesClock: true, ...changes });
  bots.push(bot);
  return bot;
}

describe('a bot', () => {
  it('a bot takes a seat, moves, and measures the others', async () => {
    const { id } = await client().meeting.create();
    const [ann, bob] = [makeBot(id, { name: 'Ann' }), makeBot(id, { name: 'Bob' })];
    await Promise.all([ann.join(), bob.join()]);
    // Looked at early: a sender that finds its machine busy steps down.
    await expect.poll(() => ann.stats().posesSent, SOON).toBeGreaterThan(0);
    expect(ann.stats().tier?.name).toBe('high');
    await expect.poll(() => ann.stats().others[0]?.poses ?? 0, SOON).toBeGreaterThan(30);
    await expect.poll(() => bob.stats().others[0]?.poses ?? 0, SOON).toBeGreaterThan(30);
    const { phase, seat, others } = ann.stats();
    expect({ phase, names: others.map(({ name }) => name) }).toEqual({
      phase: 'live',
      names: ['Bob'],
    });
    expect([seat, bob.stats().seat].sort()).toEqual([0, 1]);
    expect(others[0]!.lost).toBe(0);
    expect(others[0]!.poseAgeMs.p50).toBeGreaterThanOrEqual(0);
    expect(others[0]!.poseAgeMs.p50).toBeLessThan(1_000);
    expect(bob.stats().posesSent).toBeGreaterThanOrEqual(others[0]!.poses);
  });

  it('how much a bot has received is read without sorting ages, which would stall those that measure', async () => {
    const { id } = await client().meeting.create();
    const [ann, bob] = [makeBot(id, { name: 'Ann' }), makeBot(id, { name: 'Bob' })];
    await Promise.all([ann.join(), bob.join()]);
    await expect.poll(() => ann.received()[0]?.poses ?? 0, SOON).toBeGreaterThan(0);
    const sorting = vi.spyOn(Array.prototype, 'sort');
    try {
      expect(ann.received()).toMatchObject([{ personId: bob.personId, lost: 0 }]);
      expect(sorting).not.toHaveBeenCalled();
    } finally {
      sorting.mockRestore();
    }
  });

  it('a bot that leaves frees its seat', async () => {
    const { id } = await client().meeting.create();
    const bot = makeBot(id);
    await bot.join();
    expect((await client().meeting.get({ id })).people).toHaveLength(1);
    await bot.leave();
    expect(bot.stats().phase).toBe('ended');
    expect((await client().meeting.get({ id })).people).toHaveLength(0);
  });

  it('a bot that watches has no seat and sends nothing', async () => {
    const { id } = await client().meeting.create();
    const [player, watcher] = [makeBot(id), makeBot(id, { role: 'spectator' })];
    await Promise.all([player.join(), watcher.join()]);
    await expect.poll(() => watcher.stats().others[0]?.poses ?? 0, SOON).toBeGreaterThan(5);
    expect(watcher.stats()).toMatchObject({ seat: null, posesSent: 0 });
    expect((await client().meeting.get({ id })).spectators).toBe(1);
  });

  it('a bot that is refused rejects with the reason', async () => {
    const { id } = await client().meeting.create({ maxParticipants: 2 });
    await Promise.all([makeBot(id).join(), makeBot(id).join()]);
    const third = makeBot(id);
    await expect(third.join()).rejects.toMatchObject({ reason: 'full', limit: 2 });
    expect(third.stats().phase).toBe('failed');
    await expect(makeBot('nobody-made-this').join()).rejects.toMatchObject({ reason: 'notFound' });
  });

  it('a bot whose sockets are cut comes back on the same seat', async () => {
    const { id } = await client().meeting.create();
    const [ann, bob] = [makeBot(id), makeBot(id)];
    await ann.join();
    await bob.join();
    await expect.poll(() => ann.stats().others[0]?.poses ?? 0, SOON).toBeGreaterThan(5);
    bob.transport.cutChannel();
    bob.transport.cutXmpp();
    const before = ann.stats().others[0]!.poses;
    await expect.poll(() => ann.stats().others[0]!.poses, SOON).toBeGreaterThan(before + 30);
    expect(bob.stats()).toMatchObject({ phase: 'live', seat: 1 });
  });

  it('a bot ends with the meeting, and fails when its identity joins elsewhere', async () => {
    const { id, hostToken } = await client().meeting.create();
    const identity = 'the very same secret of two';
    const [first, second] = [makeBot(id, { identity }), makeBot(id, { identity })];
    await first.join();
    await second.join();
    await expect.poll(() => first.stats().phase, SOON).toBe('failed');
    expect(first.error).toMatchObject({ reason: 'replaced' });
    await client().meeting.end({ id, hostToken });
    await expect.poll(() => second.stats().phase, SOON).toBe('ended');
    expect(second.error).toBeNull();
  });
});

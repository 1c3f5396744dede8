import { expect, it } from 'vitest';
import { Retention } from '@/server/services/meetings/retention';
import { createWorld, EventReader } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function start() {
  const store = new MemoryMeetingStore();
  const world = createWorld(store);
  const retention = new Retention({ store, feeds: world.feeds, clock: world.stays, days: 30 });
  const look = (id: string) => world.meetings.get(id, world.caller());
  return { ...world, retention, look };
}

it('a meeting without people for a day ends, and its followers and the hub are told', async () => {
  const { meetings, caller, join, retention, look, clock, wall, ...world } = start();
  const { id } = await meetings.create({ id: 'our-weekly' }, caller());
  const { stayToken } = await join(id);
  await meetings.leave({ id, stayToken }, caller());
  const reader = new EventReader({ meetings, caller, join, clock, wall, ...world }, { id });
  await reader.next();
  const ended: unknown[] = [];
  meetings.events.on('ended', (event) => ended.push(event));
  const pass = (deltaMs: number) => {
    clock.advance(deltaMs);
    wall.advance(deltaMs);
    return retention.tidy();
  };
  await pass(DAY_MS);
  expect((await look(id)).endedAt).toBeNull();
  await pass(1);
  expect((await look(id)).endedAt).not.toBeNull();
  expect(ended).toEqual([{ id }]);
  expect(await reader.next()).toMatchObject({ type: 'ended' });
  expect(await reader.next()).toBeNull();
  await pass(30 * DAY_MS);
  await expect(meetings.create({ id }, caller())).rejects.toMatchObject({ reason: 'exists' });
  await pass(1);
  await expect(look(id)).rejects.toMatchObject({ reason: 'notFound' });
  expect((await meetings.create({ id }, caller())).id).toBe(id);
});

it('a meeting that was never entered is kept open as long as ended ones are remembered', async () => {
  const { create, join, retention, look, pause } = start();
  const [{ id: early }, { id: forgotten }] = [await create(), await create()];
  pause(30 * DAY_MS);
  await retention.tidy();
  expect(await look(early)).toMatchObject({ endedAt: null });
  await join(early);
  pause(1);
  await retention.tidy();
  expect(await look(early)).toMatchObject({ endedAt: null });
  expect((await look(forgotten)).endedAt).not.toBeNull();
});

it('a meeting with people in it never ends by itself', async () => {
  const { create, join, retention, look, pause, meetings } = start();
  const { id } = await create();
  await join(id);
  await meetings.sweep();
  for (let day = 0; day < 40; day += 1) {
    pause(DAY_MS);
    await meetings.sweep();
    await retention.tidy();
  }
  expect(await look(id)).toMatchObject({ endedAt: null, people: [{ name: 'Ada' }] });
});

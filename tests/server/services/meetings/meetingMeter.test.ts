import { expect, it } from 'vitest';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { createWorld } from './meetingWorld';

it('every request to join is counted by what became of it', async () => {
  const world = createWorld(new MemoryMeetingStore());
  const { id } = await world.create(2);
  await world.join(id);
  await world.join(id);
  await expect(world.join(id)).rejects.toThrow();
  await expect(world.join('no-such-meeting')).rejects.toThrow();
  await expect(world.join(id, { avatar: 'nobody' })).rejects.toThrow();
  expect(world.joins).toEqual(['ok', 'ok', 'full', 'notFound', 'badInput']);
});

it('what a client tells with a heartbeat counts only while its stay is live', async () => {
  const world = createWorld(new MemoryMeetingStore());
  const { id } = await world.create();
  const { stayToken } = await world.join(id);
  const report = { poseAgeMs: 80, poseLostShare: 0.01 };
  await world.meetings.heartbeat({ id, stayToken }, world.caller());
  await world.meetings.heartbeat({ id, stayToken, report }, world.caller());
  await expect(world.meetings.heartbeat({ id, stayToken: 'forged', report }, world.caller())).rejects.toThrow();
  await world.meetings.leave({ id, stayToken }, world.caller());
  await expect(world.meetings.heartbeat({ id, stayToken, report }, world.caller())).rejects.toThrow();
  expect(world.reports).toEqual([report]);
});

import { describe, expect, it } from 'vitest';
import { STREAM_LIMITS, StreamSlots } from '@/server/services/meetings/streamSlots';
import { createWorld, EventReader } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const onlooker = (ip: string, meetingId = 'weekly') => ({ ip, meetingId, tokenHash: null });
const staying = (ip: string, tokenHash: string) => ({ ip, meetingId: 'weekly', tokenHash });
const ignored = () => {};

describe('slots for event streams', () => {
  it('an address has a limited number of streams, however many meetings it looks at', () => {
    const slots = new StreamSlots();
    const taken = Array.from({ length: STREAM_LIMITS.onlookersPerAddress }, (_, index) =>
      slots.take(onlooker('192.0.2.1', `meeting-${index}`), ignored),
    );
    expect(() => slots.take(onlooker('192.0.2.1', 'another'), ignored)).toThrow('Too many requests');
    slots.take(onlooker('192.0.2.2', 'another'), ignored);
    taken[0]?.();
    taken[0]?.();
    slots.take(onlooker('192.0.2.1', 'another'), ignored);
    expect(() => slots.take(onlooker('192.0.2.1', 'another'), ignored)).toThrow('Too many requests');
  });

  it('addresses of one IPv6 subscriber count together', () => {
    const slots = new StreamSlots();
    for (let host = 0; host < STREAM_LIMITS.onlookersPerAddress; host += 1) {
      slots.take(onlooker(`2001:db8::${host}`, `meeting-${host}`), ignored);
    }
    expect(() => slots.take(onlooker('2001:db8::ffff', 'another'), ignored)).toThrow('Too many requests');
  });

  it('a meeting has a limited number of onlookers, and room for all of its own people', () => {
    const slots = new StreamSlots();
    for (let index = 0; index < STREAM_LIMITS.onlookersPerMeeting; index += 1) {
      slots.take(onlooker(`192.0.2.${index}`), ignored);
    }
    expect(() => slots.take(onlooker('198.51.100.1'), ignored)).toThrow('Too many requests');
    for (let person = 0; person < STREAM_LIMITS.stayingPerAddress; person += 1) {
      slots.take(staying('192.0.2.1', `stay ${person}`), ignored);
    }
    expect(() => slots.take(staying('192.0.2.1', 'one more'), ignored)).toThrow('Too many requests');
    slots.take(staying('198.51.100.1', 'one more'), ignored);
  });

  it('the newest streams of a stay are kept, and its oldest end', () => {
    const slots = new StreamSlots();
    const ended: number[] = [];
    const taken = Array.from({ length: STREAM_LIMITS.stayingPerAddress * 2 }, (_, index) =>
      slots.take(staying('192.0.2.1', 'stay'), () => ended.push(index)),
    );
    expect(ended).toEqual(taken.slice(0, -STREAM_LIMITS.perStay).map((_, index) => index));
    for (const giveBack of taken) giveBack();
    expect(slots.size).toBe(0);
  });
});

describe('event streams', () => {
  it('of nine hundred streams from one address those past the limit are refused, and its people still get theirs', async () => {
    const world = createWorld(new MemoryMeetingStore());
    const caller = { ip: '192.0.2.1', origin: 'http://site' };
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const open = async (token?: string) => {
      world.clock.advance(100);
      const events = world.meetings.watch({ id, stayToken: token }, caller);
      const first = await events.next().catch((error) => error.data);
      return { first, close: () => events.return() };
    };
    const flood = [];
    for (let stream = 0; stream < 900; stream += 1) flood.push(await open());
    const letIn = flood.filter(({ first }) => first.value?.type === 'snapshot');
    expect(letIn).toHaveLength(STREAM_LIMITS.onlookersPerAddress);
    expect(flood.at(-1)?.first).toEqual({ reason: 'tooManyRequests', retryAfterMs: 10_000 });
    const own = await open(stayToken);
    expect(own.first.value).toMatchObject({ type: 'snapshot' });
    for (const { close } of letIn) await close();
    expect((await open()).first.value).toMatchObject({ type: 'snapshot' });
  });

  it('a stream of an unknown meeting or stay takes no slot', async () => {
    const world = createWorld(new MemoryMeetingStore());
    const { id } = await world.create();
    const refused = async (input: { id: string; stayToken?: string }) => {
      await expect(new EventReader(world, input).next()).rejects.toThrow();
    };
    for (let stream = 0; stream < STREAM_LIMITS.onlookersPerMeeting; stream += 1) {
      await refused({ id: 'never-created' });
      await refused({ id, stayToken: 'guessed' });
    }
    await world.create().then((made) => world.meetings.end(made, world.caller()));
    expect(await new EventReader(world, { id }).next()).toMatchObject({ type: 'snapshot' });
  });
});

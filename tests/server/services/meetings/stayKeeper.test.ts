import { beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '@/lib/core/admission';
import { hashSecret } from '@/server/services/tokens/secrets';
import { createWorld, EventReader, START_MS } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

/** A store that can be away, and counts the heartbeats that wait for it. */
class FlakyStore extends MemoryMeetingStore {
  isAway = false;
  extensions = 0;
  private held: (() => void)[] | null = null;

  override async extendStay(...args: Parameters<MemoryMeetingStore['extendStay']>) {
    this.extensions += 1;
    const { held } = this;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    return super.extendStay(...args);
  }

  /** Answers no heartbeat until released. */
  hold(): void {
    this.held = [];
  }

  release(): void {
    for (const go of this.held?.splice(0) ?? []) go();
    this.held = null;
  }

  protected override requireOpen(): void {
    super.requireOpen();
    if (this.isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  }
}

let store: FlakyStore;
let world: ReturnType<typeof createWorld>;
let id: string;
beforeEach(async () => {
  store = new FlakyStore();
  world = createWorld(store);
  ({ id } = await world.create());
  await world.meetings.sweep();
});

const people = async () => (await world.meetings.get(id, world.caller())).people.length;
const beat = (stayToken: string) => world.meetings.heartbeat({ id, stayToken }, world.caller());

describe('a pause', () => {
  it.each([15_000, 60_000, 3_600_000])('an event loop that stalls for %i ms ends no stay', async (pauseMs) => {
    const ann = await world.join(id);
    await world.join(id, { name: 'Bo' });
    world.pause(pauseMs);
    await world.meetings.sweep();
    expect(await people()).toBe(2);
    await world.pass(14_500);
    await beat(ann.stayToken);
    await world.pass(1000);
    expect(await people()).toBe(1);
  });

  it('a heartbeat or a join that comes first after a stall finds every stay as it was', async () => {
    const ann = await world.join(id);
    await world.join(id);
    world.pause(60_000);
    await beat(ann.stayToken);
    world.pause(60_000);
    const late = await world.join(id, { name: 'Late' });
    expect(late.seat).toBe(2);
    expect(await people()).toBe(3);
  });

  it('a database that is away for a minute ends no stay, whatever asks it first when it is back', async () => {
    await world.join(id);
    store.isAway = true;
    for (let second = 0; second < 60; second += 1) {
      world.pause(1000);
      await expect(world.meetings.sweep()).rejects.toThrow('away');
    }
    store.isAway = false;
    await world.meetings.sweep();
    expect(await people()).toBe(1);
    await world.pass(15_000);
    expect(await people()).toBe(0);
  });

  it('stays that run out during a round are not judged by the time after a stall in it', async () => {
    await world.join(id);
    await world.pass(1000);
    await world.stays.round(async (nowMs) => {
      world.pause(60_000);
      expect(await store.endExpired(id, nowMs)).toEqual([]);
    });
    await world.meetings.sweep();
    expect(await people()).toBe(1);
  });

  it('a stay that had run out before a pause has ended before it', async () => {
    const ann = await world.join(id);
    await world.pass(15_000);
    world.pause(60_000);
    await expect(beat(ann.stayToken)).rejects.toMatchObject({ reason: 'tokenExpired' });
  });
});

describe('a clock that is set', () => {
  it.each([60_000, -60_000, 86_400_000, -86_400_000])(
    'a clock step of %i ms ends no stay early and keeps none too long',
    async (stepMs) => {
      const ann = await world.join(id);
      const bo = await world.join(id, { name: 'Bo' });
      await world.pass(5000);
      world.wall.advance(stepMs);
      await beat(ann.stayToken);
      await beat(bo.stayToken);
      await world.pass(5000);
      expect(await people()).toBe(2);
      expect(Math.abs(world.stays.nowMs() - (START_MS + stepMs + 10_000))).toBeLessThanOrEqual(1000);
      await beat(ann.stayToken);
      await world.pass(10_500);
      expect(await people()).toBe(1);
      await world.pass(5000);
      expect(await people()).toBe(0);
    },
  );

  it('a clock that is corrected in small steps changes nothing', async () => {
    await world.join(id);
    for (let step = 0; step < 20; step += 1) {
      world.wall.advance(-40);
      await world.pass(500);
    }
    expect(await people()).toBe(1);
    await world.pass(5000);
    expect(await people()).toBe(0);
  });
});

describe('heartbeats', () => {
  it('heartbeats of one stay do not queue up while the database is slow', async () => {
    const ann = await world.join(id);
    store.extensions = 0;
    store.hold();
    const beats = Array.from({ length: 15 }, () => beat(ann.stayToken));
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.extensions).toBe(1);
    store.release();
    await Promise.all(beats);
    await beat(ann.stayToken);
    expect(store.extensions).toBe(2);
  });

  it('a guessed token does not share the answer of a stay', async () => {
    const ann = await world.join(id);
    const answers = await Promise.allSettled([beat(ann.stayToken), beat('guessed'), beat(ann.stayToken)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('a review of those in the hub', () => {
  const presence = (stayToken: string, heardAgoMs: number): Presence => {
    return { room: id, stayId: hashSecret(stayToken), heardAgoMs };
  };

  it('stays that were left, replaced or never issued are over, and live ones are not', async () => {
    const identity = 'a secret of the client';
    const left = await world.join(id);
    const replaced = await world.join(id, { identity });
    const here = await world.join(id, { identity });
    await world.meetings.leave({ id, stayToken: left.stayToken }, world.caller());
    const tokens = [left.stayToken, replaced.stayToken, here.stayToken, 'never issued'];
    const over = await world.meetings.review(tokens.map((token) => presence(token, 0)));
    expect(over).toEqual([left.stayToken, replaced.stayToken, 'never issued'].map(hashSecret));
    expect(await world.meetings.review([])).toEqual([]);
  });

  /** Lets time pass while the hub asks about one person, whose heartbeats do not get through. */
  async function passReviewed(stayToken: string, heardAgoMs: number, deltaMs: number): Promise<void> {
    for (let leftMs = deltaMs; leftMs > 0; leftMs -= 3000) {
      await world.pass(3000);
      await world.meetings.review([presence(stayToken, heardAgoMs)]);
    }
  }

  it('a page that follows its meeting and answers the hub stays without heartbeats', async () => {
    const ann = await world.join(id);
    const reader = new EventReader(world, { id, stayToken: ann.stayToken });
    await reader.next();
    await passReviewed(ann.stayToken, 4000, 60_000);
    expect(await people()).toBe(1);
    await passReviewed(ann.stayToken, 6000, 12_000);
    expect(await people()).toBe(0);
    await expect(reader.next()).rejects.toMatchObject({ reason: 'tokenExpired' });
  });

  it('answering the hub alone, without following the meeting, keeps no stay', async () => {
    const ann = await world.join(id);
    await passReviewed(ann.stayToken, 0, 18_000);
    expect(await people()).toBe(0);
  });

  it('the seat of a closed tab is not kept longer because its connections have yet to drop', async () => {
    const ann = await world.join(id);
    const reader = new EventReader(world, { id, stayToken: ann.stayToken });
    await reader.next();
    await world.meetings.leave({ id, stayToken: ann.stayToken, closing: true }, world.caller());
    await world.meetings.review([presence(ann.stayToken, 0)]);
    await world.pass(3500);
    expect(await people()).toBe(0);
  });
});

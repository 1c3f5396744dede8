import { describe, expect, it } from 'vitest';
import { LADDER } from '@/lib/quality/tiers';
import type { SimPerson } from './simulation/person';
import { SimWorld } from './simulation/world';

const MINUTE_MS = 60_000;

const rungOf = (person: SimPerson) => LADDER.indexOf(person.choice!.tier);
const fpsOf = (person: SimPerson) => person.choice!.tier.fps;

/** When `person` first chose a tier of at most `fps` after `sinceMs`, in ms from then. */
function steppedDownAfterMs(person: SimPerson, fps: number, sinceMs: number): number {
  const change = person.changesSince(sinceMs).find(({ choice }) => choice.tier.fps <= fps);
  return change ? change.atMs - sinceMs : Number.POSITIVE_INFINITY;
}

/** Four people; after a minute of calm, the uplink of the first has carried only `capacityBps` for 30 s. */
function congested(capacityBps: number, tellsBacklog: boolean) {
  const world = new SimWorld();
  const people = world.join(4);
  const [slow, other] = people as [SimPerson, SimPerson];
  slow.tellsBacklog = tellsBacklog;
  world.run(MINUTE_MS);
  const fromMs = world.nowMs;
  slow.uplink.capacityBps = capacityBps;
  world.run(30_000);
  return { world, slow, other, fromMs };
}

describe('an uplink that carries too little', () => {
  it('Q-30 congestion seen in the channel: less within 1 s, little enough within 3 s, and no pose ever older than 2 s', () => {
    const { slow, other, fromMs } = congested(15_000, true);
    expect(slow.changesSince(fromMs)[0]!.atMs - fromMs).toBeLessThanOrEqual(1_000);
    expect(steppedDownAfterMs(slow, 5, fromMs)).toBeLessThanOrEqual(3_000);
    expect(other.viewOf(slow.index).worstAgeMs).toBeLessThan(2_000);
  });

  it('Q-31 congestion seen by the others only: less within 2 s, little enough within 4 s, and young poses at the end', () => {
    const { world, slow, other, fromMs } = congested(15_000, false);
    expect(slow.changesSince(fromMs)[0]!.atMs - fromMs).toBeLessThanOrEqual(2_000);
    expect(steppedDownAfterMs(slow, 5, fromMs)).toBeLessThanOrEqual(4_000);
    // What the channel has swallowed before must leave first: it cannot be taken back.
    expect(other.viewOf(slow.index).worstAgeMs).toBeLessThan(8_000);
    expect(other.viewOf(slow.index).ageMs(world.nowMs)).toBeLessThan(1_000);
  });

  it.each([true, false])(
    'Q-35 a recovered uplink is back at the base tier within a minute (channel seen: %s)',
    (seen) => {
      const { world, slow } = congested(15_000, seen);
      slow.uplink.capacityBps = Number.POSITIVE_INFINITY;
      world.run(MINUTE_MS);
      expect(fpsOf(slow)).toBe(30);
      world.run(10 * MINUTE_MS);
      expect(slow.changesSince(world.nowMs - 9 * MINUTE_MS)).toEqual([]);
      expect(rungOf(slow)).toBe(LADDER.length - 1);
    },
  );

  it('a sender that steps down lowers no other sender', () => {
    const { other } = congested(15_000, false);
    expect(other.changes.map(({ choice }) => choice.reason)).toEqual(['people', 'headroom']);
  });

  it('Q-35 an uplink that almost carries the base tier is tried ever more rarely, a few seconds at a time', () => {
    const world = new SimWorld();
    const [slow] = world.join(4) as [SimPerson];
    slow.uplink.capacityBps = 30_000;
    world.run(60 * MINUTE_MS);
    const tries = slow.changes.filter(({ choice }) => choice.tier.compression === 3).map(({ atMs }) => atMs);
    const last = tries.slice(-6);
    expect(tries.length).toBeLessThan(20);
    for (let k = 1; k < last.length; k += 1) expect(last[k]! - last[k - 1]!).toBeGreaterThan(4 * MINUTE_MS);
    // Between the tries it sends as much as the uplink carries.
    expect(new Set(slow.changesSince(10 * MINUTE_MS).map(({ choice }) => choice.tier.fps))).toEqual(
      new Set([20, 24, 30]),
    );
  });

  it('a Wi-Fi that stalls for 200 to 400 ms, 14 times a minute, changes nothing', () => {
    const world = new SimWorld();
    const [stalling] = world.join(4) as [SimPerson];
    let stallAtMs = 3_000;
    world.run(10 * MINUTE_MS, () => {
      if (world.nowMs < stallAtMs) return;
      stalling.uplink.stallUntil(world.nowMs + 200 + ((stallAtMs * 7919) % 201));
      stallAtMs += 4_286;
    });
    expect(stalling.changes.map(({ choice }) => choice.reason)).not.toContain('uplink');
    expect(stalling.changes.length).toBeLessThanOrEqual(2);
  });
});

describe('a path that all share', () => {
  // Ten at the base tier take 171 kbps of it, ten a rung higher 206, two rungs 248.
  it.each([200_000, 250_000])(
    'Q-33 Q-35 a shared path of %i bps is tried ever more rarely, and no one goes below the base tier for the others',
    (capacityBps) => {
      const world = new SimWorld();
      const people = world.join(10);
      world.shared.capacityBps = capacityBps;
      world.run(15 * MINUTE_MS);
      const fromMs = world.nowMs;
      world.run(15 * MINUTE_MS);
      const late = people.flatMap((person) => person.changesSince(fromMs));
      for (const { choice } of late) expect(choice.tier.fps).toBeGreaterThanOrEqual(10);
      expect(late.length / people.length).toBeLessThan(10);
      expect(late.length).toBeLessThan(people.flatMap(({ changes }) => changes).length / 2);
      const ages = people.slice(1).map((person) => person.viewOf(0).ageMs(world.nowMs)!);
      expect(Math.max(...ages)).toBeLessThan(1_000);
    },
  );
});

describe('one downlink that carries too little', () => {
  it('Q-31 one bad downlink lowers no one below the base tier, and no one goes beyond it', () => {
    const world = new SimWorld();
    const people = world.join(8);
    // Seven voices take 196 kbps of it, seven at the base tier 160 more.
    people[7]!.downlink.capacityBps = 300_000;
    world.run(20 * MINUTE_MS);
    for (const person of people.slice(0, 7)) {
      expect(person.changes.map(({ choice }) => choice.reason)).toEqual(['people']);
    }
  });

  it('Q-32 a downlink that carries the base tier holds the others at what it still carries', () => {
    const world = new SimWorld();
    const people = world.join(8);
    // All at the base tier fit, all at 30 frames a second do not.
    people[7]!.downlink.capacityBps = 196_000 + 190_000;
    world.run(20 * MINUTE_MS);
    const fromMs = world.nowMs;
    people[7]!.views.forEach((view) => {
      view.worstAgeMs = 0;
    });
    world.run(10 * MINUTE_MS);
    for (const person of people.slice(0, 7)) {
      expect(rungOf(person)).toBeGreaterThanOrEqual(2);
      expect(person.changesSince(fromMs).length).toBeLessThanOrEqual(12);
    }
    const ages = people.slice(0, 7).map((person) => people[7]!.viewOf(person.index).ageMs(world.nowMs)!);
    expect(Math.max(...ages)).toBeLessThan(1_000);
  });
});

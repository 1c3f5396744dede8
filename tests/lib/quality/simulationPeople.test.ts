import { describe, expect, it } from 'vitest';
import { SimWorld } from './simulation/world';

const MINUTE_MS = 60_000;
const DEFAULT_BPS = 1_500_000;

const inShort = (world: SimWorld) =>
  world.people.map(({ choice }) => `${choice!.tier.fps}/${choice!.tier.compression} ${choice!.reason}`);

describe('people who come and go', () => {
  it('Q-11 Q-35 two people become sixteen within a second: the base tier at once, 30 frames a second within 45 s, then no change', () => {
    const world = new SimWorld();
    world.join(2);
    world.run(MINUTE_MS);
    for (let k = 0; k < 14; k += 1) {
      world.join(1);
      world.run(70);
    }
    world.run(600);
    expect(new Set(inShort(world))).toEqual(new Set(['10/9 people']));
    world.run(45_000);
    expect(new Set(inShort(world))).toEqual(new Set(['30/3 headroom']));
    const settledMs = world.nowMs;
    world.run(4 * MINUTE_MS);
    for (const person of world.people) expect(person.changesSince(settledMs)).toEqual([]);
    expect(world.peakBps).toBeLessThanOrEqual(DEFAULT_BPS);
    for (const person of world.people.slice(1)) expect(person.viewOf(0).ageMs(world.nowMs)).toBeLessThan(250);
  });

  it('Q-11 sixteen people become two: the base tier of two at once', () => {
    const world = new SimWorld();
    world.join(16);
    world.run(5_000);
    expect(new Set(inShort(world))).toEqual(new Set(['10/9 people']));
    world.leave(14);
    world.run(1_000);
    expect(inShort(world)).toEqual(['30/3 people', '30/3 people']);
  });

  it('Q-20 every receiver stays within the budget for any number of people and any budget that fits the base tiers', () => {
    for (const bandwidthMaxBps of [700_000, 1_100_000, DEFAULT_BPS]) {
      const world = new SimWorld(bandwidthMaxBps);
      for (let count = 1; count <= 16; count += 1) {
        world.join(1);
        world.run(12_000);
      }
      world.run(MINUTE_MS);
      expect(world.peakBps).toBeLessThanOrEqual(bandwidthMaxBps);
    }
  });

  it('Q-20 Q-22 receivers stay within the budget when all move twice as much as usual, and soon again when all dance', () => {
    const world = new SimWorld();
    for (const person of world.join(16)) person.liveliness = 2;
    world.run(3 * MINUTE_MS);
    expect(new Set(inShort(world))).toEqual(new Set(['30/3 headroom']));
    expect(world.peakBps).toBeLessThanOrEqual(DEFAULT_BPS);
    for (const person of world.people) person.liveliness = 6;
    world.run(5_000);
    world.peakBps = 0;
    world.run(2 * MINUTE_MS);
    expect(world.peakBps).toBeLessThanOrEqual(DEFAULT_BPS);
  });

  it('Q-12 senders start where the operator lets them and go on from there', () => {
    const world = new SimWorld(DEFAULT_BPS, 'low');
    world.join(3);
    world.run(5_000);
    expect(inShort(world)).toEqual(Array(3).fill('10/9 operator'));
    world.run(MINUTE_MS);
    expect(new Set(inShort(world))).toEqual(new Set(['30/1 headroom']));
  });
});

describe('people who cannot be watched, or do not watch', () => {
  it('Q-34 senders stay at the base tier while no one reports and no channel shows its backlog', () => {
    const world = new SimWorld();
    for (const person of world.join(6)) {
      person.reports = false;
      person.tellsBacklog = false;
    }
    world.run(10 * MINUTE_MS);
    for (const person of world.people) expect(person.changes.length).toBe(1);
    expect(new Set(inShort(world))).toEqual(new Set(['20/6 people']));
  });

  it('Q-40 hidden senders rest and are back at once, and no one else changes', () => {
    const world = new SimWorld();
    const [away, ...others] = world.join(5);
    world.run(MINUTE_MS);
    const before = inShort(world);
    const fromMs = world.nowMs;
    for (let time = 0; time < 5; time += 1) {
      away!.isHidden = true;
      away!.reports = false;
      world.run(30_000);
      expect(inShort(world)[0]).toBe('5/9 hidden');
      away!.isHidden = false;
      away!.reports = true;
      world.run(500);
      expect(inShort(world)[0]).toBe(before[0]);
      world.run(30_000);
    }
    for (const person of others) expect(person.changesSince(fromMs)).toEqual([]);
    expect(away!.changesSince(fromMs).length).toBe(10);
  });

  it('Q-41 a slow device sends less, and no one else does', () => {
    const world = new SimWorld();
    const [slow] = world.join(4);
    world.run(MINUTE_MS);
    slow!.frameMs = 120;
    world.run(10 * MINUTE_MS);
    expect(inShort(world)).toEqual(['10/9 slowDevice', '30/1 headroom', '30/1 headroom', '30/1 headroom']);
    expect(slow!.changesSince(MINUTE_MS).length).toBe(1);
  });
});

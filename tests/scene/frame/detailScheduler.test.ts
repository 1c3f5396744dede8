import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { capsAt } from '@/scene/frame/detailCaps';
import { type Detailed, DetailScheduler } from '@/scene/frame/detailScheduler';

const TRIANGLES = [15_500, 6_400, 2_600, 1_300];
const VIEW = { heightPx: 700, fov: 40, coarseness: 1 };

const person = (z: number, isSpeaking = false, triangles: readonly number[] = TRIANGLES): Detailed => ({
  id: String(z),
  position: new Vector3(0, 0, -z),
  isShown: true,
  visible: true,
  level: 0,
  tier: 0,
  swings: false,
  model: { triangles },
  speaking: { isOn: isSpeaking },
});

function camera(): PerspectiveCamera {
  return new PerspectiveCamera(40, 1.6, 0.1, 200);
}

const crowd = (count: number) => Array.from({ length: count }, (_, i) => person(1 + i * 0.1));

const trianglesOf = (people: readonly Detailed[]) =>
  people.reduce((sum, { level, model }) => sum + model.triangles[Math.min(level, model.triangles.length - 1)]!, 0);

describe('DetailScheduler', () => {
  it('is coarser the farther somebody is', () => {
    const people = [person(2), person(6), person(20), person(60)];
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(1));
    expect(people.map(({ level }) => level)).toEqual([0, 1, 2, 3]);
  });

  it('deals out the tiers by size, wherever people are in the list', () => {
    const people = crowd(200).reverse();
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(1));
    const tiers = [...people].sort((a, b) => b.position.z - a.position.z).map(({ tier }) => tier);
    expect(tiers.slice(0, 8).every((tier) => tier === 0)).toBe(true);
    expect([...tiers].sort((a, b) => a - b)).toEqual(tiers);
  });

  it('lets the hair of the nearest eight swing, whatever else the machine has room for', () => {
    const people = crowd(30);
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(3));
    expect(people.map(({ swings }) => swings)).toEqual(people.map((_, rank) => rank < 8));
  });

  it('puts those who speak first, and those outside the picture last', () => {
    const people = crowd(200);
    const speaker = person(40, true);
    const unseen = { ...person(0.5), visible: false };
    new DetailScheduler().schedule([...people, speaker, unseen], camera(), VIEW, capsAt(1));
    expect(speaker.tier).toBe(0);
    expect(unseen.tier).toBe(3);
  });

  it('never draws more triangles than there are for all, unless everybody is at their coarsest', () => {
    const heavy = [40_000];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.5, max: 60, noNaN: true }), fc.boolean(), fc.boolean()), {
          maxLength: 220,
        }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (places, share) => {
          const caps = capsAt(share);
          const people = places.map(([z, isSpeaking, isHeavy]) => person(z, isSpeaking, isHeavy ? heavy : TRIANGLES));
          new DetailScheduler().schedule(people, camera(), VIEW, caps);
          const coarsest = people.reduce((sum, { model }) => sum + model.triangles[model.triangles.length - 1]!, 0);
          expect(trianglesOf(people)).toBeLessThanOrEqual(Math.max(caps.triangles, coarsest));
        },
      ),
    );
  });

  it('keeps 200 people within 600,000 triangles even if all of them are close', () => {
    const people = Array.from({ length: 200 }, () => person(1.5));
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(3));
    expect(trianglesOf(people)).toBeLessThan(600_000);
    expect(people.filter(({ level }) => level === 0).length).toBeGreaterThanOrEqual(8);
  });

  it('does not flicker: two of about the same size keep their tiers while they sway', () => {
    const people = crowd(9);
    const scheduler = new DetailScheduler();
    scheduler.schedule(people, camera(), VIEW, capsAt(1));
    const before = people.map(({ tier }) => tier);
    for (let frame = 0; frame < 50; frame += 1) {
      people[7]!.position.z = -1.7 - 0.1 * Math.sin(frame);
      people[8]!.position.z = -1.75 + 0.1 * Math.sin(frame);
      scheduler.schedule(people, camera(), VIEW, capsAt(1));
      expect(people.map(({ tier }) => tier)).toEqual(before);
    }
    people[8]!.position.z = -1;
    scheduler.schedule(people, camera(), VIEW, capsAt(1));
    expect(people[8]!.tier).toBe(0);
    expect(people.filter(({ tier }) => tier === 0)).toHaveLength(8);
  });

  it('settles at once: the same picture again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 60, noNaN: true }), { maxLength: 120 }), (places) => {
        const people = places.map((z) => person(z));
        const scheduler = new DetailScheduler();
        const choices = () => {
          scheduler.schedule(people, camera(), VIEW, capsAt(1));
          return people.map(({ tier, level }) => [tier, level]);
        };
        choices();
        expect(choices()).toEqual(choices());
      }),
    );
  });
});

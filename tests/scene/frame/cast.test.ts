import { describe, expect, it } from 'vitest';
import type { Participant } from '@/lib/core/meeting';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Cast } from '@/scene/frame/cast';
import { createSyntheticModel } from '../avatar/syntheticModel';

const PLACE = { x: 0, z: 0, standX: 0, standZ: 0, yawRad: 0, seatHeight: null };

/** Lets the handlers of settled promises run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A cache whose models come when the test decides, and which reports the models it has freed. */
function createShelf() {
  const asked = new Map<string, { resolve(model: AvatarModel): void; reject(error: Error): void }>();
  const freed: string[] = [];
  const load = (key: string) =>
    new Promise<AvatarModel>((resolve, reject) => {
      asked.set(key, { resolve, reject });
    });
  const cache = new AvatarCache(load, 0);
  const bring = async (key: string): Promise<AvatarModel> => {
    const model = { ...createSyntheticModel(), dispose: () => freed.push(key) };
    asked.get(key)!.resolve(model);
    await settled();
    return model;
  };
  const refuse = async (key: string) => {
    asked.get(key)!.reject(new Error('no such file'));
    await settled();
  };
  return { cache, asked, freed, bring, refuse };
}

function createCast() {
  const [whole, coarse] = [createShelf(), createShelf()];
  const errors: string[] = [];
  const cast = new Cast({
    crowd: new Crowd(),
    avatars: whole.cache,
    coarse: coarse.cache,
    standIn: createStandInModel(),
    placeOf: () => PLACE,
    onAvatarError: ({ avatar }) => errors.push(avatar),
  });
  const sit = (...people: [string, string][]) =>
    cast.setPeople(people.map(([id, avatar], seat): Participant => ({ id, avatar, name: id, seat })));
  return { cast, whole, coarse, errors, sit, wornBy: (id: string) => cast.get(id)!.model };
}

describe('Cast', () => {
  it('people wear their coarse avatar first, then the whole one, and the coarse one is freed', async () => {
    const { whole, coarse, sit, wornBy } = createCast();
    sit(['a', 'ada']);
    const early = await coarse.bring('ada');
    expect(wornBy('a')).toBe(early);
    expect(coarse.freed).toEqual([]);
    const late = await whole.bring('ada');
    expect(wornBy('a')).toBe(late);
    expect(coarse.freed).toEqual(['ada']);
  });

  it('a coarse avatar that comes late does not replace the whole one', async () => {
    const { whole, coarse, sit, wornBy } = createCast();
    sit(['a', 'ada']);
    const late = await whole.bring('ada');
    await coarse.bring('ada');
    expect(wornBy('a')).toBe(late);
    expect(coarse.freed).toEqual(['ada']);
  });

  it('no coarse avatar is acquired where the whole one has loaded', async () => {
    const { whole, coarse, sit, wornBy } = createCast();
    sit(['a', 'ada']);
    const model = await whole.bring('ada');
    coarse.asked.clear();
    sit(['a', 'ada'], ['b', 'ada']);
    await settled();
    expect(coarse.asked.size).toBe(0);
    expect(wornBy('b')).toBe(model);
  });

  it('a person keeps their coarse avatar where the whole one fails, and the error is reported', async () => {
    const { whole, coarse, errors, sit, wornBy } = createCast();
    sit(['a', 'ada']);
    const early = await coarse.bring('ada');
    await whole.refuse('ada');
    expect(wornBy('a')).toBe(early);
    expect(errors).toEqual(['ada']);
    expect(coarse.freed).toEqual([]);
    sit();
    await settled();
    expect(coarse.freed).toEqual(['ada']);
  });

  it('a person without a coarse avatar waits in the stand-in', async () => {
    const { cast, whole, coarse, errors, sit, wornBy } = createCast();
    sit(['a', 'own']);
    const standIn = wornBy('a');
    await coarse.refuse('own');
    expect(wornBy('a')).toBe(standIn);
    expect(cast.get('a')!.isShown).toBe(false);
    const model = await whole.bring('own');
    expect(wornBy('a')).toBe(model);
    expect(errors).toEqual([]);
  });

  it('an avatar that comes for a person who has left or changed is freed', async () => {
    const { whole, coarse, sit, wornBy } = createCast();
    sit(['a', 'ada'], ['b', 'bo']);
    sit(['a', 'cleo']);
    for (const shelf of [coarse, whole]) {
      await shelf.bring('ada');
      await shelf.bring('bo');
      expect([...shelf.freed].sort()).toEqual(['ada', 'bo']);
    }
    const model = await whole.bring('cleo');
    expect(wornBy('a')).toBe(model);
  });
});

import { describe, expect, it } from 'vitest';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { createSyntheticModel } from './syntheticModel';

function createCache(idleKept: number) {
  const loads: string[] = [];
  const freed: string[] = [];
  const load = async (key: string): Promise<AvatarModel> => {
    loads.push(key);
    if (key === 'broken') throw new Error('no such model');
    return { ...createSyntheticModel(), dispose: () => freed.push(key) };
  };
  return { cache: new AvatarCache(load, idleKept), loads, freed };
}

/** Lets the handlers of settled promises run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('AvatarCache', () => {
  it('a model is loaded once for everyone who wears it', async () => {
    const { cache, loads } = createCache(0);
    const [a, b] = await Promise.all([cache.acquire('ada'), cache.acquire('ada')]);
    expect(a).toBe(b);
    expect(loads).toEqual(['ada']);
  });

  it('a model is freed with its last user, not before', async () => {
    const { cache, freed } = createCache(0);
    await Promise.all([cache.acquire('ada'), cache.acquire('ada')]);
    cache.release('ada');
    await settled();
    expect(freed).toEqual([]);
    cache.release('ada');
    await settled();
    expect(freed).toEqual(['ada']);
  });

  it('the most recently used models are kept', async () => {
    const { cache, freed } = createCache(1);
    for (const key of ['ada', 'bo']) {
      await cache.acquire(key);
      cache.release(key);
    }
    await settled();
    expect(freed).toEqual(['ada']);
  });

  it('a failed load is tried again by the next acquire', async () => {
    const { cache, loads } = createCache(0);
    for (let i = 0; i < 2; i += 1) {
      await expect(cache.acquire('broken')).rejects.toThrow('no such model');
      cache.release('broken');
    }
    expect(loads).toEqual(['broken', 'broken']);
  });
});

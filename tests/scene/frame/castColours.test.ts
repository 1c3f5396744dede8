import { Texture } from 'three';
import { describe, expect, it } from 'vitest';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { type AvatarModel, createAvatarModel } from '@/scene/avatar/avatarModel';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { avatarLook, Cast } from '@/scene/frame/cast';
import { createSyntheticSource } from '../avatar/syntheticModel';
import { paletteOf, WatchedCrowd } from '../avatar/watchedCrowd';

function modelWithPalette(): AvatarModel {
  const source = createSyntheticSource();
  const map = new Texture({ width: 16, height: 1 } as ImageBitmap);
  map.name = 'palette';
  return createAvatarModel({ ...source, meshes: [{ ...source.meshes[0]!, surface: { map } }] });
}

/** A cast whose models come when the test decides. */
function createCast() {
  const loads: string[] = [];
  const arrivals = new Map<string, () => void>();
  const crowd = new WatchedCrowd();
  const avatars = new AvatarCache((key) => {
    loads.push(key);
    return new Promise((resolve) => arrivals.set(key, () => resolve(modelWithPalette())));
  });
  const placeOf = () => ({ x: 0, z: 0, yawRad: 0, standX: 0, standZ: 0, seatHeight: null });
  const cast = new Cast({ crowd, avatars, standIn: createStandInModel(), placeOf });
  const wear = (avatar: string) => cast.setPeople([{ id: 'ann', name: 'Ann', avatar, seat: 0 }]);
  const arrive = async (key: string) => {
    arrivals.get(key)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { wear, arrive, loads, worn: () => paletteOf(crowd.members[0]!) ?? [] };
}

const NONE = Array(64).fill(0);
const coloursOf = (avatar: string) => [...avatarLook(avatar).palette!];

describe('a cast in colours of its own', () => {
  it('colours come with the avatar, and new colours without loading it again', async () => {
    const { wear, arrive, loads, worn } = createCast();
    wear('ada:skin=cocoa');
    await arrive('ada');
    expect(worn()).toEqual(coloursOf('ada:skin=cocoa'));
    wear('ada:skin=cocoa,hair=white');
    expect(worn()).toEqual(coloursOf('ada:skin=cocoa,hair=white'));
    wear('ada');
    expect(worn()).toEqual(NONE);
    expect(loads).toEqual(['ada']);
  });

  it('the latest colours show where they change while the avatar loads', async () => {
    const { wear, arrive, loads, worn } = createCast();
    wear('ada:skin=cocoa');
    wear('ada:skin=rose');
    await arrive('ada');
    expect(worn()).toEqual(coloursOf('ada:skin=rose'));
    expect(loads).toEqual(['ada']);
  });

  it('colours of the next avatar are not put on the present one', async () => {
    const { wear, arrive, worn } = createCast();
    wear('bo');
    await arrive('bo');
    wear('ada:skin=cocoa');
    wear('ada:skin=ebony');
    expect(worn()).toEqual(NONE);
    await arrive('ada');
    expect(worn()).toEqual(coloursOf('ada:skin=ebony'));
  });
});

import { Texture } from 'three';
import { describe, expect, it } from 'vitest';
import { PALETTE_SLOTS, rgbOf } from '@/lib/core/avatarPalette';
import { HAIRS, SKINS } from '@/lib/core/avatarSwatches';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { type AvatarModel, createAvatarModel } from '@/scene/avatar/avatarModel';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { avatarLook, Cast } from '@/scene/frame/cast';
import { createSyntheticSource } from '../avatar/syntheticModel';
import { paletteOf, WatchedCrowd } from '../avatar/watchedCrowd';

const texel = (palette: Uint8Array, slot: (typeof PALETTE_SLOTS)[number]) => {
  const at = PALETTE_SLOTS.indexOf(slot) * 4;
  return [...palette.subarray(at, at + 4)];
};

describe('avatarLook', () => {
  it('the look of an unchanged default avatar has no palette', () => {
    expect(avatarLook('ada')).toEqual({ model: 'ada', palette: null });
  });

  it('a look colours what was chosen and keeps the avatar’s other colours', () => {
    const { model, palette } = avatarLook('ada:skin=cocoa');
    expect(model).toBe('ada');
    expect(texel(palette!, 'skin')).toEqual([...rgbOf(SKINS.cocoa.skin), 255]);
    expect(texel(palette!, 'hair')).toEqual([...rgbOf(HAIRS.copper.hair), 255]);
  });

  it('a look ignores colours that no longer exist', () => {
    expect(avatarLook('farah:clothes=tartan')).toEqual({ model: 'farah', palette: null });
    expect(avatarLook('ada:skin=cocoa,hair=green')).toEqual(avatarLook('ada:skin=cocoa'));
  });

  it('looks of one avatar name the same model for every colour', () => {
    expect(avatarLook('bo:hair=white').model).toBe(avatarLook('bo:clothes=ink').model);
  });

  it('the look of a custom avatar, or of any other text, is the text itself', () => {
    const own = `own:${'a1'.repeat(32)}`;
    expect(avatarLook(own)).toEqual({ model: own, palette: null });
    expect(avatarLook('nobody:skin=cocoa')).toEqual({ model: 'nobody:skin=cocoa', palette: null });
  });
});

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

import { DataTexture, NearestFilter, SRGBColorSpace, type Texture } from 'three';
import { PALETTE_SLOTS, type Palette, paletteTexels } from '@/lib/core/avatarPalette';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { loadAvatar } from '@/scene/avatar/loadAvatar';
import { type AvatarPage, CELL, COLUMNS } from './pageContract';
import { AVATAR_SHOTS } from './shots';
import { Studio } from './studio';

/** Pictures are drawn larger and scaled down, for finer edges that are the same everywhere. */
const OVERSAMPLING = 2;

const studio = new Studio(CELL * OVERSAMPLING);

function paletteTexture(palette: Palette): Texture {
  const texture = new DataTexture(paletteTexels(palette), PALETTE_SLOTS.length, 1);
  Object.assign(texture, { colorSpace: SRGBColorSpace, magFilter: NearestFilter, minFilter: NearestFilter });
  texture.needsUpdate = true;
  return texture;
}

function recoloured(model: AvatarModel, palette: Palette): AvatarModel {
  const map = paletteTexture(palette);
  return { ...model, meshes: model.meshes.map((mesh) => ({ ...mesh, surface: { ...mesh.surface, map } })) };
}

function createSheet(count: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: COLUMNS * CELL, height: Math.ceil(count / COLUMNS) * CELL });
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  return context;
}

const avatarPage: AvatarPage = {
  async sheet({ model: address, palette, face = {}, level = 0 }) {
    const loaded = await loadAvatar(address);
    const model = palette ? recoloured(loaded, palette) : loaded;
    const shots = AVATAR_SHOTS.map((shot) => ({ ...shot, face: { ...shot.face, ...face } }));
    const sheet = createSheet(shots.length);
    studio.draw(model, level, shots, (picture, index) => {
      const [x, y] = [(index % COLUMNS) * CELL, Math.floor(index / COLUMNS) * CELL];
      sheet.drawImage(picture, x, y, CELL, CELL);
    });
    loaded.dispose();
    return sheet.canvas.toDataURL('image/png');
  },
};

Object.assign(globalThis, { avatarPage });

import { describe, expect, it } from 'vitest';
import { AVATAR_SPECS } from '@/tools/avatars/avatarSpecs';
import { buildAvatar } from '@/tools/avatars/buildAvatar';
import type { Detail } from '@/tools/avatars/part';
import { portraitPng } from '@/tools/avatars/portrait/portrait';
import { encodeVrm } from '@/tools/avatars/vrm/encodeVrm';
import { readGlb } from './readGlb';

const COARSE: Detail = { cell: 3.5, triangles: 0.15 };

/** Meshing twice takes long on a busy machine. */
const BUILD_TIMEOUT_MS = 60_000;

describe('buildAvatar', () => {
  it(
    'an avatar is built to the same bytes each time, model and portrait, and each part is reported once, in order',
    async () => {
      const told: string[] = [];
      const first = await buildAvatar(AVATAR_SPECS.bo, COARSE, (name, done, total) =>
        told.push(`${done}/${total} ${name}`),
      );
      const second = await buildAvatar(AVATAR_SPECS.bo, COARSE);
      expect(encodeVrm(first).equals(encodeVrm(second))).toBe(true);
      expect(portraitPng(first).equals(portraitPng(second))).toBe(true);
      expect(readGlb(encodeVrm(first)).json.meshes).toHaveLength(2);
      expect(told[0]).toMatch(/^0\/\d+ top$/);
      expect(told.at(-1)).toBe(`${told.length - 1}/${told.length} head`);
    },
    BUILD_TIMEOUT_MS,
  );
});

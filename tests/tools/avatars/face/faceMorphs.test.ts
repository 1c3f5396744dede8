import { describe, expect, it } from 'vitest';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { AVATAR_SPECS } from '@/tools/avatars/avatarSpecs';
import { faceDeform, faceSurface } from '@/tools/avatars/face/faceSurface';
import { eyeShape } from '@/tools/avatars/face/lidsAndBrows';
import { mouthShape } from '@/tools/avatars/face/mouth';
import { beardDeform } from '@/tools/avatars/head/beardPart';
import { headShape } from '@/tools/avatars/head/headParts';

const { face } = AVATAR_SPECS.ada;
const bearded = headShape(AVATAR_SPECS.hari.face);
const surface = faceSurface(bearded.base);

describe('face', () => {
  it('a blink shuts the lids completely, on its own side only', () => {
    const shut = eyeShape({ eyeBlinkLeft: 1 }, 'Left', face);
    const other = eyeShape({ eyeBlinkLeft: 1 }, 'Right', face);
    for (const u of [-0.8, 0, 0.8]) expect(shut.upper(u)).toBeCloseTo(shut.lower(u), 9);
    expect(other.upper(0) - other.lower(0)).toBeGreaterThan(0.05);
  });

  it('the iris stays between the lids', () => {
    const eye = eyeShape({ eyeBlinkLeft: 0.5 }, 'Left', face);
    const [x, y] = eye.inside(0, 1);
    expect(y).toBeCloseTo(eye.upper(x / eye.halfWidth), 9);
  });

  it.each(AVATAR_KEYS)('%s: the middle of the pupil stays between the lids at the farthest glances', (key) => {
    const spec = AVATAR_SPECS[key].face;
    for (const x of ['In', 'Out'] as const)
      for (const y of ['Up', 'Down'] as const) {
        const eye = eyeShape({ [`eyeLook${x}Left`]: 1, [`eyeLook${y}Left`]: 1 }, 'Left', spec);
        const [gazeX, gazeY] = eye.gaze;
        const u = gazeX / eye.halfWidth;
        const room = Math.min(eye.upper(u) - gazeY, gazeY - eye.lower(u));
        expect(room, `${x} ${y}`).toBeGreaterThan(spec.irisRadius * 0.4);
      }
  });

  it('a beard follows the lower lip, only under it', () => {
    const open = { jawOpen: 1 };
    expect(beardDeform([0, 0.068, 0.13], open, surface)[1]).toBeLessThan(-0.015);
    expect(beardDeform([0, 0.11, 0.13], open, surface)).toEqual([0, 0, 0]);
    expect(beardDeform([0.12, 0.068, 0.03], open, surface)).toEqual([0, 0, 0]);
    expect(beardDeform([0, 0.068, 0.13], {}, surface)[1]).toBeCloseTo(0, 9);
  });

  it('a smile lifts the end of a moustache over the cheek, never into the skin', () => {
    const [x, y] = [0.044, 0.102];
    const at = surface(x, y).at[2];
    const [, up, forwards] = beardDeform([x, y, at], { mouthSmileLeft: 1 }, surface);
    expect(up).toBeGreaterThan(0.009);
    expect(bearded.base(x, y + up, at + forwards)).toBeGreaterThan(0);
    expect(beardDeform([x, y, at], { mouthSmileRight: 1 }, surface)).toEqual([0, 0, 0]);
  });

  it('the jaw drops lower lip and chin, and mouthClose brings the lips back', () => {
    const gap = (weights: Parameters<typeof mouthShape>[0]) =>
      mouthShape(weights).upper(0) - mouthShape(weights).lower(0);
    expect(gap({})).toBeCloseTo(0, 9);
    expect(gap({ jawOpen: 1 })).toBeGreaterThan(0.03);
    expect(gap({ jawOpen: 0.6, mouthClose: 1 })).toBeCloseTo(0, 9);
    expect(faceDeform([0, 0.03, 0.1], { jawOpen: 1 })[1]).toBeLessThan(-0.02);
    expect(faceDeform([0, 0.3, 0.1], { jawOpen: 1 })[1]).toBeCloseTo(0, 9);
  });

  it('a smile lifts the corner of the mouth on its own side', () => {
    const smile = mouthShape({ mouthSmileLeft: 1 });
    expect(smile.upper(1) - mouthShape({}).upper(1)).toBeGreaterThan(0.01);
    expect(smile.upper(-1)).toBeCloseTo(mouthShape({}).upper(-1), 9);
  });
});

import { describe, expect, it } from 'vitest';
import {
  fixedPicture,
  type PictureMachine,
  type PictureQuality,
  pictureLadder,
  wantsAntialias,
} from '@/scene/frame/pictureQuality';

const PHONE: PictureMachine = { isSoftware: false, devicePixelRatio: 3 };
const LAPTOP: PictureMachine = { isSoftware: false, devicePixelRatio: 1 };
const NO_GPU: PictureMachine = { isSoftware: true, devicePixelRatio: 1 };
const MACHINES = [PHONE, LAPTOP, NO_GPU];

/** Whether `a` costs no more than `b` in any respect. */
function isCheaper(a: PictureQuality, b: PictureQuality): boolean {
  return (
    a.pixelRatio <= b.pixelRatio &&
    Number(a.shadows) <= Number(b.shadows) &&
    a.lodCoarseness >= b.lodCoarseness &&
    a.audienceMost <= b.audienceMost &&
    a.frameMinMs >= b.frameMinMs
  );
}

describe('the ladder of the automatic picture', () => {
  it.each(MACHINES)('gets cheaper with every rung and never repeats one (%o)', (machine) => {
    const ladder = pictureLadder(machine);
    for (const [i, rung] of ladder.slice(1).entries()) {
      expect(isCheaper(rung, ladder[i]!)).toBe(true);
      expect(rung).not.toEqual(ladder[i]);
    }
    expect(ladder.length).toBeGreaterThanOrEqual(4);
  });

  it('gives up sharpness above 1 before the shadows, and the shadows before sharpness below 1', () => {
    const ladder = pictureLadder(PHONE);
    const first = ladder.findIndex(({ shadows }) => !shadows);
    expect(ladder[first]!.pixelRatio).toBe(1);
    expect(ladder[first - 1]!.pixelRatio).toBe(1);
    expect(ladder.at(-1)!.pixelRatio).toBeLessThan(1);
  });

  it('never draws more pixels than the display has, nor shadows on the CPU', () => {
    for (const machine of MACHINES) {
      for (const { pixelRatio, shadows } of pictureLadder(machine)) {
        expect(pixelRatio).toBeLessThanOrEqual(machine.devicePixelRatio);
        expect(shadows && machine.isSoftware).toBe(false);
      }
    }
  });

  it('leaves every second frame of a fast display to the battery', () => {
    for (const { frameMinMs } of pictureLadder(PHONE)) expect(frameMinMs).toBeCloseTo(1000 / 60);
  });
});

describe('a chosen picture', () => {
  it.each(MACHINES)('is cheaper from high to medium to low (%o)', (machine) => {
    const [low, medium, high] = (['low', 'medium', 'high'] as const).map((choice) => fixedPicture(choice, machine));
    expect(isCheaper(medium!, high!)).toBe(true);
    expect(isCheaper(low!, medium!)).toBe(true);
    expect(low).not.toEqual(medium);
    expect(medium).not.toEqual(high);
  });

  it('spares an old device: half the frames, no shadows, no smoothed edges, few in the gallery', () => {
    expect(fixedPicture('low', PHONE)).toMatchObject({ shadows: false, frameMinMs: 1000 / 30 });
    expect(fixedPicture('low', PHONE).pixelRatio).toBeLessThan(1);
    expect(fixedPicture('low', PHONE).audienceMost).toBeLessThan(20);
    expect(wantsAntialias('low', PHONE)).toBe(false);
  });

  it('smooths edges wherever a GPU can', () => {
    expect(wantsAntialias('auto', PHONE)).toBe(true);
    expect(wantsAntialias('high', NO_GPU)).toBe(false);
  });
});

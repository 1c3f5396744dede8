import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fixedPicture,
  GPU_PACE,
  nextPicture,
  type PictureLimits,
  type PictureMachine,
  type PictureQuality,
  type PictureState,
  pictureLadder,
  startPicture,
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
  it.each(MACHINES)('the ladder gets cheaper with every rung and never repeats one (%o)', (machine) => {
    const ladder = pictureLadder(machine);
    for (const [i, rung] of ladder.slice(1).entries()) {
      expect(isCheaper(rung, ladder[i]!)).toBe(true);
      expect(rung).not.toEqual(ladder[i]);
    }
    expect(ladder.length).toBeGreaterThanOrEqual(4);
  });

  it('the ladder gives up sharpness above 1 before shadows, and shadows before sharpness below 1', () => {
    const ladder = pictureLadder(PHONE);
    const first = ladder.findIndex(({ shadows }) => !shadows);
    expect(ladder[first]!.pixelRatio).toBe(1);
    expect(ladder[first - 1]!.pixelRatio).toBe(1);
    expect(ladder.at(-1)!.pixelRatio).toBeLessThan(1);
  });

  it('no rung draws more pixels than the display has, nor shadows on the CPU', () => {
    for (const machine of MACHINES) {
      for (const { pixelRatio, shadows } of pictureLadder(machine)) {
        expect(pixelRatio).toBeLessThanOrEqual(machine.devicePixelRatio);
        expect(shadows && machine.isSoftware).toBe(false);
      }
    }
  });

  it('the automatic picture skips every second frame of a fast display', () => {
    for (const { frameMinMs } of pictureLadder(PHONE)) expect(frameMinMs).toBeCloseTo(1000 / 60);
  });
});

describe('a chosen picture', () => {
  it.each(MACHINES)('a chosen picture is cheaper from high to medium to low (%o)', (machine) => {
    const [low, medium, high] = (['low', 'medium', 'high'] as const).map((choice) => fixedPicture(choice, machine));
    expect(isCheaper(medium!, high!)).toBe(true);
    expect(isCheaper(low!, medium!)).toBe(true);
    expect(low).not.toEqual(medium);
    expect(medium).not.toEqual(high);
  });

  it('the low picture has half the frames, no shadows, no smoothed edges and few in the gallery', () => {
    expect(fixedPicture('low', PHONE)).toMatchObject({ shadows: false, frameMinMs: 1000 / 30 });
    expect(fixedPicture('low', PHONE).pixelRatio).toBeLessThan(1);
    expect(fixedPicture('low', PHONE).audienceMost).toBeLessThan(20);
    expect(wantsAntialias('low', PHONE)).toBe(false);
  });

  it('edges are smoothed wherever a GPU can', () => {
    expect(wantsAntialias('auto', PHONE)).toBe(true);
    expect(wantsAntialias('high', NO_GPU)).toBe(false);
  });
});

const LIMITS: PictureLimits = { rungs: 7, ...GPU_PACE };
const LOOK_MS = 600;

function run(frameTimesMs: readonly number[], from = startPicture()): PictureState {
  return frameTimesMs.reduce((state, frameMs) => nextPicture(state, frameMs, LOOK_MS, LIMITS), from);
}

const repeat = (frameMs: number, times: number) => new Array<number>(times).fill(frameMs);

describe('adaptive quality', () => {
  it('the automatic picture starts with everything', () => {
    expect(startPicture().rung).toBe(0);
  });

  it('slow frames take the picture down a rung at a time, to the last one', () => {
    expect(run(repeat(60, 3)).rung).toBe(3);
    expect(run(repeat(60, 20)).rung).toBe(6);
  });

  it('the picture comes back slowly once frames are fast again', () => {
    const low = run(repeat(60, 20));
    expect(run(repeat(16.7, 2), low).rung).toBe(low.rung);
    expect(run(repeat(16.7, 400), low).rung).toBe(0);
  });

  it('the picture waits twice as long after a raise that was too much', () => {
    const raised = run(repeat(16.7, 8), run(repeat(60, 20)));
    expect(raised.lastChange).toBe('raised');
    expect(run([60], raised).patienceMs).toBe(raised.patienceMs * 2);
  });

  it('the picture stays as it is between slow and fast', () => {
    const state = startPicture();
    expect(nextPicture(state, 20, LOOK_MS, LIMITS)).toBe(state);
  });

  it('the picture settles on a machine that can draw just one of the rungs, whichever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), (able) => {
        let state = startPicture();
        let changes = 0;
        // Ten minutes; a rung too fine takes 40 ms a frame, the others are smooth.
        for (let look = 0; look < 1000; look += 1) {
          const next = nextPicture(state, state.rung < able ? 40 : 16.7, LOOK_MS, LIMITS);
          if (look > 100 && next.rung !== state.rung) changes += 1;
          state = next;
        }
        expect(Math.abs(state.rung - able)).toBeLessThanOrEqual(1);
        // It tries a finer rung now and then, at growing intervals, and returns at once.
        expect(changes).toBeLessThanOrEqual(24);
      }),
    );
  });

  it('the picture never leaves the ladder', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(10, 17, 20, 40, 200), { maxLength: 200 }), (times) => {
        const { rung } = run(times);
        expect(rung).toBeGreaterThanOrEqual(0);
        expect(rung).toBeLessThan(LIMITS.rungs);
      }),
    );
  });
});

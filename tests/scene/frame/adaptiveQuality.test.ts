import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GPU_PACE,
  nextPicture,
  type PictureLimits,
  type PictureState,
  startPicture,
} from '@/scene/frame/pictureQuality';

const LIMITS: PictureLimits = { rungs: 7, ...GPU_PACE };
const LOOK_MS = 600;

function run(frameTimesMs: readonly number[], from = startPicture()): PictureState {
  return frameTimesMs.reduce((state, frameMs) => nextPicture(state, frameMs, LOOK_MS, LIMITS), from);
}

const repeat = (frameMs: number, times: number) => new Array<number>(times).fill(frameMs);

describe('adaptive quality', () => {
  it('begins with everything', () => {
    expect(startPicture().rung).toBe(0);
  });

  it('goes down a rung a look while frames are slow, to the last one', () => {
    expect(run(repeat(60, 3)).rung).toBe(3);
    expect(run(repeat(60, 20)).rung).toBe(6);
  });

  it('comes back slowly once frames are fast again', () => {
    const low = run(repeat(60, 20));
    expect(run(repeat(16.7, 2), low).rung).toBe(low.rung);
    expect(run(repeat(16.7, 400), low).rung).toBe(0);
  });

  it('waits twice as long after a raise that was too much', () => {
    const raised = run(repeat(16.7, 8), run(repeat(60, 20)));
    expect(raised.lastChange).toBe('raised');
    expect(run([60], raised).patienceMs).toBe(raised.patienceMs * 2);
  });

  it('stays as it is between slow and fast', () => {
    const state = startPicture();
    expect(nextPicture(state, 20, LOOK_MS, LIMITS)).toBe(state);
  });

  it('comes to rest on a machine that can draw just one of the rungs, whichever', () => {
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
        // A try upwards now and then, each undone at once, ever more seldom.
        expect(changes).toBeLessThanOrEqual(24);
      }),
    );
  });

  it('never leaves the ladder', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(10, 17, 20, 40, 200), { maxLength: 200 }), (times) => {
        const { rung } = run(times);
        expect(rung).toBeGreaterThanOrEqual(0);
        expect(rung).toBeLessThan(LIMITS.rungs);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScreenFragment } from '@/server/recorder/rtpMedia';
import { ScreenOrder } from '@/server/recorder/screenOrder';

const fragment = (sequence: number, part: Partial<ScreenFragment> = {}): ScreenFragment => ({
  sequence: sequence & 0xffff,
  timestamp: 0,
  isFirst: true,
  isLast: true,
  startsKeyframe: false,
  isAgain: false,
  vp8: Uint8Array.of(sequence & 0xff),
  ...part,
});

function collect() {
  const taken: number[] = [];
  const order = new ScreenOrder((_timeMs, { sequence, vp8 }) => {
    expect(vp8).toEqual(Uint8Array.of(sequence & 0xff));
    taken.push(sequence);
  });
  return { taken, order };
}

describe('the order of a shared screen', () => {
  it('fragments that come late by a little are taken in their turn, also where numbers begin again', () => {
    const { taken, order } = collect();
    for (const n of [65_533, 65_535, 65_534, 65_537, 65_538, 65_536, 65_539]) order.add(0, fragment(n));
    expect(taken).toEqual([65_533, 65_534, 65_535, 0, 1, 2, 3]);
  });

  it('fragments in any order of a few are taken in order and once', () => {
    const shuffled = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 });
    fc.assert(
      fc.property(shuffled, (numbers) => {
        const { taken, order } = collect();
        for (const n of [0, ...numbers, ...numbers]) order.add(0, fragment(n));
        expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      }),
    );
  });

  it('a fragment that does not come is given up after a while, and too late is too late', () => {
    const { taken, order } = collect();
    for (const n of [0, 2, 3]) order.add(n, fragment(n));
    order.sweep(300);
    expect(taken).toEqual([0]);
    order.sweep(500);
    expect(taken).toEqual([0, 2, 3]);
    order.add(501, fragment(1));
    order.add(502, fragment(4));
    expect(taken).toEqual([0, 2, 3, 4]);
  });

  it('no more are held than a few frames', () => {
    const { taken, order } = collect();
    order.add(0, fragment(0));
    for (let n = 2; n < 100; n += 1) order.add(n, fragment(n));
    expect(taken.slice(0, 3)).toEqual([0, 2, 3]);
    expect(taken).toHaveLength(99);
  });

  it('another stream begins at once', () => {
    const { taken, order } = collect();
    for (const n of [100, 101, 30_000, 30_001]) order.add(0, fragment(n));
    expect(taken).toEqual([100, 101, 30_000, 30_001]);
  });

  it('all fragments of a keyframe are told as such', () => {
    const keys: boolean[] = [];
    const order = new ScreenOrder((_timeMs, _fragment, isKeyframe) => keys.push(isKeyframe));
    order.add(0, fragment(1, { startsKeyframe: true, isLast: false }));
    order.add(0, fragment(3, { isFirst: true }));
    order.add(0, fragment(2, { isFirst: false }));
    expect(keys).toEqual([true, true, false]);
  });
});

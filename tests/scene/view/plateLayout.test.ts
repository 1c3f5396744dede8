import { describe, expect, it } from 'vitest';
import { createScreenBox, layOutPlates, NO_PLACE, type ScreenBox } from '@/scene/view/plateLayout';

const box = (over: Partial<ScreenBox>): ScreenBox => ({
  ...createScreenBox(),
  halfWidth: 40,
  halfHeight: 13,
  isShown: true,
  ...over,
});
const nowhere = (): ScreenBox => createScreenBox();

function lay(plates: ScreenBox[], faces: ScreenBox[]): number[] {
  const lifts = new Float32Array(plates.length);
  layOutPlates(plates, faces, lifts);
  return [...lifts];
}

describe('plate layout', () => {
  it('leaves plates that cover nothing', () => {
    expect(lay([box({ x: 100, y: 100, depth: 3 }), box({ x: 300, y: 100, depth: 3 })], [nowhere(), nowhere()])).toEqual(
      [0, 0],
    );
  });

  it('lifts the farther of two plates over the nearer', () => {
    const lifts = lay([box({ x: 100, y: 100, depth: 5 }), box({ x: 110, y: 105, depth: 3 })], [nowhere(), nowhere()]);
    expect(lifts[1]).toBe(0);
    expect(100 - lifts[0]! + 13).toBeLessThan(105 - 13);
  });

  it("lifts a plate off another's face", () => {
    const face = box({ x: 100, y: 110, halfWidth: 25, halfHeight: 25, depth: 6 });
    const lifts = lay([box({ x: 100, y: 100, depth: 3 }), box({ x: 400, y: 60, depth: 6 })], [nowhere(), face]);
    expect(100 - lifts[0]! + 13).toBeLessThan(110 - 25);
  });

  it("does not mind its own face, nor who isn't shown", () => {
    const own = box({ x: 100, y: 100, depth: 3 });
    const hidden = box({ x: 100, y: 100, depth: 2, isShown: false });
    expect(lay([own, hidden], [box({ x: 100, y: 110, depth: 3 }), nowhere()])).toEqual([0, 0]);
  });

  it('gives up a plate that finds no place rather than laying it over another', () => {
    const stack = Array.from({ length: 8 }, (_, i) => box({ x: 100, y: 100, depth: 3 + i }));
    const lifts = lay(stack, stack.map(nowhere));
    expect(lifts[0]).toBe(0);
    expect(lifts).toContain(NO_PLACE);
    const shown = lifts.filter((lift) => lift !== NO_PLACE).sort((a, b) => a - b);
    for (const [i, lift] of shown.slice(1).entries()) expect(lift - shown[i]!).toBeGreaterThanOrEqual(26);
  });
});

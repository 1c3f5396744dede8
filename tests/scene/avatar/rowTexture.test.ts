import { describe, expect, it } from 'vitest';
import { createPose } from '@/lib/pose/pose';
import { TEXEL } from '@/scene/avatar/rigRow';
import { RigRows } from '@/scene/avatar/rigRows';
import { RowTexture } from '@/scene/avatar/rowTexture';
import { createSyntheticModel } from './syntheticModel';

function createRows(people: number) {
  const rows = new RigRows(createSyntheticModel().rig, true);
  const all = Array.from({ length: people }, () => rows.add());
  for (const row of all) rows.setLevel(row, 0);
  rows.solve();
  const texture = new RowTexture(rows);
  texture.update();
  return { rows, texture };
}

/** What three does once it has uploaded. */
function upload({ texture }: RowTexture): void {
  texture.clearUpdateRanges();
  texture.onUpdate?.(texture);
}

describe('RowTexture', () => {
  it('uploads only the rows that have changed, while they are few', () => {
    const { rows, texture } = createRows(32);
    upload(texture);
    const before = texture.texture.version;
    for (const row of [3, 17]) rows.setPose(row, createPose());
    rows.solve();
    expect(texture.update()).toBe(false);
    const length = rows.layout.widthTexels * TEXEL;
    expect(texture.texture.version).toBeGreaterThan(before);
    expect(texture.texture.updateRanges).toEqual([3, 17].map((row) => ({ start: row * length, count: length })));
  });

  it('uploads all at once where most have changed', () => {
    const { rows, texture } = createRows(32);
    upload(texture);
    for (let row = 0; row < 32; row += 1) rows.setPose(row, createPose());
    rows.solve();
    texture.update();
    expect(texture.texture.updateRanges).toEqual([]);
  });

  it('uploads nothing where nothing has changed', () => {
    const { rows, texture } = createRows(32);
    upload(texture);
    const before = texture.texture.version;
    rows.solve();
    texture.update();
    expect(texture.texture.version).toBe(before);
  });

  it('forgets no row where a frame was not drawn', () => {
    const { rows, texture } = createRows(32);
    upload(texture);
    for (const row of [3, 4]) {
      rows.setPose(row, createPose());
      rows.solve();
      texture.update();
    }
    expect(texture.texture.updateRanges).toEqual([]);
  });

  it('is another texture once the rows have grown', () => {
    const { rows, texture } = createRows(4);
    const before = texture.texture;
    rows.add();
    expect(texture.update()).toBe(true);
    expect(texture.texture).not.toBe(before);
    expect(texture.texture.image.height).toBe(8);
  });
});

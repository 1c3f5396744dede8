import type { DataTexture } from 'three';
import { describe, expect, it } from 'vitest';
import { createPose } from '@/lib/pose/pose';
import { RigRows } from '@/scene/avatar/rigRows';
import { NO_WRITER, RowTexture } from '@/scene/avatar/rowTexture';
import { createSyntheticModel } from './syntheticModel';

/** Records its calls as [first row, rows]; `isThere`: whether the texture is on the GPU. */
class NotingWriter {
  isThere = true;
  written: [number, number][] = [];

  write(_texture: DataTexture, firstRow: number, rowCount: number): boolean {
    if (this.isThere) this.written.push([firstRow, rowCount]);
    return this.isThere;
  }
}

function createRows(people: number) {
  const rows = new RigRows(createSyntheticModel().rig, true);
  const all = Array.from({ length: people }, () => rows.add());
  for (const row of all) rows.setLevel(row, 0);
  rows.solve();
  const texture = new RowTexture(rows);
  texture.update(NO_WRITER);
  return { rows, texture, writer: new NotingWriter() };
}

function move(rows: RigRows, moved: readonly number[]): void {
  for (const row of moved) rows.setPose(row, createPose());
  rows.solve();
}

/** Does what three does after an upload. */
function drawn({ texture }: RowTexture): void {
  texture.onUpdate?.(texture);
}

describe('RowTexture', () => {
  it('a row texture writes only changed rows, neighbours in one call, and not the whole', () => {
    const { rows, texture, writer } = createRows(32);
    drawn(texture);
    const before = texture.texture.version;
    move(rows, [3, 4, 17, 19, 30]);
    expect(texture.update(writer)).toBe(false);
    expect(writer.written).toEqual([
      [3, 2],
      [17, 3],
      [30, 1],
    ]);
    expect(texture.texture.version).toBe(before);
  });

  it('a row texture writes nothing when no row has changed', () => {
    const { rows, texture, writer } = createRows(32);
    drawn(texture);
    rows.solve();
    texture.update(writer);
    expect(writer.written).toEqual([]);
  });

  it('a row texture leaves rows to three until the first upload of the whole', () => {
    const { rows, texture, writer } = createRows(32);
    move(rows, [3]);
    texture.update(writer);
    expect(writer.written).toEqual([]);
    drawn(texture);
    texture.update(writer);
    expect(writer.written).toEqual([]);
  });

  it('a row texture uploads the whole once more after the GPU has lost it', () => {
    const { rows, texture, writer } = createRows(32);
    drawn(texture);
    const before = texture.texture.version;
    writer.isThere = false;
    for (const row of [3, 20]) {
      move(rows, [row]);
      texture.update(writer);
    }
    expect(texture.texture.version).toBe(before + 1);
    writer.isThere = true;
    drawn(texture);
    move(rows, [5]);
    texture.update(writer);
    expect(writer.written).toEqual([[5, 1]]);
  });

  it('a row texture is replaced when the rows grow', () => {
    const { rows, texture, writer } = createRows(4);
    const before = texture.texture;
    rows.add();
    expect(texture.update(writer)).toBe(true);
    expect(texture.texture).not.toBe(before);
    expect(texture.texture.image.height).toBe(8);
  });
});

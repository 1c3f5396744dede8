import { DataTexture, FloatType, RGBAFormat } from 'three';
import { TEXEL } from './rigRow';
import type { RigRows } from './rigRows';

interface UpdateRange {
  start: number;
  count: number;
}

/** Where more than this share of the rows has changed, one upload of all is cheaper than one a row. */
const WHOLE_ABOVE = 1 / 8;

/** The rig texture of a model's people: uploads the rows that have changed. Allocates nothing but when it grows. */
export class RowTexture {
  private textureNow: DataTexture;
  /** One a row, used again every frame: three only reads them. */
  private ranges: UpdateRange[] = [];
  /** Whether what was marked last still waits for a frame that draws it. */
  private isWaiting = true;

  constructor(private readonly rows: RigRows) {
    this.textureNow = this.create();
  }

  get texture(): DataTexture {
    return this.textureNow;
  }

  /** Marks what has changed for upload. True where the texture itself is another: the rows have grown. */
  update(): boolean {
    if (this.textureNow.image.data !== this.rows.data) {
      this.textureNow.dispose();
      this.textureNow = this.create();
      return true;
    }
    this.markChanged();
    return false;
  }

  dispose(): void {
    this.textureNow.dispose();
  }

  private create(): DataTexture {
    const { data, layout, capacity, changed } = this.rows;
    const count = layout.widthTexels * TEXEL;
    this.ranges = Array.from({ length: capacity }, (_, row) => ({ start: row * count, count }));
    const texture = new DataTexture(data, layout.widthTexels, capacity, RGBAFormat, FloatType);
    texture.onUpdate = () => {
      this.isWaiting = false;
    };
    texture.needsUpdate = true;
    this.isWaiting = true;
    changed.fill(0);
    return texture;
  }

  private markChanged(): void {
    const { changed } = this.rows;
    let count = 0;
    for (let row = 0; row < changed.length; row += 1) count += changed[row]!;
    if (count === 0) return;
    const { updateRanges } = this.textureNow;
    const isWhole = this.isWaiting || count > changed.length * WHOLE_ABOVE;
    updateRanges.length = 0;
    for (let row = 0; row < changed.length; row += 1) {
      if (changed[row] === 1 && !isWhole) updateRanges.push(this.ranges[row]!);
      changed[row] = 0;
    }
    this.textureNow.needsUpdate = true;
    this.isWaiting = true;
  }
}

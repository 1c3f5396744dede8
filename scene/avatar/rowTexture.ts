import { DataTexture, FloatType, RGBAFormat } from 'three';
import type { RigRows } from './rigRows';
import type { RowWriter } from './rowWriter';

/** Rows between two changed ones that are sent along, since another call would cost more than they do. */
const GAP_SENT = 2;

/** The rig texture of a model's people: uploads the rows that have changed. Allocates nothing but when it grows. */
export class RowTexture {
  private textureNow: DataTexture;
  /** Whether the whole still waits for a frame that draws it. */
  private isWaiting = true;

  constructor(private readonly rows: RigRows) {
    this.textureNow = this.create();
  }

  get texture(): DataTexture {
    return this.textureNow;
  }

  /** Uploads what has changed. True where the texture itself is another: the rows have grown. */
  update(writer: RowWriter): boolean {
    if (this.textureNow.image.data !== this.rows.data) {
      this.textureNow.dispose();
      this.textureNow = this.create();
      return true;
    }
    // What waits to be uploaded whole takes along what has changed since.
    if (this.isWaiting) this.rows.changed.fill(0);
    else this.writeChanged(writer);
    return false;
  }

  dispose(): void {
    this.textureNow.dispose();
  }

  private create(): DataTexture {
    const { data, layout, capacity, changed } = this.rows;
    const texture = new DataTexture(data, layout.widthTexels, capacity, RGBAFormat, FloatType);
    texture.onUpdate = () => {
      this.isWaiting = false;
    };
    texture.needsUpdate = true;
    this.isWaiting = true;
    changed.fill(0);
    return texture;
  }

  private writeChanged(writer: RowWriter): void {
    const { changed } = this.rows;
    let first = -1;
    let last = -1;
    for (let row = 0; row < changed.length; row += 1) {
      if (changed[row] === 0) continue;
      changed[row] = 0;
      if (first >= 0 && row - last > GAP_SENT + 1) {
        this.write(writer, first, last);
        first = -1;
      }
      if (first < 0) first = row;
      last = row;
    }
    if (first >= 0) this.write(writer, first, last);
  }

  private write(writer: RowWriter, first: number, last: number): void {
    if (this.isWaiting || writer.write(this.textureNow, first, last - first + 1)) return;
    // Its context was lost: three uploads all of it once it draws again.
    this.textureNow.needsUpdate = true;
    this.isWaiting = true;
  }
}

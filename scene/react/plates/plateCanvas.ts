import { PLATE_HEIGHT, type PlateAtlas } from './plateAtlas';

/** Room around a plate for its ring of speaking, CSS pixels. */
const MARGIN = 9;
/** More device pixels than this nobody reads a name by. */
const RATIO_MAX = 3;
/** A change of opacity or loudness smaller than one of so many steps is not drawn. */
const STEPS = 24;
/** Of a plate as drawn: left, top, width (device pixels), opacity, ring, loudness (steps), row. */
const FIELDS = 7;

const RING = 'rgb(255, 173, 122)';
const KEYLINE = 'rgba(36, 31, 28, 0.84)';
const GLOW = 'rgba(255, 173, 122, 0.16)';

/**
 * Name plates over the scene, in the display's own pixels however coarsely the scene is drawn: a name has to be sharp
 * most where the machine is slowest. Draws only where something has changed.
 */
export class PlateCanvas {
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private readonly wanted: Float32Array;
  private readonly drawn: Float32Array;
  private count = 0;
  private drawnCount = 0;
  private drawnVersion = -1;
  private ratio = 1;

  constructor(
    most: number,
    private readonly atlas: PlateAtlas,
    scene: HTMLCanvasElement,
  ) {
    this.wanted = new Float32Array(most * FIELDS);
    this.drawn = new Float32Array(most * FIELDS);
    this.context = this.canvas.getContext('2d')!;
    this.canvas.setAttribute('aria-hidden', 'true');
    Object.assign(this.canvas.style, {
      position: 'absolute',
      inset: '0',
      width: '100%',
      height: '100%',
      pointerEvents: 'none',
    });
    scene.after(this.canvas);
  }

  /** Begins a picture of so many CSS pixels. */
  begin(width: number, height: number): void {
    this.count = 0;
    const ratio = Math.min(RATIO_MAX, window.devicePixelRatio || 1);
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (ratio === this.ratio && wide === this.canvas.width && high === this.canvas.height) return;
    this.ratio = ratio;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.atlas.setRatio(ratio);
    this.drawnCount = 0;
    this.drawnVersion = -1;
  }

  /**
   * Adds the plate of `row` with its middle at `x`, `y` (CSS pixels). `ring`: how far its mark of speaking is there,
   * `level`: how loud it looks, 0 to 1 each.
   */
  add(row: number, x: number, y: number, opacity: number, ring: number, level: number): void {
    if (opacity * STEPS < 1) return;
    const { wanted, ratio } = this;
    const at = this.count * FIELDS;
    const width = this.atlas.widthOf(row);
    wanted[at] = Math.round((x - width / 2) * ratio);
    wanted[at + 1] = Math.round((y - PLATE_HEIGHT / 2) * ratio);
    wanted[at + 2] = Math.round(width * ratio);
    wanted[at + 3] = Math.round(opacity * STEPS);
    wanted[at + 4] = Math.round(ring * STEPS);
    wanted[at + 5] = Math.round(level * STEPS);
    wanted[at + 6] = row;
    this.count += 1;
  }

  /** Shows what has been added since {@link begin}. */
  end(): void {
    if (this.isDrawn()) return;
    const margin = Math.ceil(MARGIN * this.ratio);
    const height = this.heightPx;
    for (let i = 0; i < this.drawnCount; i += 1) {
      const at = i * FIELDS;
      const { drawn } = this;
      this.context.clearRect(
        drawn[at]! - margin,
        drawn[at + 1]! - margin,
        drawn[at + 2]! + 2 * margin,
        height + 2 * margin,
      );
    }
    // What was nearest comes last.
    for (let i = this.count - 1; i >= 0; i -= 1) this.draw(i * FIELDS);
    this.drawn.set(this.wanted);
    this.drawnCount = this.count;
    this.drawnVersion = this.atlas.version;
  }

  dispose(): void {
    this.canvas.remove();
  }

  private get heightPx(): number {
    return Math.round(PLATE_HEIGHT * this.ratio);
  }

  private isDrawn(): boolean {
    if (this.count !== this.drawnCount || this.drawnVersion !== this.atlas.version) return false;
    for (let i = 0; i < this.count * FIELDS; i += 1) if (this.wanted[i] !== this.drawn[i]) return false;
    return true;
  }

  private draw(at: number): void {
    const { context, wanted, atlas, heightPx } = this;
    const [x, y, width] = [wanted[at]!, wanted[at + 1]!, wanted[at + 2]!];
    context.globalAlpha = wanted[at + 3]! / STEPS;
    if (wanted[at + 4]! > 0) this.drawRing(x, y, width, wanted[at + 4]! / STEPS, wanted[at + 5]! / STEPS);
    context.drawImage(atlas.canvas, 0, atlas.topOf(wanted[at + 6]!), width, heightPx, x, y, width, heightPx);
  }

  /**
   * Round the plate while its person speaks: a light ring that swells with the voice, set off by a dark keyline so that it
   * is as legible before a bright wall as before a dark one, and a breath of its colour beyond.
   */
  private drawRing(x: number, y: number, width: number, shown: number, level: number): void {
    const { context, ratio } = this;
    const alpha = context.globalAlpha;
    const ring = 1.6 + 1.8 * level;
    context.globalAlpha = alpha * shown;
    this.pill(x, y, width, (ring + 1.6 + 3 * level) * ratio, GLOW);
    this.pill(x, y, width, (ring + 1.6) * ratio, KEYLINE);
    this.pill(x, y, width, ring * ratio, RING);
    context.globalAlpha = alpha;
    // The plate's own ground is not quite opaque: the ring is not to shine through it.
    context.globalCompositeOperation = 'destination-out';
    this.pill(x, y, width, -0.5 * ratio, '#000');
    context.globalCompositeOperation = 'source-over';
  }

  private pill(x: number, y: number, width: number, grow: number, color: string): void {
    const { context, heightPx } = this;
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(x - grow, y - grow, width + 2 * grow, heightPx + 2 * grow, heightPx / 2 + grow);
    context.fill();
  }
}

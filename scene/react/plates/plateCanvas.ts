import { PLATE_HEIGHT, type PlateAtlas } from './plateAtlas';

/** Space around a plate for its speaking ring, CSS pixels. */
const MARGIN = 9;
/** A name looks no sharper with more device pixels per CSS pixel than this. */
const RATIO_MAX = 3;
/** Opacity and loudness change in this many steps; smaller changes are not drawn. */
const STEPS = 24;
/** Of a plate as drawn: left, top, width (device pixels), opacity, ring, loudness (steps), row. */
const FIELDS = 7;

const RING = 'rgb(255, 173, 122)';
const KEYLINE = 'rgba(36, 31, 28, 0.84)';
const GLOW = 'rgba(255, 173, 122, 0.16)';

/**
 * Name plates over the scene, in the display's own pixels however coarsely the scene is drawn: names must be sharp
 * above all on the slowest machines. Draws only what changed.
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

  /** Begins a picture of this size, CSS pixels. */
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
   * Adds the plate of `row` with its middle at `x`, `y` (CSS pixels). `ring`: how far the speaking ring has appeared,
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
    // The nearest is drawn last.
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
   * The ring around a speaker's plate: it swells with the voice, has a dark keyline so that it shows on bright and dark
   * walls alike, and a faint glow around it.
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
    // The plate's ground is not quite opaque: the ring must not shine through it.
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

/** What one plate says. */
export interface PlateText {
  readonly name: string;
  /** Follows the local participant's name; empty for others. */
  readonly you: string;
  /** Follows the name while the person is away, reconnecting or not heard; empty otherwise. */
  readonly state: string;
  /** Drawn in front of the name: a screen, on the caption of a shared screen. */
  readonly mark?: 'screen';
}

/** Height and greatest width of a plate, CSS pixels. */
export const PLATE_HEIGHT = 26;
const PLATE_WIDTH_MAX = 240;
/** Distance from row to row, CSS pixels. */
const ROW = PLATE_HEIGHT + 2;

const PADDING = 11;
const GAP = 6;
const MARK_WIDTH = 13;
const NAME_STYLE = '600 13px';
const NOTE_STYLE = '500 11.5px';

const GROUND = 'rgba(36, 31, 28, 0.84)';
const PAPER = '#fbf4ea';
const MUTED = '#c9bcac';
const PERSIMMON = '#ff9466';
const AMBER = '#f3c065';

/** Shortens `text` to at most `width` with an ellipsis, by whole characters. */
export function shorten(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && measure(`${letters.join('').trimEnd()}…`) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/**
 * All name plates in one picture, a row each, in the display's own pixels. A row is drawn again only if its text
 * changes.
 */
export class PlateAtlas {
  readonly canvas = document.createElement('canvas');
  /** Counts drawings, so that others can tell whether anything changed. */
  version = 0;
  private readonly context: CanvasRenderingContext2D;
  private readonly texts: (PlateText | null)[];
  private readonly widths: Float32Array;
  private readonly nameFont: string;
  private readonly noteFont: string;
  private ratio = 0;

  constructor(private readonly rows: number) {
    this.texts = new Array<PlateText | null>(rows).fill(null);
    this.widths = new Float32Array(rows);
    this.context = this.canvas.getContext('2d')!;
    // The page knows under which names its fonts were built.
    const family = getComputedStyle(document.body).fontFamily || 'sans-serif';
    this.nameFont = `${NAME_STYLE} ${family}`;
    this.noteFont = `${NOTE_STYLE} ${family}`;
    this.setRatio(1);
  }

  /** Device pixels per CSS pixel of the display. */
  setRatio(ratio: number): void {
    if (ratio === this.ratio) return;
    this.ratio = ratio;
    this.canvas.width = Math.ceil(PLATE_WIDTH_MAX * ratio);
    this.canvas.height = Math.ceil(this.rows * ROW * ratio);
    this.redraw();
  }

  /** Width of a plate, CSS pixels. */
  widthOf(row: number): number {
    return this.widths[row]!;
  }

  /** Upper edge of a row in the picture, device pixels. */
  topOf(row: number): number {
    return Math.round(row * ROW * this.ratio);
  }

  /** Sets a plate's text, and draws it if that is new. */
  set(row: number, text: PlateText): void {
    const before = this.texts[row];
    if (before && before.name === text.name && before.you === text.you && before.state === text.state) return;
    const shown = { ...text };
    this.texts[row] = shown;
    this.draw(row, shown);
    void this.drawOnceLoaded(row, shown);
  }

  /** A picture is no page: it stays in the font that was there when it was drawn. */
  private async drawOnceLoaded(row: number, text: PlateText): Promise<void> {
    const fonts = await document.fonts?.load(this.nameFont, `${text.name}${text.you}${text.state}`).catch(() => null);
    if (fonts?.length && this.texts[row] === text) this.draw(row, text);
  }

  private redraw(): void {
    this.texts.forEach((text, row) => {
      if (text) this.draw(row, text);
    });
  }

  private draw(row: number, text: PlateText): void {
    const { context, ratio } = this;
    const top = this.topOf(row);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, top, this.canvas.width, this.topOf(row + 1) - top);
    context.setTransform(ratio, 0, 0, ratio, 0, top);
    const note = text.state || text.you;
    const noteWidth = note ? this.measure(note, this.noteFont) + GAP : 0;
    const left = PADDING + (text.mark ? MARK_WIDTH + GAP : 0);
    const room = PLATE_WIDTH_MAX - left - PADDING - noteWidth;
    const name = shorten(text.name, room, (candidate) => this.measure(candidate, this.nameFont));
    const nameWidth = this.measure(name, this.nameFont);
    const width = Math.ceil(left + nameWidth + noteWidth + PADDING);
    this.widths[row] = width;
    this.drawPill(width);
    if (text.mark) this.drawScreenMark();
    this.write(name, left, this.nameFont, text.state ? MUTED : PAPER);
    if (note) this.write(note, left + nameWidth + GAP, this.noteFont, text.state ? AMBER : PERSIMMON);
    this.version += 1;
  }

  private drawPill(width: number): void {
    this.context.fillStyle = GROUND;
    this.context.beginPath();
    this.context.roundRect(0.5, 0.5, width - 1, PLATE_HEIGHT - 1, (PLATE_HEIGHT - 1) / 2);
    this.context.fill();
  }

  private drawScreenMark(): void {
    const middle = PLATE_HEIGHT / 2;
    this.context.strokeStyle = PERSIMMON;
    this.context.lineWidth = 1.5;
    this.context.beginPath();
    this.context.roundRect(PADDING, middle - 5.25, MARK_WIDTH, 8.5, 1.5);
    this.context.moveTo(PADDING + 3.5, middle + 5.75);
    this.context.lineTo(PADDING + MARK_WIDTH - 3.5, middle + 5.75);
    this.context.stroke();
  }

  private write(text: string, x: number, font: string, color: string): void {
    this.context.font = font;
    this.context.fillStyle = color;
    this.context.textBaseline = 'middle';
    this.context.fillText(text, x, PLATE_HEIGHT / 2 + 0.5);
  }

  private measure(text: string, font: string): number {
    this.context.font = font;
    return this.context.measureText(text).width;
  }
}

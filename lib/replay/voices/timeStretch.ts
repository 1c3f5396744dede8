/** Samples of one piece that is laid over the one before, at 48 kHz: 40 ms, longer than the slowest vibration of a voice. */
const PIECE = 1920;
/** Pieces overlap by half. */
const HOP = PIECE / 2;
/** How far the best fit is looked for, samples before and behind: 10 ms, half a vibration of the deepest voice. */
const REACH = 480;
/** Every so many samples are compared: a voice has little above 6 kHz that matters for the fit. */
const STRIDE = 4;

const FADE = Float32Array.from({ length: HOP }, (_, k) => 0.5 - 0.5 * Math.cos((Math.PI * (k + 0.5)) / HOP));

/**
 * Changes how fast a voice speaks and keeps its pitch: overlapping pieces are taken from the input further apart or closer together than
 * they are laid down, each where it fits best to the end of the one before (WSOLA: Verhelst and Roelands, ICASSP 1993). Mono, 48 kHz.
 */
export class TimeStretch {
  private input = new Float32Array(0);
  /** Where the next piece is looked for, samples from the start of `input`. */
  private next = 0;
  /** Where the last piece would go on in `input`; -1 before the first. */
  private natural = -1;
  private readonly tail = new Float32Array(HOP);

  /** `rate`: above 1 is faster. */
  constructor(private readonly rate: number) {}

  /** Takes samples and returns those that are ready: `rate` times fewer, less what is kept back. */
  push(samples: Float32Array): Float32Array {
    this.append(samples);
    const out: Float32Array[] = [];
    while (this.next + PIECE + REACH <= this.input.length && this.natural + PIECE <= this.input.length) {
      out.push(this.layPiece());
    }
    this.drop();
    return concat(out);
  }

  private layPiece(): Float32Array {
    const at = this.natural < 0 ? this.next : this.bestFit();
    const out = new Float32Array(HOP);
    for (let k = 0; k < HOP; k += 1) {
      out[k] = this.natural < 0 ? this.input[at + k]! : this.tail[k]! + this.input[at + k]! * FADE[k]!;
    }
    for (let k = 0; k < HOP; k += 1) this.tail[k] = this.input[at + HOP + k]! * FADE[HOP - 1 - k]!;
    this.natural = at + HOP;
    this.next += Math.round(HOP * this.rate);
    return out;
  }

  /** The place near `next` whose samples are most like those that would follow the last piece. */
  private bestFit(): number {
    let best = this.next;
    let most = Number.NEGATIVE_INFINITY;
    const from = Math.max(0, this.next - REACH);
    for (let at = from; at <= this.next + REACH; at += STRIDE) {
      const likeness = this.likeness(at);
      if (likeness <= most) continue;
      most = likeness;
      best = at;
    }
    return best;
  }

  private likeness(at: number): number {
    const { input, natural } = this;
    let product = 0;
    let energy = 1e-9;
    for (let k = 0; k < HOP; k += STRIDE) {
      const sample = input[at + k]!;
      product += sample * input[natural + k]!;
      energy += sample * sample;
    }
    return product / Math.sqrt(energy);
  }

  private append(samples: Float32Array): void {
    const input = new Float32Array(this.input.length + samples.length);
    input.set(this.input);
    input.set(samples, this.input.length);
    this.input = input;
  }

  /** Forgets the input that no piece reaches any more. */
  private drop(): void {
    const done = Math.max(0, Math.min(this.next - REACH, this.natural < 0 ? this.next : this.natural));
    if (done === 0) return;
    this.input = this.input.slice(done);
    this.next -= done;
    if (this.natural >= 0) this.natural -= done;
  }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.length * HOP);
  for (const [k, part] of parts.entries()) whole.set(part, k * HOP);
  return whole;
}

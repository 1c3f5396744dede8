import type { NumberArray } from '@/lib/pose/quat';
import { JitterMeter } from './jitterMeter';

const P = { min: Number(process.env.MIN ?? 0.7), beta: Number(process.env.BETA ?? 20), sc: Number(process.env.SC ?? 3), ref: Number(process.env.REF ?? 0.0025), k: Number(process.env.K ?? 4), tr: Number(process.env.TR ?? 0), maxc: Number(process.env.MAXC ?? 60) };
function takeOver(cutoffHz: number, seconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * seconds));
}
export class PointFilter {
  readonly values: Float64Array;
  private readonly speeds: Float64Array;
  private isEmpty = true;
  readonly jitter: JitterMeter;
  constructor(private readonly groups: number, private readonly size: number, private readonly scale = 1) {
    this.values = new Float64Array(groups * size);
    this.speeds = new Float64Array(groups * size);
    this.jitter = new JitterMeter(groups, size);
  }
  get isFresh(): boolean { return this.isEmpty; }
  forget(): void { this.isEmpty = true; this.jitter.forget(); }
  advance(raw: NumberArray, elapsedMs: number): void {
    if (this.isEmpty) { this.values.set(raw); this.speeds.fill(0); this.isEmpty = false; this.jitter.advance(raw, 1/30); return; }
    if (!(elapsedMs > 0)) return;
    this.jitter.advance(raw, elapsedMs / 1000);
    for (let group = 0; group < this.groups; group += 1) this.advanceGroup(raw, group, elapsedMs / 1000);
  }
  private advanceGroup(raw: NumberArray, group: number, seconds: number): void {
    const { values, speeds, size } = this;
    const start = group * size;
    const sigma = Math.max(1e-5, this.jitter.deviations[group]!) / this.scale;
    const speedShare = takeOver(P.sc, seconds);
    let squared = 0;
    for (let at = start; at < start + size; at += 1) {
      speeds[at] = speeds[at]! + speedShare * ((raw[at]! - values[at]!) / seconds - speeds[at]!);
      squared += speeds[at]! * speeds[at]!;
    }
    squared /= this.scale * this.scale;
    const noise = P.k * sigma / seconds * Math.sqrt(speedShare / (2 - speedShare));
    const s = Math.sqrt(Math.max(0, squared - noise * noise));
    const q = Math.min(16, Math.max(1, P.ref / sigma) ** 2); const min = P.min * q;
    const cutoff = min + P.beta * q * s;
    const share = takeOver(cutoff, seconds);
    for (let at = start; at < start + size; at += 1) values[at] = values[at]! + share * (raw[at]! - values[at]!);
  }
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(Math.max(value, low), high);
}

/** Hermite step from 0 at `from` to 1 at `to`; `from > to` steps down. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** Cubic smooth minimum over a band of width `k` (Quilez, "smooth minimum"): C2 where the shapes meet. */
export function smoothMin(a: number, b: number, k: number): number {
  if (k <= 0) return Math.min(a, b);
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - (h * h * h * k) / 6;
}

export function smoothMax(a: number, b: number, k: number): number {
  return -smoothMin(-a, -b, k);
}

/** A bell: 1 at distance 0, e^-1 at `radius`; takes the squared distance. */
export function bell(distanceSquared: number, radius: number): number {
  return Math.exp(-distanceSquared / (radius * radius));
}

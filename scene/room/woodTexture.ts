import { DataTexture, LinearFilter, LinearMipmapLinearFilter, RepeatWrapping, RGBAFormat, SRGBColorSpace } from 'three';

const SIZE = 256;

/** Repeatable noise 0..1 on a lattice that wraps at `period`. */
function lattice(x: number, y: number, period: number): number {
  const n =
    Math.sin((((x % period) + period) % period) * 127.1 + (((y % period) + period) % period) * 311.7) * 43758.5453;
  return n - Math.floor(n);
}

function smoothNoise(x: number, y: number, period: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0].map((t) => t * t * (3 - 2 * t)) as [number, number];
  const low = lattice(x0, y0, period) * (1 - fx) + lattice(x0 + 1, y0, period) * fx;
  const high = lattice(x0, y0 + 1, period) * (1 - fx) + lattice(x0 + 1, y0 + 1, period) * fx;
  return low * (1 - fy) + high * fy;
}

/** Brightness of wood that grows along u, 0..1 around 0.9; tiles in both directions. */
function grain(u: number, v: number): number {
  const bend = smoothNoise(u * 4, v * 4, 4) * 0.9;
  const rings = 0.5 + 0.5 * Math.sin((v * 10 + bend) * Math.PI * 2);
  const fibre = smoothNoise(u * 8, v * 128, 128) * 0.6 + smoothNoise(u * 16, v * 64, 64) * 0.4;
  return 0.8 + 0.1 * rings + 0.1 * fibre;
}

/** Boards `count` across v, each a little different, with dark joints between and butt ends at thirds. */
function boards(u: number, v: number, count: number): number {
  const board = Math.floor(v * count);
  const across = v * count - board;
  const tone = 0.86 + 0.14 * lattice(board, 7, count);
  const end = Math.abs(((u + lattice(board, 3, count)) % 1) - 0.5);
  const joint = Math.min(1, Math.min(across, 1 - across) * 26) * Math.min(1, end * 180);
  return tone * (0.72 + 0.28 * joint);
}

function texture(brightness: (u: number, v: number) => number): DataTexture {
  const data = new Uint8Array(SIZE * SIZE * 4);
  for (let i = 0; i < SIZE * SIZE; i += 1) {
    const value = Math.round(255 * Math.min(1, brightness((i % SIZE) / SIZE, Math.floor(i / SIZE) / SIZE)));
    data.set([value, value, value, 255], i * 4);
  }
  const made = new DataTexture(data, SIZE, SIZE, RGBAFormat);
  made.wrapS = RepeatWrapping;
  made.wrapT = RepeatWrapping;
  made.magFilter = LinearFilter;
  made.minFilter = LinearMipmapLinearFilter;
  made.generateMipmaps = true;
  made.colorSpace = SRGBColorSpace;
  made.anisotropy = 4;
  made.needsUpdate = true;
  return made;
}

/** Grain for solid tops; multiply with the wood's colour. */
export function createGrainTexture(): DataTexture {
  return texture(grain);
}

/** Floor boards along u. */
export function createBoardTexture(): DataTexture {
  return texture((u, v) => grain(u, v) * boards(u, v, 8));
}

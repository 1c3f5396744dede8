const MAGIC = 0x46546c67;
const VERSION = 2;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FLOAT = 5126;
const SPACE = 0x20;

const COMPONENTS = { SCALAR: 1, VEC3: 3, VEC4: 4 } as const;
type AccessorType = keyof typeof COMPONENTS;

/** Bytes that are missing to a multiple of four. */
export function padding(length: number): number {
  return -length & 3;
}

/** Puts a description and the pieces of its buffer, each of which begins at a multiple of four, into one GLB (glTF 2.0, section 4.4). */
export function packGlb(json: object, pieces: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const textBytes = text.length + padding(text.length);
  const binBytes = pieces.reduce((sum, { length }) => sum + length + padding(length), 0);
  const sizeBytes = HEADER_BYTES + CHUNK_HEADER_BYTES + textBytes + CHUNK_HEADER_BYTES + binBytes;
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  const words = [MAGIC, VERSION, sizeBytes, textBytes, JSON_CHUNK];
  for (const [k, word] of words.entries()) view.setUint32(4 * k, word, true);
  let at = HEADER_BYTES + CHUNK_HEADER_BYTES;
  bytes.set(text, at);
  bytes.fill(SPACE, at + text.length, at + textBytes);
  at += textBytes;
  view.setUint32(at, binBytes, true);
  view.setUint32(at + 4, BIN_CHUNK, true);
  at += CHUNK_HEADER_BYTES;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length + padding(piece.length);
  }
  return bytes;
}

/** A property of a node that an animation moves. */
export type AnimatedPath = 'translation' | 'rotation' | 'weights';

/** How each is stored; weights of all targets follow each other as single numbers. */
const TYPES: Readonly<Record<AnimatedPath, AccessorType>> = {
  translation: 'VEC3',
  rotation: 'VEC4',
  weights: 'SCALAR',
};

/** The parts of a glTF's description that grow. Others are passed on. */
export interface GltfDescription {
  readonly accessors?: readonly object[];
  readonly bufferViews?: readonly object[];
  readonly buffers?: readonly object[];
  readonly animations?: readonly object[];
}

interface Accessor {
  readonly byteOffset: number;
  readonly count: number;
  readonly type: AccessorType;
  readonly bounds: object;
}

interface Sampler {
  readonly input: number;
  readonly output: number;
  readonly interpolation: 'LINEAR';
}

/** Collects the animation of a glTF: times and values as accessors, a channel for each property. */
export class GltfAnimation {
  private readonly accessors: Accessor[] = [];
  private readonly pieces: Uint8Array[] = [];
  private readonly samplers: Sampler[] = [];
  private readonly channels: object[] = [];
  private byteLength = 0;

  /** Moves `path` of `node` along `values`, in a straight line from one of `times` (seconds, growing, not empty) to the next. */
  addChannel(node: number, path: AnimatedPath, times: Float32Array, values: Float32Array): void {
    const input = this.addAccessor(times, 'SCALAR', { min: [times[0]!], max: [times.at(-1)!] });
    const output = this.addAccessor(values, TYPES[path], {});
    this.samplers.push({ input, output, interpolation: 'LINEAR' });
    this.channels.push({ sampler: this.samplers.length - 1, target: { node, path } });
  }

  /** The whole file: `json`, whose first buffer is `bin`, and the animation, named `name`, beside those it has. */
  toGlb(json: GltfDescription, bin: Uint8Array, name: string): Uint8Array {
    const { accessors = [], bufferViews = [], buffers = [], animations = [] } = json;
    const byteOffset = bin.length + padding(bin.length);
    const view = { buffer: 0, byteOffset, byteLength: this.byteLength };
    const first = accessors.length;
    const samplers = this.samplers.map((sampler) => {
      return { ...sampler, input: first + sampler.input, output: first + sampler.output };
    });
    const added = this.accessors.map(({ bounds, ...accessor }) => {
      return { ...accessor, ...bounds, componentType: FLOAT, bufferView: bufferViews.length };
    });
    const whole = {
      ...json,
      accessors: [...accessors, ...added],
      bufferViews: [...bufferViews, view],
      buffers: [{ ...buffers[0], byteLength: byteOffset + this.byteLength }, ...buffers.slice(1)],
      animations: [...animations, { name, samplers, channels: this.channels }],
    };
    return packGlb(whole, [bin, ...this.pieces]);
  }

  private addAccessor(values: Float32Array, type: AccessorType, bounds: object): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const byteOffset = this.byteLength;
    this.pieces.push(bytes);
    this.byteLength += bytes.length;
    return this.accessors.push({ byteOffset, count: values.length / COMPONENTS[type], type, bounds }) - 1;
  }
}

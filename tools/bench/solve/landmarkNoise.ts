import type { BodyReading, HandReading, LandmarkFrame } from '@/lib/core/landmarks';
import { seededRandom } from '@/tools/seededRandom';

/** Errors of a model's points: standard deviations in millimetres across the picture (xy) and in depth (z). */
export interface NoiseModel {
  readonly whiteXyMm: number;
  readonly whiteZMm: number;
  /** A bias of each point, which drifts with the time constant `driftSeconds`. */
  readonly driftXyMm: number;
  readonly driftZMm: number;
  readonly driftSeconds: number;
}

/** Measured on recordings of people: jitter, and the model's slow errors. */
export const BODY_NOISE: NoiseModel = { whiteXyMm: 2, whiteZMm: 4, driftXyMm: 15, driftZMm: 40, driftSeconds: 0.7 };

/** A hand appears larger: half the jitter, and a fifth of the drift, since its points are relative to its centre. */
export const HAND_NOISE: NoiseModel = { whiteXyMm: 1, whiteZMm: 2, driftXyMm: 3, driftZMm: 8, driftSeconds: 0.7 };

/** The picture of a person who keeps still does not change, and neither does the model's bias. */
export function withoutDrift(model: NoiseModel): NoiseModel {
  return { ...model, driftXyMm: 0, driftZMm: 0 };
}

/** Error of the head's rotation in the face's matrix, radians. */
const HEAD_NOISE_RAD = (0.1 * Math.PI) / 180;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Seeded noise on one set of points, frame by frame. */
class PointNoise {
  private readonly bias: Float64Array;
  private timeMs = Number.NaN;

  constructor(
    numbers: number,
    private readonly model: NoiseModel,
    private readonly random: () => number,
  ) {
    this.bias = Float64Array.from({ length: numbers }, (_, at) => this.driftMm(at) * normal(random));
  }

  apply(world: Float32Array, timeMs: number): Float32Array {
    const seconds = Number.isNaN(this.timeMs) ? 0 : (timeMs - this.timeMs) / 1000;
    this.timeMs = timeMs;
    const kept = Math.exp(-seconds / this.model.driftSeconds);
    const added = Math.sqrt(1 - kept * kept);
    return world.map((value, at) => {
      this.bias[at] = kept * this.bias[at]! + added * this.driftMm(at) * normal(this.random);
      return value + (this.bias[at]! + this.whiteMm(at) * normal(this.random)) / 1000;
    });
  }

  private driftMm(at: number): number {
    return at % 3 === 2 ? this.model.driftZMm : this.model.driftXyMm;
  }

  private whiteMm(at: number): number {
    return at % 3 === 2 ? this.model.whiteZMm : this.model.whiteXyMm;
  }
}

/** Makes exact readings as imperfect as a model's; the same for the same seed. */
export class LandmarkNoise {
  private readonly random: () => number;
  private readonly body: PointNoise;
  private readonly hands: readonly [PointNoise, PointNoise];

  constructor(seed: number, body: NoiseModel, hand: NoiseModel) {
    this.random = seededRandom(seed);
    this.body = new PointNoise(99, body, this.random);
    this.hands = [new PointNoise(63, hand, this.random), new PointNoise(63, hand, this.random)];
  }

  apply(frame: LandmarkFrame): LandmarkFrame {
    const noisy = <T extends BodyReading | HandReading>(noise: PointNoise, reading: T | null): T | null =>
      reading && { ...reading, world: noise.apply(reading.world, reading.timeMs) };
    return {
      ...frame,
      body: noisy(this.body, frame.body),
      leftHand: noisy(this.hands[0], frame.leftHand),
      rightHand: noisy(this.hands[1], frame.rightHand),
      face: frame.face && { ...frame.face, matrix: this.shake(frame.face.matrix) },
    };
  }

  /** Rotates the axes of a face's matrix by a small random angle. */
  private shake(matrix: Float32Array): Float32Array {
    const [a, b, c] = [0, 1, 2].map(() => HEAD_NOISE_RAD * normal(this.random)) as [number, number, number];
    const shaken = matrix.slice();
    for (let at = 0; at < 12; at += 4) {
      const [x, y, z] = [matrix[at]!, matrix[at + 1]!, matrix[at + 2]!];
      shaken[at] = x + b * z - c * y;
      shaken[at + 1] = y + c * x - a * z;
      shaken[at + 2] = z + a * y - b * x;
    }
    return shaken;
  }
}

import type { RangeCoder } from './rangeCoder';

/** Probabilities are whole numbers of 1/65536. */
const PROBABILITY_ONE = 0x10000;

/** Stretched probabilities are whole numbers of 1/256, held within +-2047 (odds of e^8). */
const STRETCH_UNIT = 256;
/** */
export const STRETCH_LIMIT = 2047;

/** Bits of a probability that choose its entry in {@link STRETCH}. */
const STRETCH_BITS = 12;
const STRETCH_SHIFT = 16 - STRETCH_BITS;

const SERIES_TERMS = 14;
const HALVINGS = 4;

/**
 * e^x for |x| <= 8 by the Taylor series of x / 16, squared four times. It uses only additions, multiplications and
 * divisions, which IEEE 754 rounds in one way, so every engine gets the same bits; Math.exp does not promise that.
 */
function exactExp(x: number): number {
  const small = x / 2 ** HALVINGS;
  let sum = 1;
  for (let term = SERIES_TERMS; term >= 1; term -= 1) sum = 1 + (small / term) * sum;
  for (let k = 0; k < HALVINGS; k += 1) sum *= sum;
  return sum;
}

function squashTable(): Int32Array {
  const table = new Int32Array(2 * STRETCH_LIMIT + 1);
  for (let x = -STRETCH_LIMIT; x <= STRETCH_LIMIT; x += 1) {
    table[x + STRETCH_LIMIT] = Math.floor(PROBABILITY_ONE / (1 + exactExp(-x / STRETCH_UNIT)) + 0.5);
  }
  return table;
}

/** Logistic function: entry x + 2047 is round(65536 / (1 + e^(-x / 256))), for x of -2047 to 2047. */
export const SQUASH: Int32Array = squashTable();

function stretchTable(): Int16Array {
  const table = new Int16Array(1 << STRETCH_BITS);
  let x = -STRETCH_LIMIT;
  for (let at = 0; at < table.length; at += 1) {
    const middle = (at << STRETCH_SHIFT) + (1 << (STRETCH_SHIFT - 1));
    while (x < STRETCH_LIMIT && SQUASH[x + STRETCH_LIMIT]! < middle) x += 1;
    table[at] = x;
  }
  return table;
}

/**
 * The inverse: entry p >> 4 is the least x of -2047 to 2047 whose {@link SQUASH} reaches the middle of that
 * entry.
 */
export const STRETCH: Int16Array = stretchTable();

/** Contexts that each bit is predicted from. */
const INPUTS = 3;

/** Weights are whole numbers of 1/16384, held within +-8. */
const WEIGHT_SHIFT = 14;
const WEIGHT_LIMIT = 8 << WEIGHT_SHIFT;
/** Weight of each input at first: together a little more than one, because the inputs differ. */
const WEIGHT_START = 6000;
/** How slowly weights follow: error (1/65536) times input (1/256), shifted. */
const LEARNING_SHIFT = 15;
/** Smaller errors, 1/65536, leave the weights as they are. */
const ERROR_MIN = 2000;

/** How often a context counts as seen, at most; from then on it follows at 1 / (limit + 1.6). */
const COUNT_LIMIT = 120;
const RATE_SHIFT = 15;
const RATES = Int32Array.from({ length: COUNT_LIMIT + 1 }, (_, count) => Math.floor(32768 / (count + 1.6)));

// A context is its probability (1/65536) in the upper half and its count in the lower.
const PROBABILITY_SHIFT = 16;
const COUNT_MASK = 0xffff;
const INPUT_SHIFT = PROBABILITY_SHIFT + STRETCH_SHIFT;
const CONTEXT_START = 0x8000 << PROBABILITY_SHIFT;

/**
 * Predicts bits by mixing what three contexts have seen, in the logistic domain, with weights that learn which context
 * to trust. It calculates with whole numbers throughout, so that both sides agree to the last bit.
 */
export class BitModel {
  private readonly contexts: Int32Array;
  private readonly weights: Int32Array;
  // The last predicted bit: its contexts, what they said, the place of its weights and the outcome.
  private first = 0;
  private second = 0;
  private third = 0;
  private firstSaid = 0;
  private secondSaid = 0;
  private thirdSaid = 0;
  private weightsAt = 0;
  private predicted = 0;

  /** `contextCount` contexts, three for each bit; `mixCount` sets of weights. */
  constructor(contextCount: number, mixCount: number) {
    this.contexts = new Int32Array(contextCount);
    this.weights = new Int32Array(mixCount * INPUTS);
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    this.contexts.fill(CONTEXT_START);
    this.weights.fill(WEIGHT_START);
  }

  /** The probability of a 1 (1/65536) in three different contexts, with the weights of set `mix`. */
  predict(first: number, second: number, third: number, mix: number): number {
    const { contexts, weights } = this;
    const at = mix * INPUTS;
    const firstSaid = STRETCH[contexts[first]! >>> INPUT_SHIFT]!;
    const secondSaid = STRETCH[contexts[second]! >>> INPUT_SHIFT]!;
    const thirdSaid = STRETCH[contexts[third]! >>> INPUT_SHIFT]!;
    const sum =
      (Math.imul(weights[at]!, firstSaid) +
        Math.imul(weights[at + 1]!, secondSaid) +
        Math.imul(weights[at + 2]!, thirdSaid)) |
      0;
    this.first = first;
    this.second = second;
    this.third = third;
    this.firstSaid = firstSaid;
    this.secondSaid = secondSaid;
    this.thirdSaid = thirdSaid;
    this.weightsAt = at;
    this.predicted = SQUASH[bounded(sum >> WEIGHT_SHIFT, STRETCH_LIMIT) + STRETCH_LIMIT]!;
    return this.predicted;
  }

  /** Learns from the actual value of the last predicted bit. */
  update(bit: number): void {
    const { contexts, first, second, third } = this;
    const target = bit === 1 ? PROBABILITY_ONE - 1 : 0;
    const error = target - this.predicted;
    if (error >= ERROR_MIN || error <= -ERROR_MIN) this.learnWeights(error);
    contexts[first] = learnt(contexts[first]!, target);
    contexts[second] = learnt(contexts[second]!, target);
    contexts[third] = learnt(contexts[third]!, target);
  }

  /** Predicts and codes a bit, learns from it and returns it. */
  code(coder: RangeCoder, bit: number, first: number, second: number, third: number, mix: number): number {
    const coded = coder.code(bit, this.predict(first, second, third, mix));
    this.update(coded);
    return coded;
  }

  private learnWeights(error: number): void {
    const { weights, weightsAt: at } = this;
    weights[at] = bounded(weights[at]! + (Math.imul(error, this.firstSaid) >> LEARNING_SHIFT), WEIGHT_LIMIT);
    weights[at + 1] = bounded(weights[at + 1]! + (Math.imul(error, this.secondSaid) >> LEARNING_SHIFT), WEIGHT_LIMIT);
    weights[at + 2] = bounded(weights[at + 2]! + (Math.imul(error, this.thirdSaid) >> LEARNING_SHIFT), WEIGHT_LIMIT);
  }
}

/** The context after one more bit: `target` is 65535 for a 1, 0 for a 0. */
function learnt(context: number, target: number): number {
  const count = context & COUNT_MASK;
  const probability = context >>> PROBABILITY_SHIFT;
  const moved = probability + (Math.imul(target - probability, RATES[count]!) >> RATE_SHIFT);
  return (moved << PROBABILITY_SHIFT) | (count < COUNT_LIMIT ? count + 1 : count);
}

function bounded(value: number, limit: number): number {
  if (value > limit) return limit;
  if (value < -limit) return -limit;
  return value;
}

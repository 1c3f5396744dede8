/** Probabilities are whole numbers of 1/65536. */
export const PROBABILITY_ONE = 0x10000;

/** Stretched probabilities are whole numbers of 1/256, held within +-2047 (odds of e^8). */
export const STRETCH_UNIT = 256;
export const STRETCH_LIMIT = 2047;

/** Bits of a probability that choose its entry in {@link STRETCH}. */
const STRETCH_BITS = 12;
export const STRETCH_SHIFT = 16 - STRETCH_BITS;

const SERIES_TERMS = 14;
const HALVINGS = 4;

/**
 * e^x for |x| <= 8 by the Taylor series of x / 16, squared four times. Only additions, multiplications and divisions, which
 * IEEE 754 rounds in one way: every engine gets the same bits, as it need not from Math.exp.
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

/** The inverse: entry p >> 4 is the least x of -2047 to 2047 whose {@link SQUASH} reaches the middle of that entry. */
export const STRETCH: Int16Array = stretchTable();

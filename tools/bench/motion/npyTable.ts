/** A table of numbers, row after row. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

const MAGIC = '\x93NUMPY';
const HEADER_AT = 10;

/**
 * Reads a NumPy array file of version 1: two-dimensional, little-endian float32, C order.
 * @throws Error that says what it is instead.
 */
export function readNpyTable(bytes: Uint8Array): NumberTable {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 6) !== MAGIC || bytes[6] !== 1) throw new Error('not a NumPy file of version 1');
  const dataAt = HEADER_AT + bytes[8]! + bytes[9]! * 256;
  const header = text(HEADER_AT, dataAt);
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header);
  if (!shape || !header.includes("'<f4'") || header.includes("'fortran_order': True")) {
    throw new Error(`expected a table of little-endian float32 in C order, found ${header.trim()}`);
  }
  const rows = Number(shape[1]);
  const columns = Number(shape[2]);
  const values = new Float32Array(Uint8Array.from(bytes.subarray(dataAt, dataAt + rows * columns * 4)).buffer);
  if (values.length !== rows * columns) throw new Error(`the file ends before its ${rows} rows`);
  return { rows, columns, values };
}

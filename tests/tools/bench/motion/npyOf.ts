/** A NumPy file of version 1 with a table of float32. */
export function npyOf(rows: readonly (readonly number[])[]): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0]?.length ?? 0}), }`;
  const padded = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11, ' ');
  const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${padded}\n`, 'latin1');
  header.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([header, Buffer.from(Float32Array.from(rows.flat()).buffer)]);
}

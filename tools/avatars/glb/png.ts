import { deflateSync } from 'node:zlib';
import { crc32 } from '@/lib/core/hash';

/** Colour type of eight-bit RGBA. */
const RGBA = 6;
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = 8;
  data[9] = RGBA;
  return data;
}

/** Rows with filter 1 (each byte minus the same channel of the pixel before), which compresses smooth shading well. */
function filtered(rgba: Uint8Array, rowBytes: number): Buffer {
  const rows = rgba.length / rowBytes;
  const out = Buffer.alloc(rows * (rowBytes + 1));
  for (let row = 0; row < rows; row++) {
    const target = row * (rowBytes + 1);
    out[target] = 1;
    for (let i = 0; i < rowBytes; i++) {
      const before = i < 4 ? 0 : rgba[row * rowBytes + i - 4]!;
      out[target + 1 + i] = rgba[row * rowBytes + i]! - before;
    }
  }
  return out;
}

function assemble(...chunks: Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

/** A PNG of RGBA bytes, rows from the top. */
export function encodePng(width: number, height: number, rgba: Uint8Array): Buffer {
  return assemble(
    chunk('IHDR', header(width, height)),
    chunk('IDAT', deflateSync(filtered(rgba, width * 4), { level: 9 })),
  );
}

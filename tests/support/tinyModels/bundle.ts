import { crc32 } from '@/lib/core/hash';

const LOCAL_MARK = 0x04034b50;
const CENTRAL_MARK = 0x02014b50;
const END_MARK = 0x06054b50;
const VERSION = 20;
/** 1 January 1980, the earliest date of a zip. */
const DATE = 0x21;
/** MediaPipe maps the files in place, so they begin at multiples of 4. */
const ALIGNMENT = 4;

/** Zeros after the name, as the header's extra field. */
function paddingAfter(offset: number): Buffer {
  return Buffer.alloc((ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT);
}

function localHeader(name: Buffer, bytes: Uint8Array, padding: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_MARK, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(DATE, 12);
  writeSizes(header, 14, name, bytes);
  header.writeUInt16LE(padding.length, 28);
  return Buffer.concat([header, name, padding]);
}

function centralHeader(name: Buffer, bytes: Uint8Array, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_MARK, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(DATE, 14);
  writeSizes(header, 16, name, bytes);
  header.writeUInt32LE(offset, 42);
  return header;
}

function writeSizes(header: Buffer, at: number, name: Buffer, bytes: Uint8Array): void {
  header.writeUInt32LE(crc32(bytes), at);
  header.writeUInt32LE(bytes.length, at + 4);
  header.writeUInt32LE(bytes.length, at + 8);
  header.writeUInt16LE(name.length, at + 12);
}

function endRecord(count: number, sizeBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_MARK, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(sizeBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** A MediaPipe bundle (`.task`): a zip of uncompressed files by name. */
export function writeBundle(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Uint8Array[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  const push = (...bytes: readonly Uint8Array[]) => {
    for (const part of bytes) {
      parts.push(part);
      offset += part.length;
    }
  };
  for (const [fileName, bytes] of Object.entries(files)) {
    const name = Buffer.from(fileName);
    const padding = paddingAfter(offset + 30 + name.length);
    central.push(Buffer.concat([centralHeader(name, bytes, offset), name]));
    push(localHeader(name, bytes, padding), bytes);
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...parts, directory, endRecord(central.length, directory.length, offset)]);
}

import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '@/lib/recording/byteSource';

/** A recording in a file. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Fills `bytes` from `atByte` on; returns how much of it there was. */
async function fill(file: FileHandle, bytes: Uint8Array, atByte: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, atByte + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Opens a file to be read as a recording. @throws Error of the file system */
export async function openFileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  const { size: sizeBytes } = await file.stat();
  return {
    sizeBytes,
    read: async (atByte, count) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(count, sizeBytes - atByte)));
      return bytes.subarray(0, await fill(file, bytes, atByte));
    },
    close: () => file.close(),
  };
}

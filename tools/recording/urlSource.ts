import type { FileSource } from './fileSource';

/** Where the segments of a recording are, by the link to it (`/r/RIGHT`) or the address of its files (`/b/RIGHT/`). */
function segmentsUrl(address: string): string {
  const url = new URL(address);
  const [, right] = /^\/[rb]\/([^/]+)\/?$/.exec(url.pathname) ?? [];
  return right === undefined ? url.href : new URL(`/b/${right}/segments`, url).href;
}

/** Opens a recording at an address, to be read in ranges. @throws Error with what the server answered */
export async function openUrlSource(address: string): Promise<FileSource> {
  const url = segmentsUrl(address);
  const head = await fetch(url, { method: 'HEAD' });
  if (!head.ok) throw new Error(`the server answers ${head.status}`);
  const sizeBytes = Number(head.headers.get('content-length'));
  return {
    sizeBytes,
    read: async (atByte, count) => {
      const toByte = Math.min(sizeBytes, atByte + count);
      if (toByte <= atByte) return new Uint8Array(0);
      const response = await fetch(url, { headers: { range: `bytes=${atByte}-${toByte - 1}` } });
      if (response.status !== 206) throw new Error(`the server answers ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    close: async () => {},
  };
}

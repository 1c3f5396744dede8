import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AvatarReader } from '@/scene/avatar/loadAvatar';

const ADA = new URL('../../../public/models/ada-lod2.vrm', import.meta.url);

describe('an avatar’s reader where there are no workers', () => {
  const reader = new AvatarReader(() => Promise.resolve(null));

  afterEach(() => vi.unstubAllGlobals());

  it('without workers an avatar is read on the calling thread', async () => {
    // In a page the browser decodes pictures.
    vi.stubGlobal('createImageBitmap', async () => ({ width: 1, height: 1, close: () => {} }));
    const outcome = await reader.read(new Uint8Array(readFileSync(ADA)));
    expect(outcome.kind).toBe('read');
  });

  it('a file that is no avatar is refused with a reason', async () => {
    const outcome = await reader.read(new TextEncoder().encode('not an avatar'));
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'container' });
  });
});

describe('an avatar’s reader with a worker', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Workers that answer a file of a single 1 and are busy for ever with any other. */
  function madeWorkers() {
    const workers: { isTerminated: boolean; files: number }[] = [];
    const open = async () => {
      const state = { isTerminated: false, files: 0 };
      workers.push(state);
      const worker = {
        onmessage: null as ((event: { data: unknown }) => void) | null,
        postMessage(bytes: Uint8Array) {
          state.files += 1;
          if (bytes[0] === 1) queueMicrotask(() => worker.onmessage?.({ data: { kind: 'read' } }));
        },
        terminate: () => {
          state.isTerminated = true;
        },
      };
      return worker as unknown as Worker;
    };
    return { workers, open };
  }

  it('a file that takes more than two seconds is refused, its worker ended, and the next one read by another', async () => {
    vi.useFakeTimers();
    const { workers, open } = madeWorkers();
    const reader = new AvatarReader(open);
    const first = reader.read(Uint8Array.of(1));
    const endless = reader.read(Uint8Array.of(2));
    const after = reader.read(Uint8Array.of(1));
    expect(await first).toMatchObject({ kind: 'read' });
    await vi.advanceTimersByTimeAsync(1900);
    expect(workers).toEqual([{ isTerminated: false, files: 2 }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await endless).toMatchObject({ kind: 'refused' });
    expect(await after).toMatchObject({ kind: 'read' });
    expect(workers).toEqual([
      { isTerminated: true, files: 2 },
      { isTerminated: false, files: 1 },
    ]);
  });

  it('where the page itself runs late, a file has more time, fifteen seconds at most', async () => {
    vi.useFakeTimers();
    const startMs = performance.now();
    const now = performance.now.bind(performance);
    // Each tick comes 200 ms late.
    vi.spyOn(performance, 'now').mockImplementation(() => startMs + (now() - startMs) * 3);
    const { workers, open } = madeWorkers();
    const endless = new AvatarReader(open).read(Uint8Array.of(2));
    await vi.advanceTimersByTimeAsync(4_900);
    expect(workers).toEqual([{ isTerminated: false, files: 1 }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await endless).toMatchObject({ kind: 'refused' });
  });

  it('a worker that has nothing to read is ended', async () => {
    vi.useFakeTimers();
    const { workers, open } = madeWorkers();
    await new AvatarReader(open).read(Uint8Array.of(1));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(workers).toEqual([{ isTerminated: true, files: 1 }]);
  });
});

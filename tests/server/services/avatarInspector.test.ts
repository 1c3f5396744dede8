import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { AvatarInspector } from '@/server/services/inspection/avatarInspector';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { HOSTILE_AVATARS } from '@/tools/avatarFile/hostileAvatars';

const READY = `const { parentPort } = require('node:worker_threads');
const isLinux = process.platform === 'linux';
const taskId = isLinux ? Number(require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1)) : null;
parentPort.postMessage({ taskId });`;
/**
 * A reader that takes each file by its first byte: 0 is read, 1 never ends, 2 fails, 3 takes all memory, 4 is read once the
 * machine has let it wait for 400 ms.
 */
const MADE_READER = `${READY}
parentPort.on('message', (bytes) => {
  if (bytes[0] === 1) for (;;);
  if (bytes[0] === 4) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  if (bytes[0] === 2) throw new Error('made to fail');
  const held = [];
  while (bytes[0] === 3) held.push(new Array(100000).fill({ held }));
  parentPort.postMessage({ kind: 'accepted', bytes, sha256: 'thread ' + require('node:worker_threads').threadId, terms: 'free' });
});`;

const inspectors: AvatarInspector[] = [];
afterEach(async () => {
  for (const inspector of inspectors.splice(0)) await inspector.close();
});

function inspectorOf(script?: string, workMaxMs?: number, patienceMs?: number) {
  const open = () => new Worker(script!, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  const inspector = new AvatarInspector({ log: silentLog, ...(script && { open }), workMaxMs, patienceMs });
  inspectors.push(inspector);
  return inspector;
}

const file = (first: number) => new Uint8Array([first]);

describe('inspection of uploads', () => {
  it('the reader of uploads accepts an avatar with its hash and gives its bytes back', async () => {
    const bytes = makeAvatar({ kind: 'vrm1' });
    const copy = bytes.slice();
    const found = await inspectorOf().inspect(bytes);
    expect(found).toMatchObject({ kind: 'accepted', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), terms: 'free' });
    expect(found.kind === 'accepted' && found.bytes).toEqual(copy);
  }, 30_000);

  it.each(['merged-shapes', 'zero-targets'])(
    'what pages refuse to decode, such as "%s", is refused',
    async (name) => {
      const found = await inspectorOf(undefined, 60_000).inspect(HOSTILE_AVATARS[name]!());
      expect(found).toMatchObject({ kind: 'refused', reason: 'tooHeavy' });
    },
    90_000,
  );

  it('this thread goes on while a file that never ends is read', async () => {
    const inspector = inspectorOf(MADE_READER, 400);
    await inspector.inspect(file(0));
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const found = await inspector.inspect(file(1));
    clearInterval(ticking);
    expect(found).toMatchObject({ kind: 'refused', reason: 'tooHeavy' });
    // A thread that reads the file itself has none.
    expect(turns).toBeGreaterThan(20);
  });

  it.each([
    ['never ends', 1],
    ['fails', 2],
    ['takes all memory', 3],
  ])(
    'a file that %s is refused, and the next one is read by a new worker',
    async (_what, first) => {
      const inspector = inspectorOf(MADE_READER, first === 1 ? 100 : 60_000);
      const before = await inspector.inspect(file(0));
      const same = await inspector.inspect(file(0));
      expect(await inspector.inspect(file(first))).toMatchObject({ kind: 'refused', reason: 'tooHeavy' });
      const after = await inspector.inspect(file(0));
      const threadOf = (found: object) => ('sha256' in found ? found.sha256 : null);
      expect(threadOf(same)).toBe(threadOf(before));
      expect(threadOf(after)).not.toBe(threadOf(before));
      expect(after.kind).toBe('accepted');
    },
    90_000,
  );

  it.runIf(process.platform === 'linux')(
    'work counts, not the time that a busy machine takes for it',
    async () => {
      expect(await inspectorOf(MADE_READER, 200, 30_000).inspect(file(4))).toMatchObject({ kind: 'accepted' });
    },
    60_000,
  );

  it('a file that the machine is too busy to read is not blamed, and may come again', async () => {
    const inspector = inspectorOf(MADE_READER, 60_000, 100);
    const worked: number[] = [];
    const reading = inspector.inspect(file(4), (workMs) => worked.push(workMs));
    await expect(reading).rejects.toMatchObject({ reason: 'unavailable' });
    // Its address does not pay for what it waited.
    expect(worked).toEqual([expect.any(Number)]);
    expect(worked[0]).toBeLessThan(100);
    // As often as it takes: the machine may be too busy for this one, too.
    await expect.poll(() => inspector.inspect(file(0)), { timeout: 30_000 }).toMatchObject({ kind: 'accepted' });
  });

  it('files are read one at a time, eight may wait, and a ninth is told when to come again', async () => {
    const inspector = inspectorOf(MADE_READER);
    const waiting = Array.from({ length: 8 }, () => inspector.inspect(file(0)));
    await expect(inspector.inspect(file(0))).rejects.toMatchObject({
      reason: 'unavailable',
      data: { retryAfterMs: expect.any(Number) },
    });
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(new Array(8).fill('accepted'));
    expect((await inspector.inspect(file(0))).kind).toBe('accepted');
  });

  it('a reader that cannot start is unavailable, and is started again for the next file', async () => {
    let starts = 0;
    const open = () => {
      starts += 1;
      return new Worker(starts === 1 ? 'process.exit(1)' : MADE_READER, { eval: true });
    };
    const inspector = new AvatarInspector({ log: silentLog, open });
    inspectors.push(inspector);
    await expect(inspector.inspect(file(0))).rejects.toMatchObject({ reason: 'unavailable' });
    expect((await inspector.inspect(file(0))).kind).toBe('accepted');
  });

  it('a reader that never gets ready is unavailable, and another is started for the next file', async () => {
    let starts = 0;
    const open = () => {
      starts += 1;
      return new Worker(starts === 1 ? 'setInterval(() => {}, 1000)' : MADE_READER, { eval: true });
    };
    const inspector = new AvatarInspector({ log: silentLog, open, startMaxMs: 3_000 });
    inspectors.push(inspector);
    await expect(inspector.inspect(file(0))).rejects.toMatchObject({ reason: 'unavailable' });
    expect((await inspector.inspect(file(0))).kind).toBe('accepted');
  }, 30_000);

  it('a reader that exits only after the next one has started does not make that one forgotten', async () => {
    let starts = 0;
    const open = () => {
      starts += 1;
      const worker = new Worker(MADE_READER, { eval: true });
      const terminate = worker.terminate.bind(worker);
      worker.terminate = () => new Promise((resolve) => setTimeout(() => resolve(terminate()), 300));
      return worker;
    };
    const inspector = new AvatarInspector({ log: silentLog, open });
    inspectors.push(inspector);
    await inspector.inspect(file(0));
    const closing = inspector.close();
    await inspector.inspect(file(0));
    await closing;
    await inspector.inspect(file(0));
    expect(starts).toBe(2);
  });
});

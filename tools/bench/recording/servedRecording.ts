import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemScheduler } from '@/lib/core/clock';
import { createPose } from '@/lib/pose/pose';
import { openAddress } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';

/** A recording at an address of this machine, read as a page reads it. */
export class ServedRecording {
  private readonly server: Server;

  constructor(segments: Uint8Array, index: Uint8Array) {
    this.server = createServer(({ url = '', headers }, answer) => {
      if (url.endsWith('/index')) return void answer.end(index);
      const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
      answer.writeHead(206).end(segments.subarray(Number(from), Number(to) + 1));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Opens it as a page does. */
  async open(): Promise<Replay> {
    const { port } = this.server.address() as AddressInfo;
    const recording = await openAddress(`http://127.0.0.1:${port}/b/x/`);
    return new Replay({ recording, scheduler: systemScheduler });
  }
}

const pose = createPose();

/**
 * Goes to a moment, and takes everybody's pose for the first frame. @throws Error unless all of them are there as they were at that
 * moment
 */
export async function showMoment(replay: Replay, timeMs: number): Promise<void> {
  await replay.seek(timeMs);
  const { people } = replay.store.getSnapshot();
  const states = people.map(({ id }) => replay.sample(id, performance.now(), pose));
  const isRight = people.length > 0 && states.every((state) => state === 'live') && replay.positionMs === timeMs;
  if (!isRight) throw new Error(`At ${timeMs} ms people are drawn as ${states.join(', ')}`);
}

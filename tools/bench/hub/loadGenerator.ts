import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadFigures, LoadOrder, LoadShape, LoadTarget } from './load';
import { ProcessLink } from './processLink';

const MODULE = fileURLToPath(new URL('loadProcess.ts', import.meta.url));

/** The clients of a measurement, in a process of their own: senders and receivers share one clock. */
export class LoadGenerator {
  private readonly link = ProcessLink.start<LoadOrder, LoadAnswer>(MODULE, []);

  /** Fills rooms until there are as many as `shape` says. */
  async open(target: LoadTarget, shape: LoadShape): Promise<void> {
    await this.link.ask({ do: 'open', target, shape });
  }

  /** Begins to send; nothing counts yet. */
  async start(): Promise<void> {
    await this.link.ask({ do: 'start' });
  }

  /** From here on everything sent counts. */
  async mark(): Promise<void> {
    await this.link.ask({ do: 'mark' });
  }

  /** Ends sending, waits for what is on its way, and tells. */
  async stop(): Promise<LoadFigures> {
    const answer = await this.link.ask({ do: 'stop' });
    if (!('figures' in answer)) throw new Error('the load gave no figures');
    return answer.figures;
  }

  /** Leaves all rooms. */
  async close(): Promise<void> {
    await this.link.ask({ do: 'close' });
  }

  /** Opens `seats` connections to a fresh room within `spreadMs`; ms until each could send. They leave afterwards. */
  async storm(target: LoadTarget, seats: number, spreadMs: number): Promise<readonly number[]> {
    const answer = await this.link.ask({ do: 'storm', target, seats, spreadMs });
    if (!('joinMs' in answer)) throw new Error('the load gave no times');
    return answer.joinMs;
  }

  kill(): Promise<void> {
    return this.link.kill();
  }
}

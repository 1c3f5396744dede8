import { fileURLToPath } from 'node:url';
import { ProcessLink } from './processLink';
import type { ServerKind } from './servers';

/** How many rooms of how many, and how often each one in them sends. */
export interface LoadShape {
  readonly rooms: number;
  readonly seats: number;
  readonly fps: number;
}

/** The server that a load is for. */
export interface LoadTarget {
  readonly kind: ServerKind;
  readonly port: number;
}

/** What a load measured between its mark and its end. */
export interface LoadFigures {
  readonly sent: number;
  /** Messages that should have arrived: each one sent, at everybody else in its room. */
  readonly expected: number;
  readonly received: number;
  /** Of those, the ones that had come when sending ended. */
  readonly receivedInTime: number;
  /** Messages that came twice or after a later one of the same sender. */
  readonly disordered: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** CPU time of the load itself over the time: near 1 it measures itself. */
  readonly loadCores: number;
}

/** What the load's process can be told to do. */
export type LoadOrder =
  | { readonly do: 'open'; readonly target: LoadTarget; readonly shape: LoadShape }
  | { readonly do: 'start' }
  | { readonly do: 'mark' }
  | { readonly do: 'stop' }
  | { readonly do: 'close' }
  | { readonly do: 'storm'; readonly target: LoadTarget; readonly seats: number; readonly spreadMs: number };

export type LoadAnswer =
  | { readonly done: true }
  | { readonly figures: LoadFigures }
  | { readonly joinMs: readonly number[] };

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

import { fileURLToPath } from 'node:url';
import { ProcessLink } from './processLink';
import type { ServerKind } from './servers';

/** How many meetings of how many seats, and how often each seat sends. */
export interface LoadShape {
  readonly meetings: number;
  readonly seats: number;
  readonly fps: number;
}

/** The server under load. */
export interface LoadTarget {
  readonly kind: ServerKind;
  readonly port: number;
}

/** What a load measured between its mark and its end. */
export interface LoadFigures {
  readonly sent: number;
  /** Messages that should have arrived: each one sent, at all others in its meeting. */
  readonly expected: number;
  readonly received: number;
  /** Messages that had arrived when sending ended. */
  readonly receivedInTime: number;
  /** Messages that arrived twice or after a later one of the same sender. */
  readonly disordered: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** CPU cores that the load itself used: near 1, it measures itself. */
  readonly loadCores: number;
}

/** Orders to the load's process. */
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

  /** Fills meetings until there are `shape.meetings`. */
  async open(target: LoadTarget, shape: LoadShape): Promise<void> {
    await this.link.ask({ do: 'open', target, shape });
  }

  /** Starts to send; nothing counts yet. */
  async start(): Promise<void> {
    await this.link.ask({ do: 'start' });
  }

  /** Messages sent from now on count. */
  async mark(): Promise<void> {
    await this.link.ask({ do: 'mark' });
  }

  /** Stops sending, waits for messages in flight, and returns the figures. */
  async stop(): Promise<LoadFigures> {
    const answer = await this.link.ask({ do: 'stop' });
    if (!('figures' in answer)) throw new Error('the load gave no figures');
    return answer.figures;
  }

  /** Leaves all meetings. */
  async close(): Promise<void> {
    await this.link.ask({ do: 'close' });
  }

  /** Opens `seats` connections to a new meeting within `spreadMs`, then leaves. Returns the ms until each could send. */
  async storm(target: LoadTarget, seats: number, spreadMs: number): Promise<readonly number[]> {
    const answer = await this.link.ask({ do: 'storm', target, seats, spreadMs });
    if (!('joinMs' in answer)) throw new Error('the load gave no times');
    return answer.joinMs;
  }

  kill(): Promise<void> {
    return this.link.kill();
  }
}

import { fileURLToPath } from 'node:url';
import { ProcessLink } from '@/tools/bench/hub/processLink';

/** Hostile files to upload from thousands of addresses. */
export interface HostileOrder {
  readonly url: string;
  /** Stays in some meetings, which uploads need; each may upload about once a second. */
  readonly stays: readonly { readonly id: string; readonly stayToken: string }[];
  /** Uploads at the same time. */
  readonly parallel: number;
  readonly forMs: number;
  /** Uploads made even if they take longer than `forMs`, as they may on a busy machine. */
  readonly atLeast: number;
}

/** Answers by HTTP status; `none` where there was no answer. */
export type HostileAnswer = Readonly<Record<string, number>>;

const MODULE = fileURLToPath(new URL('hostileProcess.ts', import.meta.url));

/** A process that uploads hostile files, apart from the one that measures. */
export class HostileUploads {
  private readonly link = ProcessLink.start<HostileOrder, HostileAnswer>(MODULE, []);

  run(order: HostileOrder): Promise<HostileAnswer> {
    return this.link.ask(order);
  }

  close(): Promise<void> {
    return this.link.kill();
  }
}

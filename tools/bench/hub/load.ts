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

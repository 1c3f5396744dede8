import { type Measured, measure } from './measure';
import type { Network } from './networks';
import type { PlayerKind } from './player';
import { OUR_PLAYER, PEER_PLAYERS } from './players';
import { type SendRate, simulate } from './simulate';
import type { Truth } from './truth';

/** Runs of each clip over each network, told apart by their seed. */
const RUNS_A_CLIP = 3;
const SEED = 1000;
const SEED_A_CLIP = 10;

/** One way of playing with what it did. */
export interface Played {
  readonly name: string;
  readonly measured: Measured;
}

/** All ways of playing on one network at one rate. */
export interface Comparison {
  readonly network: Network;
  readonly rate: SendRate;
  readonly ours: Played;
  readonly peers: readonly Played[];
}

function play(truths: readonly Truth[], network: Network, rate: SendRate, kind: PlayerKind): Played {
  const runs = truths.flatMap((truth, clip) =>
    Array.from({ length: RUNS_A_CLIP }, (_, run) =>
      simulate(truth, rate, network, kind, SEED + clip * SEED_A_CLIP + run),
    ),
  );
  return { name: kind.name, measured: measure(runs) };
}

/** Plays every clip three times over `network`, with the project's playout and with every peer. */
export function compare(truths: readonly Truth[], network: Network, rate: SendRate): Comparison {
  const playWith = (kind: PlayerKind) => play(truths, network, rate, kind);
  return { network, rate, ours: playWith(OUR_PLAYER), peers: PEER_PLAYERS.map(playWith) };
}

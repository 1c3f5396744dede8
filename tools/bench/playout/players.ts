import { BufferedInterpolation } from './bufferedInterpolation';
import { FixedHermite } from './fixedHermite';
import { HoldLast } from './holdLast';
import { LerpToLatest } from './lerpToLatest';
import { ParleyPlayer } from './parleyPlayer';
import type { PlayerKind } from './player';

/** The project's own, which the others are peers of. */
export const OUR_PLAYER: PlayerKind = { name: 'Parley', create: () => new ParleyPlayer() };

/** What the project's own is compared with. */
export const PEER_PLAYERS: readonly PlayerKind[] = [
  { name: 'hold last', create: () => new HoldLast() },
  { name: 'lerp to latest', create: (fps) => new LerpToLatest(fps) },
  { name: 'buffered-interpolation 100 ms', create: () => new BufferedInterpolation(100) },
  { name: 'buffered-interpolation 150 ms', create: () => new BufferedInterpolation(150) },
  { name: 'fixed Hermite', create: (fps) => new FixedHermite(fps) },
];

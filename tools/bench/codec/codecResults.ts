import type { BenchResult } from '../benchResult';
import { type FiguresAtError, figuresAtError } from './atError';
import type { ErrorSummary } from './errorMeter';
import type { Speed } from './measureSpeed';
import { peersOf, type RateSet, usual, usualName } from './peerSet';

/** The error at which codecs are compared. */
export const COMPARED_DEG = 0.5;
/** Fifteen others, of sixteen seats. */
const OTHERS = 15;

const TARGETS = {
  bodyKbps: 4.3,
  fullKbps: 10,
  bodyMm: 2,
  wireKbps: 33,
  wireOthersKbps: 500,
  encodeUs: 40,
  decodeUs: 30,
  allocatedBytes: 0,
} as const;

/** Mean over the 22 body bones. */
export const bodyError = ({ bodyDeg }: ErrorSummary): number => bodyDeg;
/** Mean over all 52 bones. */
export const fullError = ({ allDeg }: ErrorSummary): number => allDeg;

interface PeerFigure {
  readonly name: string;
  readonly value: number;
}

type RatePick = (of: { readonly kbps: number; readonly wireKbps: number }) => number;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

function result(
  name: string,
  value: number,
  unit: string,
  digits: number,
  target: number | null,
  peers: readonly PeerFigure[] = [],
): BenchResult {
  const peer = peers.map((one) => ({ name: one.name, value: round(one.value, digits) }));
  return { name, value: round(value, digits), unit, target, better: 'lower', peer };
}

/** All at their usual setting; then those that can be set, at the same error as ours. */
function ratePeers(set: RateSet, errorOf: (errors: ErrorSummary) => number, pick: RatePick): PeerFigure[] {
  const atSameError = [set.smallestThree, ...set.deflated].map(({ codec, levels }) => ({
    name: `${codec.name} at ${COMPARED_DEG} deg`,
    value: pick(figuresAtError(levels, errorOf, COMPARED_DEG)),
  }));
  return [...peersOf(set).map((peer) => ({ name: usualName(peer), value: pick(usual(peer)) })), ...atSameError];
}

function mmPeers(set: RateSet): PeerFigure[] {
  const measured = peersOf(set).filter(({ codec }) => codec.isReadable);
  const atSameError = figuresAtError(set.smallestThree.levels, bodyError, COMPARED_DEG);
  return [
    ...measured.map((peer) => ({ name: usualName(peer), value: usual(peer).errors!.bodyMm })),
    { name: `${set.smallestThree.codec.name} at ${COMPARED_DEG} deg`, value: atSameError.bodyMm },
  ];
}

/** Payload and places of ours at half a degree, and the full pose on the wire, beside all peers. */
export function rateResults(
  body: RateSet,
  full: RateSet,
  ourBody: FiguresAtError,
  ourFull: FiguresAtError,
): BenchResult[] {
  const bodyPeers = ratePeers(body, bodyError, ({ kbps }) => kbps);
  const fullPeers = ratePeers(full, fullError, ({ kbps }) => kbps);
  const wirePeers = ratePeers(full, fullError, ({ wireKbps }) => wireKbps);
  const othersPeers = wirePeers.map(({ name, value }) => ({ name, value: value * OTHERS }));
  const wireKbps = ourFull.wireKbps;
  return [
    result('codec.body.kbps@0.5deg', ourBody.kbps, 'kbps', 2, TARGETS.bodyKbps, bodyPeers),
    result('codec.full.kbps@0.5deg', ourFull.kbps, 'kbps', 2, TARGETS.fullKbps, fullPeers),
    result('codec.body.mm@0.5deg', ourBody.bodyMm, 'mm', 2, TARGETS.bodyMm, mmPeers(body)),
    result('codec.wire.full.30fps.kbps', wireKbps, 'kbps', 1, TARGETS.wireKbps, wirePeers),
    result('codec.wire.15x.full.30fps.kbps', wireKbps * OTHERS, 'kbps', 0, TARGETS.wireOthersKbps, othersPeers),
  ];
}

/** A peer's time for a frame. */
export interface PeerSpeed {
  readonly name: string;
  readonly isReadable: boolean;
  readonly speed: Speed;
}

/** Time for a full frame on each side. */
export function speedResults(ours: Speed, peers: readonly PeerSpeed[]): BenchResult[] {
  const encode = peers.map(({ name, speed }) => ({ name, value: speed.encodeUs }));
  const decode = peers
    .filter(({ isReadable }) => isReadable)
    .map(({ name, speed }) => ({ name, value: speed.decodeUs }));
  return [
    result('codec.encode.full.us', ours.encodeUs, 'us', 1, TARGETS.encodeUs, encode),
    result('codec.decode.full.us', ours.decodeUs, 'us', 1, TARGETS.decodeUs, decode),
  ];
}

/** What both sides together leave on the heap for a frame. */
export function allocationResult(bytes: number): BenchResult {
  return result('codec.alloc.bytes_per_frame', bytes, 'bytes', 1, TARGETS.allocatedBytes);
}

/** What one sender of a tier takes on the wire at one receiver. */
export function tierResult(name: string, wireKbps: number): BenchResult {
  return result(`codec.wire.tier.${name}.kbps`, wireKbps, 'kbps', 1, null);
}

import { type BenchResult, round } from '../benchResult';
import type { ErrorSummary } from './errorMeter';
import type { Speed } from './measureCosts';
import type { RateMeasurement } from './measureRate';
import { peersOf, type RateSet, usual, usualName } from './peerSet';

/** Figures of a codec, interpolated between two of its levels. */
export interface FiguresAtError {
  readonly kbps: number;
  readonly wireKbps: number;
  readonly bodyMm: number;
  /** The level, with its fraction. */
  readonly level: number;
  readonly errors: ErrorSummary;
  /** Set if every level has a larger (`above`) or smaller (`below`) error: the figures are those of the nearest level. */
  readonly isOutside: 'above' | 'below' | null;
}

type Pick = (measurement: RateMeasurement) => number;

function between(a: RateMeasurement, b: RateMeasurement, amount: number, pick: Pick): number {
  const from = pick(a);
  const to = pick(b);
  return from > 0 && to > 0 ? from * (to / from) ** amount : from + (to - from) * amount;
}

function mix(a: RateMeasurement, b: RateMeasurement, amount: number): FiguresAtError {
  const errors = Object.fromEntries(
    Object.keys(a.errors!).map((key) => [
      key,
      between(a, b, amount, ({ errors: of }) => of![key as keyof ErrorSummary]),
    ]),
  ) as unknown as ErrorSummary;
  return {
    kbps: between(a, b, amount, ({ kbps }) => kbps),
    wireKbps: between(a, b, amount, ({ wireKbps }) => wireKbps),
    bodyMm: errors.bodyMm,
    level: a.level + (b.level - a.level) * amount,
    errors,
    isOutside: null,
  };
}

/**
 * Figures at a mean error of exactly `degrees`: straight lines between neighbouring levels on logarithmic axes.
 * `errorOf` picks the error.
 */
export function figuresAtError(
  measurements: readonly RateMeasurement[],
  errorOf: (errors: ErrorSummary) => number,
  degrees: number,
): FiguresAtError {
  const error = ({ errors }: RateMeasurement) => errorOf(errors!);
  const sorted = [...measurements].sort((a, b) => error(a) - error(b));
  const above = sorted.findIndex((measurement) => error(measurement) >= degrees);
  if (above < 0) return { ...mix(sorted.at(-1)!, sorted.at(-1)!, 0), isOutside: 'below' };
  if (above === 0 && error(sorted[0]!) > degrees) return { ...mix(sorted[0]!, sorted[0]!, 0), isOutside: 'above' };
  const b = sorted[above]!;
  const a = sorted[Math.max(0, above - 1)]!;
  const amount = a === b ? 0 : Math.log(degrees / error(a)) / Math.log(error(b) / error(a));
  return mix(a, b, amount);
}

/** The mean error at which codecs are compared. */
export const COMPARED_DEG = 0.5;
/** The others in a meeting of sixteen seats. */
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

/** All peers at their usual setting, then those with levels at the same error as ours. */
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

/** Payload and position error of ours at half a degree, and the full pose on the wire, each with all peers. */
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

/** A peer's time per frame. */
export interface PeerSpeed {
  readonly name: string;
  readonly isReadable: boolean;
  readonly speed: Speed;
}

/** Time per full frame on each side. */
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

/** What both sides together leave on the heap per frame. */
export function allocationResult(bytes: number): BenchResult {
  return result('codec.alloc.bytes_per_frame', bytes, 'bytes', 1, TARGETS.allocatedBytes);
}

/** Bit rate on the wire of one sender of a tier at one receiver. */
export function tierResult(name: string, wireKbps: number): BenchResult {
  return result(`codec.wire.tier.${name}.kbps`, wireKbps, 'kbps', 1, null);
}

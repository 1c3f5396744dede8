import { ALL_PARTS } from '@/lib/pose/pose';
import { framesPerPacket, TIERS } from '@/lib/quality/tiers';
import type { Bench, BenchResult, Say } from './benchResult';
import type { Allocation } from './codec/allocationProcess';
import { atRate, type BenchClip, BODY_PARTS, benchClip } from './codec/benchClip';
import {
  allocationResult,
  bodyError,
  COMPARED_DEG,
  type FiguresAtError,
  figuresAtError,
  fullError,
  rateResults,
  speedResults,
  tierResult,
} from './codec/codecResults';
import type { ErrorSummary } from './codec/errorMeter';
import { measureAllocation, measureSpeed } from './codec/measureCosts';
import { measureRate, type RateMeasurement } from './codec/measureRate';
import { OUR_CODEC } from './codec/ourCodec';
import {
  FRAMES_PER_PACKET,
  type Measured,
  measureRateSet,
  peersOf,
  type RateSet,
  usual,
  usualName,
} from './codec/peerSet';
import type { CorpusClip } from './motion/corpusClip';
import { loadCorpus, sayCorpus } from './motion/loadCorpus';
import { type PlotPoint, type PlotSeries, renderPlot, writePlot } from './svg/plot';
import { rangeOf } from './svg/shapes';

const fixed = (value: number, digits: number, width: number) => value.toFixed(digits).padStart(width);

function errorText(errors: ErrorSummary | null): string {
  if (errors === null) return 'not poses';
  const { bodyDeg, movingDeg, fingersDeg, allDeg, bodyMm, tipsMm, faceWeight, gazeDeg, bodyMaxDeg } = errors;
  const body = `body ${bodyDeg.toFixed(3)}° (moving bones ${movingDeg.toFixed(3)}°, max ${bodyMaxDeg.toFixed(1)}°)`;
  const places = `${bodyMm.toFixed(2)} mm, fingertips ${tipsMm.toFixed(2)} mm`;
  if (fingersDeg === 0 && faceWeight === 0) return `${body}, ${places}`;
  const rest = `all 52 ${allDeg.toFixed(3)}°, fingers ${fingersDeg.toFixed(3)}°`;
  return `${body}, ${rest}, ${places}, face ${faceWeight.toFixed(4)}, gaze ${gazeDeg.toFixed(2)}°`;
}

/** One line: size, rate and errors of a codec at a setting. */
function rateLine(name: string, { bytesPerFrame, kbps, wireKbps, errors }: RateMeasurement): string {
  const rate = `${fixed(bytesPerFrame, 1, 7)} B/frame ${fixed(kbps, 2, 8)} kbps, wire ${fixed(wireKbps, 1, 7)} kbps`;
  return `  ${name.padEnd(34)} ${rate}; ${errorText(errors)}`;
}

function sayLevels({ codec, levels }: Measured, say: Say): void {
  for (const measurement of levels) say(rateLine(`${codec.name} ${measurement.level}`, measurement));
}

/** All levels of ours and of smallest-three, and the usual setting of the others. */
function sayRates(title: string, set: RateSet, say: Say): void {
  say(`${title}, 30 fps, 2 frames a packet, headers and safety keyframes included:`);
  sayLevels(set.ours, say);
  sayLevels(set.smallestThree, say);
  for (const peer of peersOf(set)) if (peer !== set.smallestThree) say(rateLine(usualName(peer), usual(peer)));
}

/** Figures at the requested error, and whether they lie outside all levels. */
function sayAtError(title: string, figures: FiguresAtError, degrees: number, say: Say): void {
  const { kbps, wireKbps, level, errors, isOutside } = figures;
  const place =
    isOutside === null
      ? `between its levels, at ${level.toFixed(2)}`
      : `all levels lie ${isOutside} it: level ${level}`;
  say(
    `${title} at ${degrees} degrees (${place}): ${kbps.toFixed(2)} kbps, wire ${wireKbps.toFixed(1)} kbps; ${errorText(errors)}`,
  );
}

/** Exact codecs are drawn at the left edge: a logarithmic axis has no zero. */
const EXACT_DEG = 0.02;
const ERROR_TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const ERROR_MAX_DEG = 4;
const TARGET_DEG = 0.5;

type DegreesOf = (measurement: RateMeasurement) => number;

const point = (measurement: RateMeasurement, degreesOf: DegreesOf): PlotPoint => ({
  x: Math.max(EXACT_DEG, degreesOf(measurement)),
  y: measurement.kbps,
});

function curve({ levels }: Measured, label: string, colour: number, degreesOf: DegreesOf, isFull: boolean): PlotSeries {
  const points = levels.map((level) => point(level, degreesOf)).filter(({ x }) => x <= ERROR_MAX_DEG);
  const marker = colour === 0 ? 'circle' : 'square';
  return { label, isLine: true, points, colour, marker, isDashed: !isFull, isHollow: !isFull };
}

function exact(measured: Measured, colour: number, degreesOf: DegreesOf, isFull: boolean): PlotSeries {
  const which = isFull ? 'full' : 'body';
  const label = `${measured.codec.name}, ${which}`;
  return {
    label,
    isLine: false,
    points: [point(usual(measured), degreesOf)],
    colour,
    marker: 'diamond',
    isHollow: !isFull,
  };
}

function seriesOf(body: RateSet, full: RateSet): PlotSeries[] {
  const bodyDeg: DegreesOf = ({ errors }) => errors?.bodyDeg ?? 0;
  const allDeg: DegreesOf = ({ errors }) => errors?.allDeg ?? 0;
  const named = (set: RateSet, name: string) => set.plain.find(({ codec }) => codec.name === name)!;
  const both = (name: string, colour: number) => [
    exact(named(full, name), colour, allDeg, true),
    exact(named(body, name), colour, bodyDeg, false),
  ];
  return [
    curve(full.ours, 'Parley, full pose', 0, allDeg, true),
    curve(body.ours, 'Parley, body', 0, bodyDeg, false),
    curve(full.smallestThree, 'smallest-three, full', 1, allDeg, true),
    curve(body.smallestThree, 'smallest-three, body', 1, bodyDeg, false),
    curve(full.deflated[1]!, '+ deflate 6, full', 2, allDeg, true),
    curve(body.deflated[1]!, '+ deflate 6, body', 2, bodyDeg, false),
    ...both('msgpack float32', 3),
    ...both('JSON quaternions', 4),
    ...both('JSON landmarks', 6),
  ];
}

/** Rate against error of every codec, as an SVG document. `note` says what it was measured on. */
function renderCodecPlot(body: RateSet, full: RateSet, note: string): string {
  const series = seriesOf(body, full);
  const rates = series.flatMap(({ points }) => points.map(({ y }) => y));
  return renderPlot({
    title: 'Bit rate of a pose against its error',
    note,
    x: {
      label: 'mean rotation error, degrees (left edge: exact)',
      scale: 'log',
      min: EXACT_DEG,
      max: ERROR_MAX_DEG,
      ticks: ERROR_TICKS.filter((tick) => tick <= ERROR_MAX_DEG),
    },
    y: { label: 'payload at 30 fps, kbps', scale: 'log', ...rangeOf(rates, 'log', 0.06) },
    series,
    targets: [{ axis: 'x', value: TARGET_DEG, label: '0.5°' }],
  });
}

/** The compression level of the measurements of batches, single clips and speed. */
const LEVEL = TIERS.high.compression;

/** The corpus as it is encoded: the body alone, and whole poses. */
interface BenchClips {
  readonly names: readonly string[];
  readonly body: readonly BenchClip[];
  readonly full: readonly BenchClip[];
}

function measureSpeeds(full: RateSet, clips: readonly BenchClip[], say: Say): BenchResult[] {
  const speedOf = ({ codec }: Measured, level: number) => {
    const speed = measureSpeed(codec, level, FRAMES_PER_PACKET, clips);
    say(`  ${codec.name.padEnd(34)} encode ${speed.encodeUs.toFixed(1)} us, decode ${speed.decodeUs.toFixed(1)} us`);
    return speed;
  };
  say('Time for a full frame, median of warm runs:');
  const ours = speedOf(full.ours, LEVEL);
  const peers = peersOf(full).map((peer) => ({
    name: usualName(peer),
    isReadable: peer.codec.isReadable,
    speed: speedOf(peer, usual(peer).level),
  }));
  return speedResults(ours, peers);
}

function sayBatches({ full }: BenchClips, say: Say): void {
  say(`Frames a packet, full pose, level ${LEVEL}:`);
  for (const frames of [1, 2, 3]) {
    const measured = measureRate(OUR_CODEC, LEVEL, frames, full);
    const channel = `over a data channel ${measured.dataChannelKbps.toFixed(1)} kbps`;
    say(`${rateLine(`${frames} a packet`, measured)}; ${channel}; largest ${measured.packetMaxBytes} B`);
  }
}

function sayClips({ names, body, full }: BenchClips, say: Say): void {
  say(`Each clip, level ${LEVEL}:`);
  names.forEach((name, index) => {
    say(rateLine(`${name}, body`, measureRate(OUR_CODEC, LEVEL, FRAMES_PER_PACKET, [body[index]!])));
    say(rateLine(`${name}, full`, measureRate(OUR_CODEC, LEVEL, FRAMES_PER_PACKET, [full[index]!])));
  });
}

function measureTiers({ full }: BenchClips, say: Say): BenchResult[] {
  say('Full poses as the tiers send them:');
  return Object.values(TIERS).map((tier) => {
    const frames = framesPerPacket(tier);
    const clips = full.map((clip) => atRate(clip, tier.fps));
    const measured = measureRate(OUR_CODEC, tier.compression, frames, clips);
    say(rateLine(`${tier.name}: ${tier.fps} fps, level ${tier.compression}, ${frames} a packet`, measured));
    return tierResult(tier.name, measured.wireKbps);
  });
}

function sayAllocation({ encodeBytes, decodeBytes, floorBytes }: Allocation, say: Say): void {
  const sides = `encode ${encodeBytes.toFixed(1)} B, decode ${decodeBytes.toFixed(1)} B`;
  say(`Median: ${sides}; the measurement itself, with nothing called: ${floorBytes.toFixed(1)} B`);
}

function plotNote(corpus: readonly CorpusClip[], clipsDir: string | null): string {
  const seconds = corpus.reduce((sum, { poses, fps }) => sum + poses.length / fps, 0);
  const source = clipsDir === null ? 'generated clips' : 'recorded motion';
  return `${corpus.length} clips, ${seconds.toFixed(0)} s of ${source}; 30 fps, 2 frames a packet, headers included`;
}

/** The pose codec and its peers: rate, error, wire, speed and allocation, and a plot of rate against error. */
export const codecBench: Bench = async ({ clipsDir, facePath }, say) => {
  const corpus = loadCorpus(clipsDir, { facePath, say });
  sayCorpus(corpus, say);
  const clips: BenchClips = {
    names: corpus.map(({ name }) => name),
    body: corpus.map((clip) => benchClip(clip, BODY_PARTS)),
    full: corpus.map((clip) => benchClip(clip, ALL_PARTS)),
  };
  const body = measureRateSet(clips.body);
  const full = measureRateSet(clips.full);
  sayRates('Body (hips and 22 bones)', body, say);
  sayRates('Full (52 bones, face, gaze)', full, say);
  sayBatches(clips, say);
  sayClips(clips, say);
  const ourBody = figuresAtError(body.ours.levels, bodyError, COMPARED_DEG);
  const ourFull = figuresAtError(full.ours.levels, fullError, COMPARED_DEG);
  sayAtError('Body', ourBody, COMPARED_DEG, say);
  sayAtError('Full', ourFull, COMPARED_DEG, say);
  const tiers = measureTiers(clips, say);
  const speeds = measureSpeeds(full, clips.full, say);
  const allocation = measureAllocation(clipsDir, facePath, say);
  sayAllocation(allocation, say);
  writePlot('codec', renderCodecPlot(body, full, plotNote(corpus, clipsDir)));
  const allocated = allocationResult(allocation.encodeBytes + allocation.decodeBytes);
  return [...rateResults(body, full, ourBody, ourFull), ...speeds, allocated, ...tiers];
};

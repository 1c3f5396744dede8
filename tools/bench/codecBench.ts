import { ALL_PARTS } from '@/lib/pose/pose';
import { framesPerPacket, TIERS } from '@/lib/quality/tiers';
import type { Bench, BenchResult } from './benchResult';
import type { Allocation } from './codec/allocationProcess';
import { figuresAtError } from './codec/atError';
import { atRate } from './codec/atRate';
import { type BenchClip, BODY_PARTS, benchClip } from './codec/benchClip';
import { renderCodecPlot, writeCodecPlot } from './codec/codecPlot';
import { rateLine, sayAtError, sayCorpus, sayRates } from './codec/codecReport';
import {
  allocationResult,
  bodyError,
  COMPARED_DEG,
  fullError,
  rateResults,
  speedResults,
  tierResult,
} from './codec/codecResults';
import { measureAllocation } from './codec/measureAllocation';
import { measureRate } from './codec/measureRate';
import { measureSpeed } from './codec/measureSpeed';
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
import { loadCorpus } from './motion/loadCorpus';

/** The level at which batches, single clips and speed are measured. */
const LEVEL = TIERS.high.compression;

type Say = (line: string) => void;

/** The corpus as it is coded: without face and fingers, and whole. */
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
  const source = clipsDir === null ? 'clips the project makes itself' : 'recorded motion';
  return `${corpus.length} clips, ${seconds.toFixed(0)} s of ${source}; 30 fps, 2 frames a packet, headers included`;
}

/** The pose codec beside its peers: rate, error, wire, speed and allocation, and a plot of rate against error. */
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
  writeCodecPlot(renderCodecPlot(body, full, plotNote(corpus, clipsDir)));
  const allocated = allocationResult(allocation.encodeBytes + allocation.decodeBytes);
  return [...rateResults(body, full, ourBody, ourFull), ...speeds, allocated, ...tiers];
};

import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import { CORPUS_FPS } from '../motion/corpusClip';
import { loadCorpus } from '../motion/loadCorpus';
import { createOurDecoder, createOurEncoder } from './ourCodec';

/** Bytes left on the heap for one frame in steady state. */
export interface Allocation {
  readonly encodeBytes: number;
  readonly decodeBytes: number;
  /** What the measurement shows where nothing is called. */
  readonly floorBytes: number;
}

const FRAMES = 20_000;
const FRAMES_PER_PACKET = 2;
const COMPRESSION = 3;
/**
 * Between two looks at the heap, so few that it is seldom collected in between. Nothing is collected on purpose: that makes
 * the engine drop compiled code, and making it anew would be counted.
 */
const CHUNK_FRAMES = 200;
/** Chunks in which something was freed don't count; few may be so. */
const MEASURED_SHARE_MIN = 0.9;

/** Bytes on the heap and in buffers beside it. */
function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What a look at the heap leaves there itself: the least of many. */
function ownBytes(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k += 1) least = Math.min(least, -(usedBytes() - usedBytes()));
  return least;
}

/** Growth of the heap over one chunk of frames, or null where something was freed meanwhile. */
function growthOfChunk(from: number, own: number, call: (frame: number) => void): number | null {
  const before = usedBytes();
  for (let frame = from; frame < from + CHUNK_FRAMES; frame += 1) call(frame);
  const growth = usedBytes() - before - own;
  return growth < -own ? null : Math.max(0, growth);
}

/** Mean growth of the heap for each frame, warm; `call` is given every frame in turn. */
function bytesPerFrame(call: (frame: number) => void): number {
  for (let frame = 0; frame < FRAMES; frame += 1) call(frame);
  const own = ownBytes();
  const growths = Array.from({ length: FRAMES / CHUNK_FRAMES }, (_, chunk) =>
    growthOfChunk(FRAMES + chunk * CHUNK_FRAMES, own, call),
  );
  const measured = growths.filter((growth) => growth !== null);
  if (measured.length < MEASURED_SHARE_MIN * growths.length) throw new Error('the heap was collected all the time');
  return measured.reduce((sum, growth) => sum + growth, 0) / (measured.length * CHUNK_FRAMES);
}

function measure(poses: readonly Pose[]): Allocation {
  const encoder = createOurEncoder();
  encoder.framesPerPacket = FRAMES_PER_PACKET;
  encoder.compression = COMPRESSION;
  const packets: Uint8Array[] = [];
  const timeOf = (frame: number) => Math.round((frame * 1000) / CORPUS_FPS);
  const poseOf = (frame: number) => poses[frame % poses.length]!;
  for (let frame = 0; frame < 2 * FRAMES; frame += 1) {
    const size = encoder.encode(poseOf(frame), timeOf(frame));
    if (size > 0) packets.push(encoder.packet.slice(0, size));
  }
  const framesAPacket = (2 * FRAMES) / packets.length;
  const encodeBytes = bytesPerFrame((frame) => {
    encoder.encode(poseOf(frame), timeOf(2 * FRAMES + frame));
  });
  const decoder = createOurDecoder();
  const shown = createPose();
  const show = (pose: Pose) => {
    copyPose(pose, shown);
  };
  let next = 0;
  const decodeBytes = bytesPerFrame((frame) => {
    if (frame < next * framesAPacket) return;
    decoder.decode(packets[next]!, show);
    next += 1;
  });
  return { encodeBytes, decodeBytes, floorBytes: bytesPerFrame(() => {}) };
}

/** Started by the benchmark as a process of its own, so that nothing else is on its heap: prints one line of JSON. */
const [clipsDir = '', facePath = ''] = process.argv.slice(2);
const poses = loadCorpus(clipsDir || null, { facePath: facePath || null, say: () => {} }).flatMap((clip) => clip.poses);
console.log(JSON.stringify(measure(poses)));

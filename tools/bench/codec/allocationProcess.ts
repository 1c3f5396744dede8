import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import { bytesPerCall } from '../heapGrowth';
import { CORPUS_FPS } from '../motion/corpusClip';
import { loadCorpus } from '../motion/loadCorpus';
import { createOurDecoder, createOurEncoder } from './ourCodec';

/** Bytes left on the heap for one frame in steady state. */
export interface Allocation {
  readonly encodeBytes: number;
  readonly decodeBytes: number;
  /** What the measurement shows if nothing is called. */
  readonly floorBytes: number;
}

const FRAMES = 20_000;
const FRAMES_PER_PACKET = 2;
const COMPRESSION = 3;

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
  const encodeBytes = bytesPerCall((frame) => {
    encoder.encode(poseOf(frame), timeOf(2 * FRAMES + frame));
  });
  const decoder = createOurDecoder();
  const shown = createPose();
  const show = (pose: Pose) => {
    copyPose(pose, shown);
  };
  let next = 0;
  const decodeBytes = bytesPerCall((frame) => {
    if (frame < next * framesAPacket) return;
    decoder.decode(packets[next]!, show);
    next += 1;
  });
  return { encodeBytes, decodeBytes, floorBytes: bytesPerCall(() => {}) };
}

/** Started by the benchmark as a process of its own, so that nothing else is on its heap: prints one line of JSON. */
const [clipsDir = '', facePath = ''] = process.argv.slice(2);
const poses = loadCorpus(clipsDir || null, { facePath: facePath || null, say: () => {} }).flatMap((clip) => clip.poses);
console.log(JSON.stringify(measure(poses)));

import type { FrameSink } from '@/lib/codec/codec';
import { median } from '../benchResult';
import type { BenchClip } from './benchClip';
import type { CodecUnderTest } from './codecUnderTest';

/** Time for one frame, medians over packets, microseconds. */
export interface Speed {
  readonly encodeUs: number;
  readonly decodeUs: number;
}

/** Every clip is sent this often; the first rounds fill the caches and let the compiler do its work. */
const ROUNDS = 6;
const WARM_ROUNDS = 3;

const ignore: FrameSink = () => {};

interface Samples {
  readonly encodeUs: number[];
  readonly decodeUs: number[];
}

function sendClip(
  codec: CodecUnderTest,
  level: number,
  frames: number,
  clip: BenchClip,
  samples: Samples | null,
): void {
  const session = codec.open(level, frames);
  let encodeMs = 0;
  clip.poses.forEach((pose, frame) => {
    const startMs = performance.now();
    const isFinished = session.encode(pose, (frame * 1000) / clip.fps);
    encodeMs += performance.now() - startMs;
    if (!isFinished) return;
    const packet = session.packet();
    const decodeStartMs = performance.now();
    session.decode(packet, ignore);
    const decodeMs = performance.now() - decodeStartMs;
    samples?.encodeUs.push((encodeMs * 1000) / frames);
    samples?.decodeUs.push((decodeMs * 1000) / frames);
    encodeMs = 0;
  });
}

/** Time that a frame takes on each side, warm, with packets of `framesPerPacket` frames. */
export function measureSpeed(
  codec: CodecUnderTest,
  level: number,
  framesPerPacket: number,
  clips: readonly BenchClip[],
): Speed {
  const samples: Samples = { encodeUs: [], decodeUs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const clip of clips) sendClip(codec, level, framesPerPacket, clip, round < WARM_ROUNDS ? null : samples);
  }
  return { encodeUs: median(samples.encodeUs), decodeUs: median(samples.decodeUs) };
}

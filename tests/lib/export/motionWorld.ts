import { isKeyframe } from '@/lib/codec/packetHeader';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { copyPose, createPose, type Pose, PosePart } from '@/lib/pose/pose';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';

/** A frame as it was decoded, with the time that it should get in the recording. */
export interface TimedFrame {
  readonly pose: Pose;
  readonly timeMs: number;
}

/** What is recorded of a person. */
export interface SentMotion {
  readonly personId: string;
  readonly sourceId: string;
  readonly poses: readonly Pose[];
  readonly fps: number;
  /** The recording's time of the first pose. */
  readonly fromMs: number;
  /** The sender's clock at that time. */
  readonly senderFromMs: number;
  /** How long the packet of frame `frame` is on its way, ms. */
  readonly transitMs: (frame: number) => number;
}

/** The least that a packet is on its way. */
const TRANSIT_MS = 30;

function posesOf(name: string, seconds: number): readonly Pose[] {
  const { poses, fps } = loadCorpus(null, { say: () => {} }).find((clip) => clip.name === name)!;
  return poses.slice(0, Math.round(seconds * fps));
}

/** A motion of whole poses at 30 frames a second: somebody lively, `seconds` long. */
export function livelyPoses(seconds: number): readonly Pose[] {
  return posesOf('made-lively', seconds);
}

/** A motion of the body alone: somebody who dances. */
export function bodyPoses(seconds: number): readonly Pose[] {
  const parts = PosePart.hips | PosePart.upperBody | PosePart.legs;
  return posesOf('made-dance', seconds).map(({ values }) => ({ values, parts }));
}

export function sent(motion: Partial<SentMotion> & Pick<SentMotion, 'poses'>): SentMotion {
  return {
    personId: 'ana',
    sourceId: 'e1',
    fps: 30,
    fromMs: 0,
    senderFromMs: 500_000,
    transitMs: () => TRANSIT_MS,
    ...motion,
  };
}

/**
 * Writes the packets of a motion as they come to a recorder. Returns the frames that a live receiver decodes from them; a frame's time is that of
 * its capture plus the fastest transit.
 */
export function record(made: MadeRecording, motion: SentMotion): TimedFrame[] {
  const { poses, fps, fromMs, senderFromMs, transitMs } = motion;
  const encoder = new RangePoseEncoder();
  encoder.compression = 3;
  encoder.framesPerPacket = 2;
  const decoder = new RangePoseDecoder();
  const track = made.writer.trackOf('pose', motion.personId, motion.sourceId);
  const frames: TimedFrame[] = [];
  poses.forEach((pose, frame) => {
    const afterMs = Math.round((frame * 1000) / fps);
    const sizeBytes = encoder.encode(pose, senderFromMs + afterMs);
    if (sizeBytes === 0) return;
    const packet = encoder.packet.slice(0, sizeBytes);
    made.writer.appendPose(track, fromMs + afterMs + transitMs(frame), packet, isKeyframe(packet));
    decoder.decode(packet, (decoded, senderMs) => {
      const timeMs = senderMs - senderFromMs + fromMs + TRANSIT_MS;
      frames.push({ pose: copyPose(decoded, createPose()), timeMs });
    });
  });
  return frames;
}

/** A recording of one motion, ended, and the frames in it. */
export function recorded(motion: SentMotion): { readonly made: MadeRecording; readonly frames: TimedFrame[] } {
  const made = makeRecording();
  const frames = record(made, motion);
  made.writer.end(motion.fromMs + (motion.poses.length * 1000) / motion.fps + 100);
  return { made, frames };
}

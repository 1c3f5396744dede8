import { Capture, type CaptureStats } from '@/lib/capture/capture';
import { LandmarkWorkerClient } from '@/lib/capture/landmarkWorkerClient';
import type { LandmarkFrame } from '@/lib/core/landmarks';
import { WebcamMotion } from '@/lib/meeting/webcamMotion';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';

/** A landmark frame as plain data. */
export interface PlainFrame {
  readonly timeMs: number;
  readonly body: { readonly world: number[]; readonly image: number[]; readonly visibility: number[] } | null;
  readonly face: { readonly matrix: number[]; readonly blendshapes: number[] } | null;
  readonly leftHand: { readonly world: number[]; readonly image: number[]; readonly score: number } | null;
  readonly rightHand: { readonly world: number[]; readonly image: number[]; readonly score: number } | null;
}

/** What the page exposes to the test. */
export interface CapturePage {
  /** Opens the webcam; resolves with null, or the reason for a failure. */
  openCapture(): Promise<{ readonly reason: string; readonly detail: string } | null>;
  /** The next `count` frames. */
  takeFrames(count: number): Promise<PlainFrame[]>;
  /** Resolves after `count` more frames, each solved into a pose. */
  countFrames(count: number): Promise<void>;
  captureStats(): CaptureStats;
  closeCapture(): void;
}

let capture: Capture | null = null;

const motion = new WebcamMotion();
const idle = createIdleSource(1);
const pose = createPose();

function hand(reading: LandmarkFrame['leftHand']): PlainFrame['leftHand'] {
  return reading && { world: [...reading.world], image: [...reading.image], score: reading.score };
}

function plain({ timeMs, body, face, leftHand, rightHand }: LandmarkFrame): PlainFrame {
  return {
    timeMs,
    body: body && { world: [...body.world], image: [...body.image], visibility: [...body.visibility] },
    face: face && { matrix: [...face.matrix], blendshapes: [...face.blendshapes] },
    leftHand: hand(leftHand),
    rightHand: hand(rightHand),
  };
}

const page: CapturePage = {
  async openCapture() {
    capture = new Capture({ createClient: () => new LandmarkWorkerClient(new Worker('/worker.js')) });
    try {
      await capture.open('');
      return null;
    } catch (error) {
      const { reason, detail } = error as { reason: string; detail: string };
      return { reason, detail };
    }
  },
  takeFrames(count) {
    const frames: PlainFrame[] = [];
    return new Promise((resolve, reject) => {
      const stop = capture?.events.on('landmarks', (frame) => {
        if (frames.push(plain(frame)) < count) return;
        stop?.();
        resolve(frames);
      });
      capture?.events.on('failed', reject);
    });
  },
  countFrames(count) {
    let frames = 0;
    return new Promise((resolve, reject) => {
      const stop = capture?.events.on('landmarks', (frame) => {
        motion.take(frame);
        motion.sampleOver(idle, frame.timeMs, pose);
        frames += 1;
        if (frames < count) return;
        stop?.();
        resolve();
      });
      capture?.events.on('failed', reject);
    });
  },
  captureStats() {
    return capture!.stats(performance.now());
  },
  closeCapture() {
    capture?.close();
  },
};

Object.assign(globalThis, page);

import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import { isClip, loadClip, MotionUnreachableError } from '@/app/_session/loadMotion';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { pageWebcam } from '@/app/_session/webcamSession';
import type { MotionSource } from '@/lib/motion/motionSource';

/** Why a motion can't be played, as a text of the catalogue. */
export interface MotionProblem {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

async function problemOf(error: unknown): Promise<MotionProblem> {
  if (error instanceof MotionUnreachableError) return { key: 'bvh.unreachable' };
  const { BvhError } = await import('@/lib/motion/bvhClip');
  if (!(error instanceof BvhError)) return { key: 'bvh.unreadable' };
  return { key: `bvh.${error.reason}`, values: { line: error.line, detail: error.detail } };
}

/** The lobby always idles the same way, so that an avatar behaves as it did before. */
const LOBBY_IDLE_SEED = 7;

/** Loads the motion of a choice, or says what is wrong with it. Readers are loaded when needed. */
export async function previewMotion(
  motion: MotionChoice,
): Promise<{ source: MotionSource } | { problem: MotionProblem }> {
  if (!isClip(motion)) {
    const { createIdleSource } = await import('@/lib/motion/idleSource');
    const idle = createIdleSource(LOBBY_IDLE_SEED);
    return { source: motion.kind === 'webcam' ? pageWebcam().over(idle) : idle };
  }
  try {
    return { source: await loadClip(motion) };
  } catch (error) {
    return { problem: await problemOf(error) };
  }
}

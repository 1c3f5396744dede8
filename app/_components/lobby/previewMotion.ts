import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MotionSource } from '@/lib/motion/motionSource';

/** Why a motion can't be played: a sentence of the catalogue with its values. */
export interface MotionProblem {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

async function problemOf(error: unknown): Promise<MotionProblem> {
  const { BvhError } = await import('@/lib/motion/bvhError');
  if (!(error instanceof BvhError)) return { key: 'bvh.unreadable' };
  return { key: `bvh.${error.reason}`, values: { line: error.line, detail: error.detail } };
}

async function fetchText(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** Reads a BVH choice into something that moves, or into what is wrong with it. The reader is loaded when needed. */
export async function previewMotion(
  motion: Exclude<MotionChoice, { kind: 'idle' }>,
): Promise<{ source: MotionSource } | { problem: MotionProblem }> {
  const text = motion.kind === 'bvhFile' ? motion.text : await fetchText(motion.url);
  if (text === null) return { problem: { key: 'bvh.unreached' } };
  try {
    const { createBvhSource } = await import('@/lib/motion/bvhSource');
    return { source: createBvhSource(text) };
  } catch (error) {
    return { problem: await problemOf(error) };
  }
}

import { fnv1a } from '@/lib/core/hash';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { MotionChoice } from './sessionContract';

/** The clip could not be fetched. */
export class MotionUnreachableError extends Error {}

async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new MotionUnreachableError(`Nothing answers at ${url}.`, { cause });
  });
  if (!answer.ok) throw new MotionUnreachableError(`${url} answers ${answer.status}.`);
  return answer.text();
}

/** A recorded motion. */
export type ClipChoice = Extract<MotionChoice, { kind: 'bvhFile' | 'bvhUrl' }>;

/** Whether `choice` is a recorded motion. */
export function isClip(choice: MotionChoice): choice is ClipChoice {
  return choice.kind === 'bvhFile' || choice.kind === 'bvhUrl';
}

/** Loads a recorded motion. The BVH reader is loaded only then. */
export async function loadClip(choice: ClipChoice): Promise<MotionSource> {
  const text = choice.kind === 'bvhFile' ? choice.text : await fetchText(choice.url);
  const { createBvhSource } = await import('@/lib/motion/bvhSource');
  return createBvhSource(text);
}

/** The idle motion of one person; each person has their own. */
export async function loadIdle(personId: string): Promise<MotionSource> {
  const { createIdleSource } = await import('@/lib/motion/idleSource');
  return createIdleSource(fnv1a(personId));
}

import type { MotionSource } from '@/lib/motion/motionSource';
import type { MotionChoice } from './sessionContract';

/** The clip's address gave no text. */
export class MotionUnreachableError extends Error {}

async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new MotionUnreachableError(`Nothing answers at ${url}.`, { cause });
  });
  if (!answer.ok) throw new MotionUnreachableError(`${url} answers ${answer.status}.`);
  return answer.text();
}

/** A whole number from a person's id, so that everybody idles in their own way. */
function seedOf(personId: string): number {
  let seed = 0;
  for (const character of personId) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) | 0;
  return seed;
}

/** Makes what a person chose into something that moves. The BVH reader is loaded only where a clip is played. */
export async function loadClip(choice: Exclude<MotionChoice, { kind: 'idle' }>): Promise<MotionSource> {
  const text = choice.kind === 'bvhFile' ? choice.text : await fetchText(choice.url);
  const { createBvhSource } = await import('@/lib/motion/bvhSource');
  return createBvhSource(text);
}

/** The natural idle of one person. */
export async function loadIdle(personId: string): Promise<MotionSource> {
  const { createIdleSource } = await import('@/lib/motion/idleSource');
  return createIdleSource(seedOf(personId));
}

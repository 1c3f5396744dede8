'use client';

import { useFrame, useThree } from '@react-three/fiber';
import { useEffect, useMemo, useState } from 'react';
import { systemClock } from '@/lib/core/clock';
import { createIdleSource } from '@/lib/motion/idleSource';
import { useFrameDriver } from './frameDriver';
import { PeopleWorld, type PicturedPerson, type PictureFrame } from './peopleWorld';
import { SceneCanvas } from './SceneCanvas';
import { useInView } from './useInView';
import { type FrameElements, roundWindows, usePictureFrames } from './usePictureFrames';

export interface PeoplePreviewProps {
  /** Who is shown, a reference each (see `parseAvatarRef`). Keep the same array between renders. */
  readonly avatars: readonly string[];
  /** In whose places they are drawn, in the same order. All lie within the parent, which has a position. */
  readonly frames: FrameElements;
  /** They rest, and are drawn again only when they change. */
  readonly reducedMotion: boolean;
  /** Called once everybody is drawn. */
  onReady(): void;
  /** Called where the browser can't draw. */
  onUnsupported(): void;
}

interface StageProps {
  readonly people: readonly PicturedPerson[];
  readonly frames: readonly PictureFrame[];
  /** Called after each time `people` or `frames` are others, once they are drawn so. */
  onSettled(): void;
}

function Stage({ people, frames, onSettled }: StageProps) {
  const { scene, gl } = useThree();
  const [world, setWorld] = useState<PeopleWorld | null>(null);
  useEffect(() => {
    const made = new PeopleWorld(scene, gl, systemClock);
    setWorld(made);
    return () => made.dispose();
  }, [scene, gl]);
  useEffect(() => world?.setPeople(people), [world, people]);
  useEffect(() => world?.setFrames(frames), [world, frames]);
  useFrameDriver(world, () => {});
  useFrame(() => {
    if (world?.isSettled) onSettled();
  }, 2);
  return null;
}

const COVER = { position: 'absolute', inset: 0, pointerEvents: 'none' } as const;

/** Live heads in round frames of the page, all on one canvas. Rests while nobody can see it. Decorative. */
export function PeoplePreview({ avatars, frames, reducedMotion, onReady, onUnsupported }: PeoplePreviewProps) {
  const [ref, isInView] = useInView();
  const places = usePictureFrames(ref, frames);
  const people = useMemo(
    () =>
      avatars.map((avatar, seed) => ({ avatar, source: reducedMotion ? undefined : createIdleSource(SEED + seed) })),
    [avatars, reducedMotion],
  );
  const [settled, setSettled] = useState<unknown>(null);
  const rests = reducedMotion && settled === people;
  return (
    <div ref={ref} style={{ ...COVER, clipPath: roundWindows(places) }} aria-hidden="true">
      <SceneCanvas frames={isInView && !rests ? 'always' : 'never'} isTransparent onUnsupported={onUnsupported}>
        <Stage
          people={people}
          frames={places}
          onSettled={() => {
            if (settled === people) return;
            setSettled(people);
            onReady();
          }}
        />
      </SceneCanvas>
    </div>
  );
}

/** Not the seed of the large avatar beside them: nobody nods in step. */
const SEED = 101;

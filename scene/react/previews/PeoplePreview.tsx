'use client';

import { useFrame, useThree } from '@react-three/fiber';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { systemClock } from '@/lib/core/clock';
import { createIdleSource } from '@/lib/motion/idleSource';
import { SceneCanvas } from '../SceneCanvas';
import { PeopleWorld, type PicturedPerson, type PictureFrame } from './peopleWorld';
import { useInView } from './useInView';

/** Elements over which people are drawn. */
type FrameElements = RefObject<readonly (HTMLElement | null)[]>;

function frameIn(host: DOMRect, element: HTMLElement): PictureFrame {
  const { left, top, width } = element.getBoundingClientRect();
  return { leftPx: left - host.left, topPx: top - host.top, sizePx: width };
}

/** Where `elements` lie on `host`, measured again whenever `host` changes its size. */
function usePictureFrames(host: RefObject<HTMLElement | null>, elements: FrameElements): readonly PictureFrame[] {
  const [frames, setFrames] = useState<readonly PictureFrame[]>([]);
  useEffect(() => {
    const observed = host.current!;
    const observer = new ResizeObserver(() => {
      const box = observed.getBoundingClientRect();
      setFrames(elements.current.filter((element) => element !== null).map((element) => frameIn(box, element)));
    });
    observer.observe(observed);
    return () => observer.disconnect();
  }, [host, elements]);
  return frames;
}

/** Round windows over the frames as a CSS clip path, so that nothing is drawn between them. */
export function roundWindows(frames: readonly PictureFrame[]): string {
  const circle = ({ leftPx, topPx, sizePx }: PictureFrame) => {
    const radius = sizePx / 2;
    const arc = `a ${radius} ${radius} 0 1 0`;
    return `M ${leftPx} ${topPx + radius} ${arc} ${sizePx} 0 ${arc} ${-sizePx} 0 Z`;
  };
  return `path("${frames.map(circle).join(' ')}")`;
}

export interface PeoplePreviewProps {
  /**
   * References of the avatars (see `parseAvatarRef`); null leaves a frame empty. Keep the same array between renders.
   */
  readonly avatars: PeopleDrawn;
  /** The elements over which they are drawn, in the same order. All lie within the parent, which is positioned. */
  readonly frames: FrameElements;
  /** Whether the avatars rest, and are drawn again only when they change. */
  readonly isStill: boolean;
  /** Called once these `avatars` are drawn. */
  onDrawn(avatars: PeopleDrawn): void;
  /** Called where the browser can't draw. */
  onUnsupported(): void;
}

export type PeopleDrawn = readonly (string | null)[];

interface StageProps {
  readonly people: readonly (PicturedPerson | null)[];
  readonly frames: readonly PictureFrame[];
  /** Called after each change of `people` or `frames`, once it is drawn. */
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
  const applied = useRef<unknown[]>([]);
  useEffect(() => {
    world?.setPeople(people);
    world?.setFrames(frames);
    applied.current = [world, people, frames];
  }, [world, people, frames]);
  // Never coarser: pictures a thumb wide cost little. A priority above 0 takes rendering over.
  useFrame(() => world?.frame(), 1);
  useFrame(() => {
    const [drawn, drawnPeople, drawnFrames] = applied.current;
    if (world?.isSettled && drawn === world && drawnPeople === people && drawnFrames === frames) onSettled();
  }, 2);
  return null;
}

const COVER = { position: 'absolute', inset: 0, pointerEvents: 'none' } as const;

/** Not the seed of the large avatar beside them, so that they do not nod in step. */
const SEED = 101;

function pictured(avatar: string | null, index: number, isStill: boolean): PicturedPerson | null {
  return avatar === null ? null : { avatar, source: isStill ? undefined : createIdleSource(SEED + index) };
}

/** Live heads in round frames of the page, all on one canvas. Rests while out of sight. Decorative. */
export function PeoplePreview({ avatars, frames, isStill, onDrawn, onUnsupported }: PeoplePreviewProps) {
  const [ref, isInView] = useInView();
  const places = usePictureFrames(ref, frames);
  const people = useMemo(() => avatars.map((avatar, index) => pictured(avatar, index, isStill)), [avatars, isStill]);
  const [drawn, setDrawn] = useState<readonly unknown[]>([]);
  const isDrawn = drawn[0] === people && drawn[1] === places;
  return (
    <div ref={ref} style={{ ...COVER, clipPath: roundWindows(places) }} aria-hidden="true">
      <SceneCanvas
        frames={isInView && !(isStill && isDrawn) ? 'always' : 'never'}
        isTransparent
        pixelRatioMin={2}
        onUnsupported={onUnsupported}
      >
        <Stage
          people={people}
          frames={places}
          onSettled={() => {
            if (isDrawn || places.length === 0) return;
            setDrawn([people, places]);
            onDrawn(avatars);
          }}
        />
      </SceneCanvas>
    </div>
  );
}

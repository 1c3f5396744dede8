'use client';

import { useMemo, useState } from 'react';
import type { AvatarKey } from '@/lib/core/avatars';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { RoomMood } from '../sceneContract';
import { PreviewCanvas } from './PreviewCanvas';
import { createTalkStage } from './previewStages';
import { useInView } from './useInView';

export interface HomeVignetteProps {
  readonly avatars?: readonly [AvatarKey, AvatarKey];
  readonly mood?: RoomMood;
  /** A still picture instead of a live one. */
  readonly reducedMotion: boolean;
  /** Called once the first frame has been drawn. */
  onReady?(): void;
  /** Called where the browser can't draw. */
  onUnsupported?(): void;
}

const PAIR: readonly [AvatarKey, AvatarKey] = ['cleo', 'bo'];
const SEEDS = [11, 29] as const;
/** A moment of the motion at which both sit well, for the still picture. */
const STILL_AT_MS = 4200;

/** Holds one moment of a source. */
function frozen(source: MotionSource): MotionSource {
  return { sample: (_timeMs, out) => source.sample(STILL_AT_MS, out) };
}

function sourceFor(seed: number, isStill: boolean): MotionSource {
  const source = createIdleSource(seed);
  return isStill ? frozen(source) : source;
}

function framesFor(isInView: boolean, isStill: boolean): 'always' | 'demand' | 'never' {
  if (!isInView) return 'never';
  return isStill ? 'demand' : 'always';
}

/** Two people who talk across a small table, behind the home page. Rests while out of sight. Fills its parent. */
export function HomeVignette({
  avatars = PAIR,
  mood = 'day',
  reducedMotion,
  onReady,
  onUnsupported,
}: HomeVignetteProps) {
  const [ref, isInView] = useInView();
  const [isStillDrawn, setStillDrawn] = useState(false);
  const [left, right] = avatars;
  const people = useMemo(
    () => [
      { avatar: left, source: sourceFor(SEEDS[0], reducedMotion) },
      { avatar: right, source: sourceFor(SEEDS[1], reducedMotion) },
    ],
    [left, right, reducedMotion],
  );
  return (
    <div ref={ref} style={{ width: '100%', height: '100%' }} aria-hidden="true">
      <PreviewCanvas
        people={people}
        createStage={createTalkStage}
        mood={mood}
        frames={framesFor(isInView, reducedMotion && isStillDrawn)}
        onReady={onReady}
        onSettled={() => setStillDrawn(true)}
        onUnsupported={onUnsupported}
      />
    </div>
  );
}

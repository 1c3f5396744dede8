'use client';

import { useCallback, useMemo } from 'react';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { RoomMood } from '../sceneContract';
import { PreviewCanvas } from './PreviewCanvas';
import { createPortraitStage, type PreviewFraming } from './previewStages';
import { useInView } from './useInView';

export interface AvatarPreviewProps {
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  /** Moves the avatar, which rests without one. Keep the same object between renders. */
  readonly source?: MotionSource;
  /** As in a mirror. */
  readonly mirrored?: boolean;
  readonly framing: PreviewFraming;
  /** The avatar rests even with a source. */
  readonly reducedMotion: boolean;
  readonly mood?: RoomMood;
  /** Called once the first frame has been drawn. */
  onReady?(): void;
  /** Called where the browser can't draw. */
  onUnsupported?(): void;
}

const MIRROR = { transform: 'scaleX(-1)' } as const;

/** One live avatar on soft ground, over the page's own background. Fills its parent. */
export function AvatarPreview(props: AvatarPreviewProps) {
  const { avatar, source, mirrored = false, framing, reducedMotion, mood = 'day', onReady, onUnsupported } = props;
  const [ref, isInView] = useInView();
  const people = useMemo(
    () => [{ avatar, source: reducedMotion ? undefined : source }],
    [avatar, source, reducedMotion],
  );
  const createStage = useCallback(() => createPortraitStage(framing), [framing]);
  return (
    <div ref={ref} style={{ width: '100%', height: '100%' }}>
      <PreviewCanvas
        people={people}
        createStage={createStage}
        mood={mood}
        frames={isInView ? 'always' : 'never'}
        style={mirrored ? MIRROR : undefined}
        onReady={onReady}
        onUnsupported={onUnsupported}
      />
    </div>
  );
}

'use client';

import { useFrame, useThree } from '@react-three/fiber';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { PCFShadowMap, type PerspectiveCamera } from 'three';
import { systemClock } from '@/lib/core/clock';
import { useFrameDriver } from '../frameDriver';
import { SceneCanvas, type SceneCanvasProps } from '../SceneCanvas';
import type { RoomMood } from '../sceneContract';
import { type PreviewPerson, type PreviewStage, PreviewWorld } from './previewWorld';

export interface PreviewCanvasProps {
  readonly people: readonly PreviewPerson[];
  /** Called once per canvas; another function builds another stage. */
  readonly createStage: () => PreviewStage;
  readonly mood: RoomMood;
  readonly frames: SceneCanvasProps['frames'];
  readonly style?: CSSProperties;
  onReady?(): void;
  /** Called once all avatars are loaded and have eased into their poses. */
  onSettled?(): void;
  onUnsupported?(): void;
}

type StageProps = Pick<PreviewCanvasProps, 'people' | 'createStage' | 'mood' | 'onReady' | 'onSettled'>;

function Stage({ people, createStage, mood, onReady, onSettled }: StageProps) {
  const { scene, camera, gl } = useThree();
  const [world, setWorld] = useState<PreviewWorld | null>(null);

  useEffect(() => {
    gl.shadowMap.enabled = true;
    gl.shadowMap.type = PCFShadowMap;
    const made = new PreviewWorld(scene, camera as PerspectiveCamera, gl, systemClock, createStage());
    setWorld(made);
    return () => made.dispose();
  }, [scene, camera, gl, createStage]);

  useEffect(() => world?.setPeople(people), [world, people]);
  useEffect(() => world?.setMood(mood), [world, mood]);
  useFrameDriver(world, 'auto', () => onReady?.());
  const hasSettled = useRef(false);
  useFrame(() => {
    if (hasSettled.current || !world?.isSettled) return;
    hasSettled.current = true;
    onSettled?.();
  }, 2);
  return null;
}

/** A small transparent canvas with a few people on a stage. */
export function PreviewCanvas({ frames, style, onUnsupported, ...stage }: PreviewCanvasProps) {
  return (
    <SceneCanvas frames={frames} isTransparent style={style} onUnsupported={() => onUnsupported?.()}>
      <Stage {...stage} />
    </SceneCanvas>
  );
}

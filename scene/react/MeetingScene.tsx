'use client';

import { useThree } from '@react-three/fiber';
import { useEffect, useRef, useState } from 'react';
import { PCFShadowMap, type PerspectiveCamera } from 'three';
import { systemClock } from '@/lib/core/clock';
import { wantsAntialias } from '@/scene/frame/pictureQuality';
import { useFrameDriver } from './frameDriver';
import { MeetingWorld } from './meetingWorld';
import { machineHere } from './pictureWatch';
import { SceneCanvas } from './SceneCanvas';
import type { MeetingSceneProps } from './sceneContract';

type MeetingProps = Omit<MeetingSceneProps, 'onUnsupported' | 'label' | 'covered'>;

/** Lives inside the canvas: owns the world and tells it what React knows. */
function Meeting({ onReady, seats, picture, ...settings }: MeetingProps) {
  const { scene, camera, gl } = useThree();
  const [world, setWorld] = useState<MeetingWorld | null>(null);
  const latest = useRef(settings);
  latest.current = settings;

  useEffect(() => {
    gl.shadowMap.enabled = true;
    gl.shadowMap.type = PCFShadowMap;
    const made = new MeetingWorld(scene, camera as PerspectiveCamera, gl, seats, systemClock);
    made.apply(latest.current);
    setWorld(made);
    return () => made.dispose();
  }, [scene, camera, gl, seats]);

  useEffect(() => world?.apply(settings));
  useFrameDriver(world, picture, () => world && onReady(world));
  return null;
}

/** The meeting: room, everybody's avatars, cameras, name plates. Fills its parent. */
export function MeetingScene({ onUnsupported, label, covered, ...meeting }: MeetingSceneProps) {
  return (
    <SceneCanvas
      frames={covered ? 'never' : 'always'}
      isInteractive
      isSmooth={wantsAntialias(meeting.picture, machineHere())}
      label={label}
      onUnsupported={onUnsupported}
    >
      <Meeting {...meeting} />
    </SceneCanvas>
  );
}

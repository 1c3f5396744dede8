'use client';

import { useThree } from '@react-three/fiber';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { PCFShadowMap, type PerspectiveCamera } from 'three';
import { type Clock, systemClock } from '@/lib/core/clock';
import { wantsAntialias } from '@/scene/frame/pictureQuality';
import { useFrameDriver } from './frameDriver';
import { MeetingWorld } from './meetingWorld';
import { machineHere } from './pictureWatch';
import { Room } from './room/Room';
import { RoomParts, RoomPartsContext } from './room/roomParts';
import { useArrangement } from './room/useArrangement';
import { SceneCanvas } from './SceneCanvas';
import type { MeetingSceneProps, MeetingSettings } from './sceneContract';

interface MeetingProps extends MeetingSettings {
  /** Seats of the meeting. */
  readonly seats: number;
  readonly clock?: Clock;
  /** Called with the world that draws the frames, null at first. Keep the same function between renders. */
  onWorld(world: MeetingWorld | null): void;
}

/** The room and its people, for a canvas. Draws nothing by itself: the caller asks the world for frames. */
export function Meeting({ seats, clock = systemClock, onWorld, ...settings }: MeetingProps) {
  const { scene, camera, gl } = useThree();
  const [parts] = useState(() => new RoomParts());
  const [world, setWorld] = useState<MeetingWorld | null>(null);
  const arrangement = useArrangement(settings.people, seats);
  const latest = useRef({ settings, arrangement });
  latest.current = { settings, arrangement };

  useEffect(() => {
    gl.shadowMap.enabled = true;
    gl.shadowMap.type = PCFShadowMap;
    const made = new MeetingWorld({ scene, camera: camera as PerspectiveCamera, renderer: gl, clock, seats, parts });
    made.apply(latest.current.settings, latest.current.arrangement);
    setWorld(made);
    return () => made.dispose();
  }, [scene, camera, gl, clock, seats, parts]);

  useLayoutEffect(() => world?.apply(settings, arrangement));
  // Only now are its avatars in the scene.
  useLayoutEffect(() => {
    onWorld(world);
  }, [onWorld, world]);
  return (
    <RoomPartsContext value={parts}>
      <Room
        arrangement={arrangement}
        people={seats}
        mood={settings.mood}
        spectators={settings.spectators}
        screen={settings.screen}
        isRecorded={settings.isRecorded}
      />
      {world && <Avatars key={world.avatars.uuid} world={world} />}
    </RoomPartsContext>
  );
}

/** Everybody's avatars: one component over the crowd, which draws them all. */
function Avatars({ world }: { readonly world: MeetingWorld }) {
  return <primitive object={world.avatars} />;
}

type DrivenMeetingProps = Omit<MeetingSceneProps, 'onUnsupported' | 'label' | 'covered'>;

function DrivenMeeting({ onReady, picture, ...meeting }: DrivenMeetingProps) {
  const [world, setWorld] = useState<MeetingWorld | null>(null);
  useFrameDriver(world, picture, () => world && onReady(world));
  return <Meeting {...meeting} onWorld={setWorld} />;
}

/** The meeting: room, avatars, camera, name plates. Fills its parent. */
export function MeetingScene({ onUnsupported, label, covered, ...meeting }: MeetingSceneProps) {
  return (
    <SceneCanvas
      frames={covered ? 'never' : 'always'}
      isInteractive
      isSmooth={wantsAntialias(meeting.picture, machineHere())}
      label={label}
      onUnsupported={onUnsupported}
    >
      <DrivenMeeting {...meeting} />
    </SceneCanvas>
  );
}

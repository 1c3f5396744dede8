import { shaderMaterial } from '@react-three/drei/core/shaderMaterial';
import { extend, useThree } from '@react-three/fiber';
import { useEffect, useLayoutEffect, useMemo } from 'react';
import { AdditiveBlending, Color, Fog, Mesh } from 'three';
import { Chairs } from '@/scene/room/furniture/chairs';
import { ContactShadows } from '@/scene/room/furniture/contactShadows';
import { createBoardTexture, createFloor, createGrainTexture } from '@/scene/room/furniture/floor';
import { createTable } from '@/scene/room/furniture/table';
import { createTableware } from '@/scene/room/furniture/tableware';
import { SpectatorWall } from '@/scene/room/gallery/spectatorWall';
import { HangingLamps } from '@/scene/room/light/lamps';
import { Lighting } from '@/scene/room/light/lighting';
import { MOODS, type RoomMood } from '@/scene/room/light/moods';
import { RecordingLamp } from '@/scene/room/light/recordingLamp';
import { SpeakingGlow } from '@/scene/room/light/speakingGlow';
import type { Arrangement } from '@/scene/room/plan/arrangement';
import { createShell } from '@/scene/room/walls/shell';
import { WallScreen } from '@/scene/room/walls/wallScreen';
import { createPanes, createPatches, PATCH_SHADER, VIEW_SHADER } from '@/scene/room/walls/windows';
import { createRoomMaterial } from '../matteMaterial';
import type { SharedScreen } from '../sceneContract';
import { SharedScreenView } from '../screen/sharedScreen';
import { Built, useGeometry, useRoomFrame } from './roomParts';

extend({ Color, Fog, Mesh });

const SkyMaterial = extend(
  shaderMaterial(
    { top: new Color(), low: new Color(), hills: new Color(), near: new Color() },
    VIEW_SHADER.vertex,
    VIEW_SHADER.fragment,
  ),
);
const PatchMaterial = extend(
  shaderMaterial({ color: new Color(), strength: 0 }, PATCH_SHADER.vertex, PATCH_SHADER.fragment),
);

export interface RoomProps {
  readonly arrangement: Arrangement;
  /** The most people who can stand at once. */
  readonly people: number;
  readonly mood: RoomMood;
  /** Number of spectators. */
  readonly spectators: number;
  /** On the room's screen; null rolls it up. */
  readonly screen: SharedScreen | null;
  /** Whether the lamp of a recording is lit. */
  readonly isRecorded: boolean;
}

/** The meeting room, in about a dozen draws. Another lamp, plant or picture is another component. */
export function Room({ arrangement, people, mood, spectators, screen, isRecorded }: RoomProps) {
  return (
    <>
      <Air mood={mood} />
      <Light arrangement={arrangement} mood={mood} />
      <Shell />
      <Windows mood={mood} />
      <Gallery spectators={spectators} />
      <Screen screen={screen} />
      {isRecorded && <RecordingSign arrangement={arrangement} />}
      <Floor arrangement={arrangement} />
      <Table arrangement={arrangement} />
      <ChairRow arrangement={arrangement} />
      <Shadows arrangement={arrangement} people={people} />
      <Lamps arrangement={arrangement} mood={mood} />
      <SpeakingLight arrangement={arrangement} mood={mood} />
    </>
  );
}

interface MoodProps {
  readonly mood: RoomMood;
}

interface ArrangementProps {
  readonly arrangement: Arrangement;
}

/** Background and fog, of one colour. */
function Air({ mood }: MoodProps) {
  const { fog, fogNear, fogFar } = MOODS[mood];
  return (
    <>
      <color attach="background" args={[fog.r, fog.g, fog.b]} />
      <fog attach="fog" args={[0]} color={fog} near={fogNear} far={fogFar} />
    </>
  );
}

/** Chairs and people reach this far beyond the line the chairs stand on, metres. */
const REACH_BEYOND = 0.8;

/** Sky, sun, and a fill from the camera's side. */
function Light({ arrangement: { line }, mood }: ArrangementProps & MoodProps) {
  const lighting = useMemo(() => new Lighting(1, 1), []);
  useLayoutEffect(() => {
    lighting.setReach(line.halfStraight + line.radius + REACH_BEYOND, line.radius + REACH_BEYOND);
  }, [lighting, line]);
  useLayoutEffect(() => lighting.setMood(mood), [lighting, mood]);
  useRoomFrame(({ camera, picture }) => {
    lighting.setShadows(picture.shadows);
    lighting.follow(camera.position);
  });
  return <Built object={lighting.root} />;
}

/** Walls, ceiling and everything along them. */
function Shell() {
  const shell = useMemo(() => createShell(createRoomMaterial), []);
  return <Built object={shell} />;
}

/** What is seen through the windows, and their light on the floor. */
function Windows({ mood }: MoodProps) {
  const panes = useGeometry(createPanes);
  const patches = useGeometry(createPatches);
  const { sky, patchColor, patches: strength } = MOODS[mood];
  return (
    <>
      <mesh geometry={panes} matrixAutoUpdate={false}>
        <SkyMaterial {...sky} />
      </mesh>
      <mesh geometry={patches} matrixAutoUpdate={false} renderOrder={1}>
        <PatchMaterial
          color={patchColor}
          strength={strength}
          blending={AdditiveBlending}
          transparent
          depthWrite={false}
        />
      </mesh>
    </>
  );
}

/** The spectators in their gallery, behind a wall that sinks while there are any. They look at the latest speaker. */
function Gallery({ spectators }: { readonly spectators: number }) {
  const wall = useMemo(() => new SpectatorWall(createRoomMaterial), []);
  useLayoutEffect(() => wall.setWatching(spectators), [wall, spectators]);
  useRoomFrame(({ nowMs, deltaMs, isStill, picture, actors }) => {
    wall.audience.setMost(picture.audienceMost);
    wall.update(nowMs, deltaMs, isStill);
    for (let i = 0; i < actors.length; i += 1) {
      const { speaking, position } = actors[i]!;
      if (speaking.isOn) wall.audience.lookAt(position.x, position.z);
    }
  });
  return <Built object={wall.root} />;
}

/** The room's screen: its cloth, and the picture on it. */
function Screen({ screen }: { readonly screen: SharedScreen | null }) {
  const renderer = useThree((state) => state.gl);
  const cloth = useMemo(() => new WallScreen(createRoomMaterial), []);
  const shared = useMemo(
    () => new SharedScreenView(cloth, renderer.capabilities.getMaxAnisotropy()),
    [cloth, renderer],
  );
  useLayoutEffect(() => shared.set(screen), [shared, screen]);
  useEffect(() => () => shared.dispose(), [shared]);
  useRoomFrame(({ deltaMs, isStill, caption }) => shared.update(deltaMs, isStill, caption));
  return (
    <>
      <Built object={cloth.root} />
      <primitive object={shared.root} />
    </>
  );
}

/** The lamp that says that the meeting is recorded: it breathes, unless decorative motion is off. */
function RecordingSign({ arrangement }: ArrangementProps) {
  const lamp = useMemo(() => new RecordingLamp(arrangement), [arrangement]);
  useRoomFrame(({ nowMs, isStill }) => lamp.update(nowMs, isStill));
  return <Built object={lamp.root} />;
}

/** Boards, and a rug under the table. */
function Floor({ arrangement }: ArrangementProps) {
  const boards = useMemo(createBoardTexture, []);
  const floor = useMemo(() => createFloor(arrangement, boards, createRoomMaterial), [arrangement, boards]);
  return <Built object={floor} />;
}

/** The table and what lies on it. */
function Table({ arrangement }: ArrangementProps) {
  const grain = useMemo(createGrainTexture, []);
  const table = useMemo(() => createTable(arrangement, grain, createRoomMaterial), [arrangement, grain]);
  const ware = useMemo(() => createTableware(arrangement, createRoomMaterial), [arrangement]);
  return (
    <>
      <Built object={table} />
      <Built object={ware} />
    </>
  );
}

/** The chairs; those of sitting people are drawn out. */
function ChairRow({ arrangement: { seats } }: ArrangementProps) {
  const chairs = useMemo(() => new Chairs(seats, createRoomMaterial), [seats]);
  useRoomFrame(({ actors, deltaMs, isStill, seatOf }) => {
    chairs.clearTaken();
    for (let i = 0; i < actors.length; i += 1) chairs.setTaken(seatOf(actors[i]!.id), 1 - actors[i]!.standing);
    chairs.update(deltaMs, isStill);
  });
  return <Built object={chairs.root} />;
}

/** Size of the soft shadow under a chair, metres. */
const CHAIR_SHADOW = 0.85;

/** Soft shadows under chairs and standing people. */
function Shadows({ arrangement: { seats }, people }: ArrangementProps & { readonly people: number }) {
  const shadows = useMemo(() => {
    const made = new ContactShadows(seats.length + people);
    for (const [seat, { x, z }] of seats.entries()) made.set(seat, x, z, CHAIR_SHADOW, CHAIR_SHADOW);
    return made;
  }, [seats, people]);
  useRoomFrame(({ actors }) => {
    for (let i = 0; i < people; i += 1) {
      const actor = actors[i];
      const strength = actor?.visible ? actor.standing : 0;
      if (strength <= 0) shadows.hide(seats.length + i);
      else shadows.set(seats.length + i, actor!.position.x, actor!.position.z, 0.75 * strength, 0.6 * strength);
    }
  });
  return <Built object={shadows.root} />;
}

/** Lamps over the people, drawn up while the camera is as high as they hang. */
function Lamps({ arrangement, mood }: ArrangementProps & MoodProps) {
  const lamps = useMemo(() => new HangingLamps(arrangement, createRoomMaterial), [arrangement]);
  useLayoutEffect(() => lamps.setMood(MOODS[mood]), [lamps, mood]);
  useRoomFrame(({ camera, deltaMs, isStill }) => lamps.update(camera.position.y, deltaMs, isStill));
  return <Built object={lamps.root} />;
}

/** Brightness of the light in front of a speaker at its softest; the voice does the rest. */
const SPEAKING_LIGHT = 0.45;

/** Light on the table in front of speakers. */
function SpeakingLight({ arrangement: { seats }, mood }: ArrangementProps & MoodProps) {
  const glow = useMemo(() => new SpeakingGlow(seats), [seats]);
  useLayoutEffect(() => glow.setColor(MOODS[mood].speaking, MOODS[mood].speakingVeil), [glow, mood]);
  useRoomFrame(({ actors, seatOf }) => {
    glow.clear();
    for (let i = 0; i < actors.length; i += 1) {
      const { id, visible, speaking } = actors[i]!;
      if (visible) glow.set(seatOf(id), speaking.shown * (SPEAKING_LIGHT + (1 - SPEAKING_LIGHT) * speaking.level));
    }
    glow.update();
  });
  return <Built object={glow.root} />;
}

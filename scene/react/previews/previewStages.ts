import { Group, type Mesh, type PerspectiveCamera } from 'three';
import type { Placement } from '@/scene/frame/placement';
import { Chairs } from '@/scene/room/furniture/chairs';
import { ContactShadows } from '@/scene/room/furniture/contactShadows';
import { createSmallTable } from '@/scene/room/furniture/tableware';
import { SEAT_HEIGHT } from '@/scene/room/plan/roomSize';
import { createRoomMaterial } from '../matteMaterial';
import type { PreviewStage } from './previewWorld';

/** `portrait`: the whole person; `bust`: head and shoulders. */
export type PreviewFraming = 'portrait' | 'bust';

/**
 * Distance at which `halfHeight` metres just fit above and below the middle of a picture, and `halfWidth` beside it.
 */
function fitDistance(camera: PerspectiveCamera, halfHeight: number, halfWidth: number): number {
  const tan = Math.tan((camera.fov * Math.PI) / 360);
  return Math.max(halfHeight / tan, halfWidth / (tan * camera.aspect));
}

const FRAMES: Record<
  PreviewFraming,
  { readonly middleY: number; readonly halfHeight: number; readonly halfWidth: number }
> = {
  portrait: { middleY: 0.82, halfHeight: 0.95, halfWidth: 0.55 },
  bust: { middleY: 1.22, halfHeight: 0.5, halfWidth: 0.42 },
};

const PREVIEW_FOV = 24;

function setPreviewFov(camera: PerspectiveCamera): void {
  if (camera.fov === PREVIEW_FOV) return;
  camera.fov = PREVIEW_FOV;
  camera.updateProjectionMatrix();
}

/** One person standing on soft ground, seen from a little above. */
export function createPortraitStage(framing: PreviewFraming): PreviewStage {
  const frame = FRAMES[framing];
  const ground = new ContactShadows(2, 0.3);
  ground.set(0, 0, 0, 1.7, 1.3);
  ground.set(1, 0, 0, 0.7, 0.5);
  return {
    placements: [{ x: 0, z: 0, yawRad: 0, standX: 0, standZ: 0, seatHeight: null }],
    isCoarse: false,
    decor: new Group().add(ground.root),
    place: (camera) => {
      setPreviewFov(camera);
      const distance = fitDistance(camera, frame.halfHeight, frame.halfWidth);
      camera.position.set(0.1 * distance, frame.middleY + 0.06 * distance, distance);
      camera.lookAt(0, frame.middleY, 0);
    },
  };
}

/** From the middle of the small table to a chair, metres. */
const ACROSS = 0.76;

function acrossTable(side: number): Placement {
  return {
    x: side * ACROSS,
    z: 0,
    // Turned a little towards the camera.
    yawRad: -side * (Math.PI / 2 - 0.34),
    standX: side * (ACROSS + 0.3),
    standZ: 0,
    seatHeight: SEAT_HEIGHT,
  };
}

function shadowsUnder(places: readonly Placement[]): Mesh {
  const blots = new ContactShadows(places.length + 1, 0.34);
  places.forEach(({ x, z }, i) => {
    blots.set(i, x, z, 1, 0.95);
  });
  blots.set(places.length, 0, 0, 3.4, 2);
  return blots.root;
}

/** Two people who talk across a small round table. */
export function createTalkStage(): PreviewStage {
  const placements = [acrossTable(-1), acrossTable(1)];
  const chairs = new Chairs(placements, createRoomMaterial);
  placements.forEach((_, seat) => {
    chairs.setTaken(seat, 1);
  });
  chairs.update(0, true);
  const decor = new Group().add(chairs.root, createSmallTable(createRoomMaterial), shadowsUnder(placements));
  return {
    placements,
    isCoarse: true,
    decor,
    place: (camera) => {
      setPreviewFov(camera);
      const distance = fitDistance(camera, 0.84, 1.22);
      camera.position.set(0, 0.72 + 0.16 * distance, distance);
      camera.lookAt(0, 0.68, 0);
    },
  };
}

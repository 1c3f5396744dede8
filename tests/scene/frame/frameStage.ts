import { PerspectiveCamera, Scene, type WebGLRenderer } from 'three';
import { ALL_PARTS, type Pose } from '@/lib/pose/pose';
import { Actor } from '@/scene/frame/actor';
import { type PoseFeed, SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import { rotationOf } from '@/scene/frame/poseBlend';
import { createSyntheticModel } from '../avatar/syntheticModel';
import { WatchedCrowd } from '../avatar/watchedCrowd';

const FRAME_MS = 1000 / 60;
const HEAD_AT = rotationOf('head');

/** Everyone nods. */
export const nodding: PoseFeed = {
  sample: (_id: string, nowMs: number, out: Pose) => {
    const angle = 0.2 * Math.sin(nowMs / 300);
    out.values[HEAD_AT] = Math.sin(angle);
    out.values[HEAD_AT + 3] = Math.cos(angle);
    out.parts = ALL_PARTS;
    return 'live';
  },
};

/** No one sends anything: everyone breathes, blinks and looks about. */
export const resting: PoseFeed = { sample: () => 'none' };

/** People in a row before a camera. Everything runs but the drawing. */
export function createStage(people: number, onRender: () => void = () => {}, feed = nodding) {
  const crowd = new WatchedCrowd();
  const model = createSyntheticModel();
  const actors = Array.from({ length: people }, (_, i) => {
    const place = { x: i - people / 2, z: -6, standX: i - people / 2, standZ: -6, yawRad: 0, seatHeight: null };
    const actor = new Actor(String(i), crowd, model, place);
    actor.wear(model);
    return actor;
  });
  const nothing: FramePart = { update: () => {} };
  let nowMs = 0;
  const world = {
    clock: { nowMs: () => nowMs },
    renderer: {
      render: onRender,
      domElement: { clientHeight: 700 },
      info: { render: { calls: 0, triangles: 0 } },
    } as unknown as WebGLRenderer,
    scene: new Scene(),
    camera: new PerspectiveCamera(40, 1.6, 0.1, 60),
    actors,
    crowd,
    director: nothing,
    furniture: nothing,
    plates: nothing,
    hearing: nothing,
    feed,
    voices: SILENCE,
    isStill: false,
    lodCoarseness: 1,
    hiddenId: null as string | null,
  };
  const loop = new FrameLoop(world);
  const frame = () => {
    nowMs += FRAME_MS;
    loop.frame();
  };
  return { actors, crowd, world, frame, loop };
}

import { PerspectiveCamera, Scene, Vector3, type WebGLRenderer } from 'three';
import { describe, expect, it } from 'vitest';
import { BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, type Pose } from '@/lib/pose/pose';
import { Crowd } from '@/scene/avatar/crowd';
import { HIDDEN } from '@/scene/avatar/rigRows';
import { Actor } from '@/scene/frame/actor';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import { rotationOf } from '@/scene/frame/poseBlend';
import type { PoseFeed } from '@/scene/frame/poseFeed';
import { SILENCE } from '@/scene/frame/voiceFeed';
import { bytesPerCall } from '../../lib/allocations';
import { createSyntheticModel } from '../avatar/syntheticModel';

const FRAME_MS = 1000 / 60;
const HEAD_AT = rotationOf('head');

/** Everybody nods. */
const nodding: PoseFeed = {
  sample: (_id: string, nowMs: number, out: Pose) => {
    const angle = 0.2 * Math.sin(nowMs / 300);
    out.values[HEAD_AT] = Math.sin(angle);
    out.values[HEAD_AT + 3] = Math.cos(angle);
    out.parts = ALL_PARTS;
    return 'live';
  },
};

/** Nobody sends anything: everybody breathes, blinks and looks about. */
const resting: PoseFeed = { sample: () => 'none' };

/** People in a row before a camera; what is drawn is left out, all else runs. */
function createStage(people: number, onRender: () => void = () => {}, feed = nodding) {
  const crowd = new Crowd();
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
  return { actors, crowd, world, frame };
}

describe('FrameLoop', () => {
  it('has everybody solved and listed by the time it renders', () => {
    const seen: number[] = [];
    const head = new Vector3();
    const stage = createStage(4, () => {
      stage.actors[1]!.headPlace(head);
      seen.push(head.x, stage.crowd.root.children.filter(({ visible }) => visible).length);
    });
    stage.frame();
    expect(seen).toEqual([-1, 1]);
    expect(head.y).toBeGreaterThan(1);
  });

  it('does not draw whoever is hidden or outside the picture, and draws them when they are back', () => {
    const { actors, crowd, world, frame } = createStage(4);
    const levels = () => [0, 1, 2, 3].map((slot) => crowd.level(slot) !== HIDDEN);
    world.hiddenId = '2';
    actors[0]!.moveTo({ ...actors[0]!.place, standX: 40, x: 40 });
    frame();
    frame();
    expect(levels()).toEqual([false, true, false, true]);
    world.hiddenId = null;
    actors[0]!.moveTo({ ...actors[0]!.place, standX: -2, x: -2 });
    frame();
    frame();
    expect(levels()).toEqual([true, true, true, true]);
    const place = new Vector3();
    crowd.jointPlace(0, BONE_INDEX.head, place);
    expect(place.x).toBeCloseTo(-2, 1);
  });

  it.each([
    ['move', nodding],
    ['rest', resting],
  ])('allocates nothing a frame while people %s', (_, feed) => {
    const { frame } = createStage(16, () => {}, feed);
    // Three to five boxed numbers a person (time and levels that pass between functions, 16 bytes each), no object:
    // even a vector a person would be 48 bytes more.
    expect(bytesPerCall(frame, 1000)).toBeLessThan(16 * 80);
  });
});

import { Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { BONE_INDEX } from '@/lib/pose/bones';
import { HIDDEN } from '@/scene/avatar/rigRows';
import { createStage } from './frameStage';

describe('FrameLoop', () => {
  it('everyone is solved and listed by the time a frame renders', () => {
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

  it('people who are hidden or outside the picture are not drawn until they are back', () => {
    const { actors, crowd, world, frame } = createStage(4);
    const levels = () => crowd.members.map(({ level }) => level !== HIDDEN);
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
    crowd.members[0]!.jointPlace(BONE_INDEX.head, place);
    expect(place.x).toBeCloseTo(-2, 1);
  });
});

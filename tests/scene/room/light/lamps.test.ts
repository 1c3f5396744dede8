import { Box3, MeshLambertMaterial } from 'three';
import { describe, expect, it } from 'vitest';
import type { CreateMaterial } from '@/scene/room/build/material';
import { HangingLamps } from '@/scene/room/light/lamps';
import { createArrangement } from '@/scene/room/plan/arrangement';
import { ROOM } from '@/scene/room/plan/roomSize';

const createPlainMaterial: CreateMaterial = (parameters) => new MeshLambertMaterial(parameters);

const [LOW, HIGH] = [1.6, 2.9];

const create = () => new HangingLamps(createArrangement('arc', 16), createPlainMaterial);
const lowest = ({ root }: HangingLamps) => new Box3().setFromObject(root).min.y;

describe('the lamps', () => {
  it('lamps hang over the table while the camera is below them', () => {
    const lamps = create();
    for (let i = 0; i < 60; i += 1) lamps.update(LOW, 16, false);
    expect(lamps.root.visible).toBe(true);
    expect(lowest(lamps)).toBeLessThan(ROOM.height - 0.5);
  });

  it('lamps are drawn up gently for a camera as high as they hang, and come back', () => {
    const lamps = create();
    lamps.update(HIGH, 16, false);
    expect(lowest(lamps)).toBeLessThan(ROOM.height - 0.5);
    for (let i = 0; i < 100; i += 1) lamps.update(HIGH, 16, false);
    expect(lamps.root.visible).toBe(false);
    for (let i = 0; i < 100; i += 1) lamps.update(LOW, 16, false);
    expect(lamps.root.visible).toBe(true);
    expect(lamps.root.position.y).toBe(0);
  });

  it('lamps move at once with reduced motion', () => {
    const lamps = create();
    lamps.update(HIGH, 16, true);
    expect(lamps.root.visible).toBe(false);
  });
});

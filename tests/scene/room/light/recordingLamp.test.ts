import { Box3, type Mesh, type MeshBasicMaterial } from 'three';
import { describe, expect, it } from 'vitest';
import { RecordingLamp } from '@/scene/room/light/recordingLamp';
import { createArrangement } from '@/scene/room/plan/arrangement';
import { TABLE_HEIGHT } from '@/scene/room/plan/roomSize';
import { distanceOutside, tableEdge } from '@/scene/room/plan/seatLayout';

const haloOf = ({ root }: RecordingLamp) => ((root.children[0] as Mesh).material as MeshBasicMaterial).opacity;

describe('the lamp of a recording', () => {
  it.each(['table', 'arc'] as const)('stands on the %s, low enough to hide no one, within its edge', (name) => {
    const arrangement = createArrangement(name, 16);
    const { min, max } = new Box3().setFromObject(new RecordingLamp(arrangement).root);
    expect(min.y).toBeGreaterThanOrEqual(TABLE_HEIGHT);
    expect(max.y).toBeLessThan(TABLE_HEIGHT + 0.08);
    for (const z of [min.z, max.z]) expect(distanceOutside(tableEdge(arrangement.line), 0, z)).toBeLessThanOrEqual(0);
  });

  it('breathes, and is lit evenly with reduced motion', () => {
    const lamp = new RecordingLamp(createArrangement('table', 6));
    const breath = (isStill: boolean) =>
      Array.from({ length: 60 }, (_, k) => {
        lamp.update(40 * k, isStill);
        return haloOf(lamp);
      });
    expect(Math.max(...breath(false)) - Math.min(...breath(false))).toBeGreaterThan(0.2);
    expect(new Set(breath(true)).size).toBe(1);
  });
});

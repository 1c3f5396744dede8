import { Box3, type Mesh, type MeshBasicMaterial } from 'three';
import { describe, expect, it } from 'vitest';
import { RecordingLamp } from '@/scene/room/light/recordingLamp';
import { ROOM } from '@/scene/room/plan/roomSize';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';

const haloOf = ({ root }: RecordingLamp) => ((root.children[0] as Mesh).material as MeshBasicMaterial).opacity;

describe('the lamp of a recording', () => {
  it('hangs on the wall beside the screen, in the room and clear of the picture', () => {
    const { root } = new RecordingLamp();
    root.updateMatrixWorld(true);
    const { min, max } = new Box3().setFromObject(root);
    expect(min.z).toBeGreaterThan(SCREEN_PICTURE.z + SCREEN_PICTURE.width / 2);
    expect(max.z).toBeLessThan(ROOM.halfZ);
    expect(max.y).toBeLessThan(ROOM.height);
    expect(min.x).toBeGreaterThan(-ROOM.halfX);
  });

  it('breathes, and is lit evenly with reduced motion', () => {
    const lamp = new RecordingLamp();
    const breath = (isStill: boolean) =>
      Array.from({ length: 60 }, (_, k) => {
        lamp.update(40 * k, isStill);
        return haloOf(lamp);
      });
    expect(Math.max(...breath(false)) - Math.min(...breath(false))).toBeGreaterThan(0.2);
    expect(new Set(breath(true)).size).toBe(1);
  });
});

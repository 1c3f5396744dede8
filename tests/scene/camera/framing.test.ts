import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { orbitFov } from '@/scene/camera/fieldOfView';
import { type FramedPerson, frameOverTable, framePeople } from '@/scene/camera/framing';
import { shotPosition } from '@/scene/camera/shot';
import { seatTransform } from '@/scene/room/plan/seatLayout';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };

function sitting(count: number, self = -1): FramedPerson[] {
  return Array.from({ length: count }, (_, seat) => {
    const { x, z, yawRad } = seatTransform(seat, 16);
    return { id: `p${seat}`, x, z, yawRad, eyeY: 1.05, topY: 1.3, isSelf: seat === self };
  });
}

function cameraFor(people: readonly FramedPerson[], aspect: number): PerspectiveCamera {
  const shot = framePeople(people, aspect, BOUNDS);
  const camera = new PerspectiveCamera(orbitFov(aspect), aspect, 0.08, 60);
  const at = shotPosition(shot, { x: 0, y: 0, z: 0 });
  camera.position.set(at.x, at.y, at.z);
  camera.lookAt(shot.target.x, shot.target.y, shot.target.z);
  camera.updateMatrixWorld();
  return camera;
}

describe('framing', () => {
  it.each([1, 2, 3, 4, 6, 8])('the best shot frames all heads of %i people in a wide picture', (count) => {
    const people = sitting(count, 0);
    const camera = cameraFor(people, 1.6);
    for (const { x, z, eyeY } of people) {
      const at = new Vector3(x, eyeY, z).project(camera);
      expect(Math.abs(at.x)).toBeLessThan(1);
      expect(Math.abs(at.y)).toBeLessThan(1);
      expect(at.z).toBeLessThan(1);
    }
  });

  it.each([1.6, 0.46])('the best shot frames the face of the person opposite (aspect %f)', (aspect) => {
    const people = sitting(2, 0);
    const camera = cameraFor(people, aspect);
    const other = people[1]!;
    const towards = new Vector3(camera.position.x - other.x, 0, camera.position.z - other.z).normalize();
    expect(towards.dot(new Vector3(Math.sin(other.yawRad), 0, Math.cos(other.yawRad)))).toBeGreaterThan(0.4);
  });

  it("the best shot frames the local participant's face when they are alone", () => {
    const people = sitting(1, 0);
    const camera = cameraFor(people, 1.6);
    const self = people[0]!;
    const towards = new Vector3(camera.position.x - self.x, 0, camera.position.z - self.z).normalize();
    expect(towards.dot(new Vector3(Math.sin(self.yawRad), 0, Math.cos(self.yawRad)))).toBeGreaterThan(0.6);
  });

  it('from above the table, a local participant who is alone is seen from the front', () => {
    for (const self of sitting(6)) {
      const alone = { ...self, isSelf: true };
      const at = shotPosition(frameOverTable([alone], 1.6, BOUNDS), { x: 0, y: 0, z: 0 });
      const towards = new Vector3(at.x - alone.x, 0, at.z - alone.z).normalize();
      expect(towards.dot(new Vector3(Math.sin(alone.yawRad), 0, Math.cos(alone.yawRad)))).toBeGreaterThan(0.4);
    }
  });

  it('the best shot frames any group in any window from inside the room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.double({ min: 0.4, max: 2.6, noNaN: true }), (count, aspect) => {
        const { position } = cameraFor(sitting(count), aspect);
        expect(Math.abs(position.x)).toBeLessThanOrEqual(BOUNDS.halfX + 1e-6);
        expect(Math.abs(position.z)).toBeLessThanOrEqual(BOUNDS.halfZ + 1e-6);
        expect(position.y).toBeGreaterThanOrEqual(BOUNDS.minY - 1e-6);
      }),
      { numRuns: 25 },
    );
  });
});

import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { LOOK_YAW_MAX } from '@/scene/camera/eyeRigs';
import { orbitFov } from '@/scene/camera/fieldOfView';
import { frameScreen } from '@/scene/camera/screenFraming';
import { shotPosition } from '@/scene/camera/shot';
import { framedScreen } from '@/scene/react/meetingWorld';
import { type ArrangementName, createArrangement } from '@/scene/room/plan/arrangement';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };

/** The arrangement of a meeting of `seats` with `count` people. */
function arrangementFor(count: number, seats: number) {
  return createArrangement(count > 6 ? 'arc' : 'table', seats);
}

function sitting(count: number, seats: number) {
  return arrangementFor(count, seats)
    .seats.slice(0, count)
    .map(({ x, z, yawRad }, seat) => ({ id: `p${seat}`, x, z, yawRad, eyeY: 1.05, topY: 1.3, isSelf: seat === 0 }));
}

function cameraFor(count: number, seats: number, aspect: number): PerspectiveCamera {
  const shot = frameScreen(sitting(count, seats), framedScreen(arrangementFor(count, seats)), aspect, BOUNDS);
  const camera = new PerspectiveCamera(orbitFov(aspect), aspect, 0.08, 60);
  const at = shotPosition(shot, { x: 0, y: 0, z: 0 });
  camera.position.set(at.x, at.y, at.z);
  camera.lookAt(shot.target.x, shot.target.y, shot.target.z);
  camera.updateMatrixWorld();
  return camera;
}

function cornersSeen(camera: PerspectiveCamera): Vector3[] {
  const { x, y, z, halfWidth, halfHeight } = framedScreen(arrangementFor(0, 16));
  return [-1, 1].flatMap((aside) =>
    [-1, 1].map((up) => new Vector3(x, y + up * halfHeight, z + aside * halfWidth).project(camera)),
  );
}

describe('framing a shared screen', () => {
  it.each([
    [0, 1.6],
    [1, 1.6],
    [2, 1.6],
    [6, 1.6],
    [16, 1.6],
    [1, 0.46],
    [6, 0.46],
    [16, 0.46],
  ])('the best shot has the whole shared screen in the picture, large, with %i people (aspect %f)', (count, aspect) => {
    const corners = cornersSeen(cameraFor(count, 16, aspect));
    for (const { x, y, z } of corners) {
      expect(Math.abs(x)).toBeLessThan(1);
      expect(Math.abs(y)).toBeLessThan(1);
      expect(z).toBeLessThan(1);
    }
    const width = Math.max(...corners.map(({ x }) => x)) - Math.min(...corners.map(({ x }) => x));
    expect(width / 2).toBeGreaterThan(0.36);
  });

  it('a shared screen is framed with people in the picture', () => {
    const camera = cameraFor(6, 16, 1.6);
    for (const { x, z, eyeY } of sitting(6, 16)) {
      const at = new Vector3(x, eyeY, z).project(camera);
      expect(Math.abs(at.x)).toBeLessThan(1);
      expect(Math.abs(at.y)).toBeLessThan(1);
    }
  });

  it('a shared screen is framed from inside the room for any group and window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 16 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.4, max: 2.6, noNaN: true }),
        (seats, filled, aspect) => {
          const { position } = cameraFor(Math.round(seats * filled), seats, aspect);
          expect(Math.abs(position.x)).toBeLessThanOrEqual(BOUNDS.halfX + 1e-6);
          expect(Math.abs(position.z)).toBeLessThanOrEqual(BOUNDS.halfZ + 1e-6);
          expect(position.y).toBeGreaterThanOrEqual(BOUNDS.minY - 1e-6);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each<ArrangementName>(['table', 'arc'])(
    'the screen can be seen from every seat of the %s in first person',
    (name) => {
      for (let seats = 2; seats <= 16; seats += 1) {
        const arrangement = createArrangement(name, seats);
        const { x, z } = framedScreen(arrangement);
        for (const at of arrangement.seats) {
          const turn = Math.atan2(x - at.x, z - at.z) - at.yawRad;
          const yaw = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
          // Plus half the width of the narrowest picture, 18 degrees.
          expect(yaw).toBeLessThan(LOOK_YAW_MAX + 0.32);
        }
      }
    },
  );
});

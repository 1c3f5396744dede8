import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { orbitFov } from '@/scene/camera/fieldOfView';
import { type FramedPerson, hidden } from '@/scene/camera/framing';
import { type OrbitView, orbitPosition } from '@/scene/camera/orbitView';
import { frameSpeaker, HEAD_CLEARANCE } from '@/scene/camera/speakerFraming';
import { createArrangement } from '@/scene/room/plan/arrangement';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };
const [WIDE, PHONE] = [1.6, 390 / 844];

function sitting(count: number): FramedPerson[] {
  const { seats } = createArrangement(count > 6 ? 'arc' : 'table', 16);
  return seats
    .slice(0, count)
    .map(({ x, z, yawRad }, seat) => ({ id: `p${seat}`, x, z, yawRad, eyeY: 1.05, topY: 1.3, isSelf: false }));
}

function cameraOf(view: OrbitView, aspect: number): PerspectiveCamera {
  const camera = new PerspectiveCamera(orbitFov(aspect), aspect, 0.08, 60);
  const at = orbitPosition(view, { x: 0, y: 0, z: 0 });
  camera.position.set(at.x, at.y, at.z);
  camera.lookAt(view.target.x, view.target.y, view.target.z);
  camera.updateMatrixWorld();
  return camera;
}

const meetings = fc.integer({ min: 1, max: 16 }).chain((count) =>
  fc.record({
    people: fc.constant(sitting(count)),
    speaker: fc.integer({ min: 0, max: count - 1 }),
    aspect: fc.constantFrom(WIDE, PHONE, 1, 2.2),
  }),
);

describe('framing who speaks', () => {
  it('has their face in the picture, seen from before them, hidden by nobody', () => {
    fc.assert(
      fc.property(meetings, ({ people, speaker, aspect }) => {
        const subject = people[speaker]!;
        const camera = cameraOf(frameSpeaker(people, subject, aspect, BOUNDS), aspect);
        const { position } = camera;
        const face = new Vector3(subject.x, subject.eyeY, subject.z).project(camera);
        expect(Math.abs(face.x)).toBeLessThan(0.5);
        expect(Math.abs(face.y)).toBeLessThan(0.5);
        const [dx, dz] = [position.x - subject.x, position.z - subject.z];
        const before = (Math.sin(subject.yawRad) * dx + Math.cos(subject.yawRad) * dz) / Math.hypot(dx, dz);
        expect(before).toBeGreaterThan(0.3);
        for (const other of people) if (other !== subject) expect(hidden(subject, other, position)).toBeLessThan(0.35);
      }),
      { numRuns: 60 },
    );
  });

  it('puts the camera into nobody’s head and outside no wall', () => {
    fc.assert(
      fc.property(meetings, ({ people, speaker, aspect }) => {
        const { position } = cameraOf(frameSpeaker(people, people[speaker]!, aspect, BOUNDS), aspect);
        for (const { x, eyeY, z } of people) {
          expect(position.distanceTo(new Vector3(x, eyeY, z))).toBeGreaterThanOrEqual(HEAD_CLEARANCE);
        }
        expect(Math.abs(position.x)).toBeLessThanOrEqual(BOUNDS.halfX + 1e-6);
        expect(Math.abs(position.z)).toBeLessThanOrEqual(BOUNDS.halfZ + 1e-6);
        expect(position.y).toBeLessThanOrEqual(BOUNDS.maxY + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it.each([...Array(14).keys()])('has a neighbour’s face beside them on an upright phone (seat %i of 16)', (seat) => {
    const people = sitting(16);
    const subject = people[seat]!;
    const camera = cameraOf(frameSpeaker(people, subject, PHONE, BOUNDS), PHONE);
    const beside = people.filter((person) => {
      const distance = Math.hypot(person.x - subject.x, person.z - subject.z);
      const face = new Vector3(person.x, person.eyeY, person.z).project(camera);
      return distance > 0 && distance < 1.35 && Math.abs(face.x) < 1 && Math.abs(face.y) < 1;
    });
    expect(beside.length).toBeGreaterThan(0);
  });
});

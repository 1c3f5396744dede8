import fc from 'fast-check';
import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import { Crowd } from '@/scene/avatar/crowd';
import { Actor } from '@/scene/frame/actor';
import { earFor, Hearing, shareInside } from '@/scene/frame/hearing';
import { distanceOutside, seatLine, seatTransform, tableEdge } from '@/scene/room/plan/seatLayout';
import { createSyntheticModel } from '../avatar/syntheticModel';

function createRoom() {
  const model = createSyntheticModel();
  const crowd = new Crowd();
  const actors = ['a', 'b', 'c'].map(
    (id, seat) => new Actor(id, crowd, model, { ...seatTransform(seat, 6), seatHeight: 0.345 }),
  );
  for (const actor of actors) {
    actor.show();
    actor.compose();
    actor.apply();
  }
  crowd.update();
  const camera = new PerspectiveCamera(40, 1.6, 0.1, 60);
  camera.position.set(0, 1.8, 5);
  camera.lookAt(0, 1, 0);
  const hearing = new Hearing(actors, camera, tableEdge(seatLine(6)));
  const mouths = new Map<string, number[]>();
  let listener: number[] = [];
  hearing.ears = {
    setListener: (...at) => {
      listener = at;
    },
    setMouth: (id, ...at) => void mouths.set(id, at),
  };
  hearing.selfId = 'a';
  return { actors, camera, hearing, mouths, listener: () => listener };
}

describe('Hearing', () => {
  it("everyone else's mouth is heard from in front of the face, below the eyes", () => {
    const { actors, hearing, mouths } = createRoom();
    hearing.update();
    expect([...mouths.keys()].sort()).toEqual(['b', 'c']);
    for (const actor of actors.slice(1)) {
      const [x, y, z] = mouths.get(actor.id)!;
      const { place } = actor;
      const ahead = (x! - place.x) * Math.sin(place.yawRad) + (z! - place.z) * Math.cos(place.yawRad);
      expect(ahead).toBeGreaterThan(-0.1);
      expect(y).toBeLessThan(1.6);
      expect(y).toBeGreaterThan(0.6);
    }
  });

  it('people outside the picture are heard from where they are', () => {
    const { actors, hearing, mouths } = createRoom();
    actors[1]!.visible = false;
    hearing.update();
    const [x, y, z] = mouths.get('b')!;
    expect(Math.hypot(x! - actors[1]!.place.x, z! - actors[1]!.place.z)).toBeLessThan(0.3);
    expect(y).toBeCloseTo(actors[1]!.eyeY - 0.09, 5);
  });

  it('the listener looks where the camera looks, from the table or from their own head', () => {
    const { camera, hearing, listener } = createRoom();
    hearing.update();
    const [x, , z, forwardX, forwardY, forwardZ] = listener();
    expect(x).toBeCloseTo(0, 6);
    expect(z).toBeCloseTo(tableEdge(seatLine(6)).radius, 6);
    expect(forwardX).toBeCloseTo(0, 6);
    expect(forwardZ).toBeLessThan(-0.9);
    expect(Math.hypot(forwardX!, forwardY!, forwardZ!)).toBeCloseTo(1, 6);
    hearing.isOwnHead = true;
    hearing.update();
    expect(listener().slice(0, 3)).toEqual(camera.position.toArray());
  });
});

const seats = fc.integer({ min: 2, max: 16 });
const place = fc.record({
  x: fc.double({ min: -6, max: 6, noNaN: true }),
  y: fc.double({ min: 0.3, max: 3, noNaN: true }),
  z: fc.double({ min: -5, max: 5, noNaN: true }),
});

describe('the ear of a person who looks on', () => {
  it('the ear is at the camera above the table, else at the edge of the table towards it', () => {
    fc.assert(
      fc.property(seats, place, (count, camera) => {
        const edge = tableEdge(seatLine(count));
        const ear = earFor(camera, edge, { x: 0, y: 0, z: 0 });
        const isInside = distanceOutside(edge, camera.x, camera.z) === 0;
        if (isInside) expect(ear).toEqual(camera);
        else {
          expect(distanceOutside(edge, ear.x, ear.z)).toBeLessThan(1e-9);
          expect(distanceOutside({ ...edge, radius: edge.radius - 1e-6 }, ear.x, ear.z)).toBeGreaterThan(0);
          expect(ear.x * camera.z - ear.z * camera.x).toBeCloseTo(0, 9);
          expect(shareInside(edge, camera.x, camera.z)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('no seated mouth is at the ear, and none is farther than across the table', () => {
    for (const [x, z] of [
      [5.9, 0],
      [0, 4.7],
      [-4, 3],
      [3, -4.5],
    ] as const) {
      const line = seatLine(16);
      const ear = earFor({ x, y: 2, z }, tableEdge(line), { x: 0, y: 0, z: 0 });
      for (let seat = 0; seat < 16; seat += 1) {
        const at = seatTransform(seat, 16);
        const distance = Math.hypot(at.x - ear.x, at.z - ear.z);
        expect(distance).toBeGreaterThan(0.3);
        expect(distance).toBeLessThan(2 * (line.halfStraight + line.radius));
      }
    }
  });
});

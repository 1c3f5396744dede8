import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import { Crowd } from '@/scene/avatar/crowd';
import { Actor } from '@/scene/frame/actor';
import { Hearing } from '@/scene/frame/hearing';
import { seatLine, seatTransform, tableEdge } from '@/scene/room/plan/seatLayout';
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
  it("tells where everybody else's mouth is, before the face and below the eyes", () => {
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

  it('tells it of somebody outside the picture too', () => {
    const { actors, hearing, mouths } = createRoom();
    actors[1]!.visible = false;
    hearing.update();
    const [x, y, z] = mouths.get('b')!;
    expect(Math.hypot(x! - actors[1]!.place.x, z! - actors[1]!.place.z)).toBeLessThan(0.3);
    expect(y).toBeCloseTo(actors[1]!.eyeY - 0.09, 5);
  });

  it('looks where the camera looks, from the table or from the own head', () => {
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

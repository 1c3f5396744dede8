import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListenerSpace, pointAhead } from '@/lib/voice/listenerSpace';

function hear(place: readonly number[], forward: readonly number[], mouth: readonly number[]) {
  const space = new ListenerSpace();
  space.set(place[0]!, place[1]!, place[2]!, forward[0]!, forward[1]!, forward[2]!);
  return space.hear(mouth[0]!, mouth[1]!, mouth[2]!, pointAhead());
}

describe('ListenerSpace', () => {
  it.each([
    ['ahead', [0, 1.2, -3], { x: 0, y: 0, z: -1 }],
    ['behind', [0, 1.2, -1], { x: 0, y: 0, z: 1 }],
    ['to the right', [1, 1.2, -2], { x: 1, y: 0, z: 0 }],
    ['to the left', [-1, 1.2, -2], { x: -1, y: 0, z: 0 }],
    ['above', [0, 2.2, -2], { x: 0, y: 1, z: 0 }],
  ])('hears %s of somebody who looks along -Z', (_, mouth, heard) => {
    const point = hear([0, 1.2, -2], [0, 0, -1], mouth);
    expect(point.x).toBeCloseTo(heard.x, 6);
    expect(point.y).toBeCloseTo(heard.y, 6);
    expect(point.z).toBeCloseTo(heard.z, 6);
    expect(point.distanceM).toBeCloseTo(1, 6);
  });

  it('turns with the listener: who looks along +X has +Z on the right', () => {
    const point = hear([0, 0, 0], [1, 0, 0], [0, 0, 2]);
    expect(point.x).toBeCloseTo(2, 6);
    expect(point.z).toBeCloseTo(0, 6);
  });

  it('keeps distances, whichever way one looks', () => {
    const metre = fc.double({ min: -6, max: 6, noNaN: true });
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const pitch = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(metre, metre, metre, metre, angle, pitch, (x, y, z, listenerX, yaw, up) => {
        const forward = [Math.sin(yaw) * Math.cos(up), Math.sin(up), -Math.cos(yaw) * Math.cos(up)];
        const point = hear([listenerX, 1, 0], forward, [x, y, z]);
        const distanceM = Math.hypot(x - listenerX, y - 1, z);
        expect(point.distanceM).toBeCloseTo(distanceM, 6);
        if (distanceM > 0.3) expect(Math.hypot(point.x, point.y, point.z)).toBeCloseTo(distanceM, 6);
      }),
    );
  });

  it('hears ahead what is at the ears themselves, and goes on when one looks straight down', () => {
    expect(hear([1, 1, 1], [0, 0, -1], [1, 1, 1.1])).toMatchObject({ x: 0, y: 0, z: -1 });
    const space = new ListenerSpace();
    space.set(0, 0, 0, 1, 0, 0);
    space.set(0, 0, 0, 0, -1, 0);
    expect(space.hear(0, 0, 2, pointAhead()).x).toBeCloseTo(2, 6);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArrangement, TABLE_SEATS_MAX } from '@/scene/room/plan/arrangement';
import { ROOM } from '@/scene/room/plan/roomSize';
import { distanceOutside, tableEdge } from '@/scene/room/plan/seatLayout';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';

const arcs = fc.integer({ min: 7, max: 16 }).map((seats) => createArrangement('arc', seats));
const arrangements = fc.oneof(
  arcs,
  fc.integer({ min: 2, max: 16 }).map((seats) => createArrangement('table', seats)),
);

/** Width of a chair, metres. */
const CHAIR = 0.52;

describe('arrangement', () => {
  it('an arrangement has a place for each seat of a meeting: six at a table, all in an arc', () => {
    expect(createArrangement('table', 16).seats).toHaveLength(TABLE_SEATS_MAX);
    expect(createArrangement('table', 4).seats).toHaveLength(4);
    expect(createArrangement('arc', 16).seats).toHaveLength(16);
  });

  it('every arrangement keeps chairs apart', () => {
    fc.assert(
      fc.property(arrangements, ({ seats }) => {
        for (const [i, a] of seats.entries()) {
          for (const b of seats.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.z - b.z)).toBeGreaterThan(CHAIR);
        }
      }),
    );
  });

  it('an arrangement seats people at the table, not in it', () => {
    fc.assert(
      fc.property(arrangements, ({ seats, fromTable }) => {
        for (const { x, z, tableYawRad, yawRad } of seats) {
          expect(fromTable(x, z)).toBeGreaterThan(0.3);
          expect(fromTable(x + Math.sin(tableYawRad) * 0.7, z + Math.cos(tableYawRad) * 0.7)).toBe(0);
          expect(Math.cos(yawRad - tableYawRad)).toBeGreaterThan(0.7);
        }
      }),
    );
  });

  it('an arrangement lets people step back without hitting a wall', () => {
    fc.assert(
      fc.property(arrangements, ({ seats }) => {
        for (const { standX, standZ } of seats) {
          expect(Math.abs(standX)).toBeLessThan(ROOM.halfX - 0.5);
          expect(Math.abs(standZ)).toBeLessThan(ROOM.halfZ - 0.5);
        }
      }),
    );
  });

  it('an arc is open towards the screen: no one sits between screen and table', () => {
    fc.assert(
      fc.property(arcs, ({ seats, line, fromTable }) => {
        for (const { x, z } of seats) expect(Math.abs(z) > 1 || x > line.halfStraight).toBe(true);
        for (let x = SCREEN_PICTURE.x; x < line.halfStraight; x += 0.1) expect(fromTable(x, 0)).toBeGreaterThan(0.2);
      }),
    );
  });

  it('an arc fills its seats from the middle of its closed end outwards', () => {
    const { seats, line } = createArrangement('arc', 16);
    const fromEnd = seats.map(({ x, z }) => Math.hypot(x - (line.halfStraight + line.radius), z));
    for (let i = 2; i < fromEnd.length; i += 2) expect(fromEnd[i]!).toBeGreaterThan(fromEnd[i - 2]!);
  });

  it('an arrangement keeps all seats within the line that voices are heard from', () => {
    fc.assert(
      fc.property(arrangements, ({ seats, line }) => {
        for (const { x, z } of seats) {
          expect(distanceOutside(line, x, z)).toBeLessThan(1e-6);
          expect(distanceOutside(tableEdge(line), x, z)).toBeGreaterThan(0.3);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { seatPlace, seatShareOf } from '@/app/_components/seats/SeatRing';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';

const SIZES = Array.from({ length: SEATS_MAX - SEATS_MIN + 1 }, (_, more) => SEATS_MIN + more);

describe.each(SIZES)('a ring of %i seats', (seats) => {
  const share = seatShareOf(seats);
  const places = Array.from({ length: seats }, (_, seat) => seatPlace(seat, seats, share));

  it('no two of its seats touch', () => {
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) {
        expect(Math.hypot(a.left - b.left, a.top - b.top)).toBeGreaterThan(share * 100);
      }
    }
  });

  it('seats stay within the ring’s box, the first one nearest to the viewer', () => {
    for (const { left, top } of places) {
      expect(Math.abs(left - 50) + share * 50).toBeLessThanOrEqual(50.001);
      expect(Math.abs(top - 50) + share * 50).toBeLessThanOrEqual(50.001);
    }
    expect(places[0]!.top).toBe(Math.max(...places.map(({ top }) => top)));
  });
});

import { describe, expect, it } from 'vitest';
import { SeatRing } from '@/app/_components/seats/SeatRing';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { seated } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

const SIZES = Array.from({ length: SEATS_MAX - SEATS_MIN + 1 }, (_, more) => SEATS_MIN + more);

/** The seats of a ring in percent of its box, by centre and width. */
function seatsOf(count: number) {
  const { container } = renderApp(<SeatRing seats={count} people={[]} sizePx={100} />);
  return [...container.querySelectorAll<HTMLElement>('span')].map(({ style }) => ({
    left: Number.parseFloat(style.left),
    top: Number.parseFloat(style.top),
    width: Number.parseFloat(style.getPropertyValue('inline-size')),
  }));
}

describe.each(SIZES)('a ring of %i seats', (count) => {
  it('no two of its seats touch', () => {
    const seats = seatsOf(count);
    expect(seats).toHaveLength(count);
    for (const [index, a] of seats.entries()) {
      for (const b of seats.slice(index + 1)) {
        expect(Math.hypot(a.left - b.left, a.top - b.top)).toBeGreaterThan(a.width);
      }
    }
  });

  it('seats stay within the ring’s box, the first one nearest to the viewer', () => {
    const seats = seatsOf(count);
    for (const { left, top, width } of seats) {
      expect(Math.abs(left - 50) + width / 2).toBeLessThanOrEqual(50.01);
      expect(Math.abs(top - 50) + width / 2).toBeLessThanOrEqual(50.01);
    }
    expect(seats[0]!.top).toBe(Math.max(...seats.map(({ top }) => top)));
  });
});

it('people are shown on their seats', () => {
  const { container } = renderApp(<SeatRing seats={4} people={[seated('Bo', 2, 'bo')]} sizePx={100} />);
  const portraits = [...container.querySelectorAll('[style*="left"]')].map((seat) =>
    seat.querySelector('[data-avatar]'),
  );
  expect(portraits.map((portrait) => portrait?.getAttribute('data-avatar') ?? null)).toEqual([null, null, 'bo', null]);
});

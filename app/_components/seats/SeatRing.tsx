import type { ReactNode } from 'react';
import type { SeatedPerson } from '@/lib/core/meeting';
import { Portrait } from './Portrait';
import styles from './SeatRing.module.css';

interface SeatRingProps {
  readonly seats: number;
  readonly people: readonly SeatedPerson[];
  readonly sizePx: number;
  /** Shown on the table. */
  readonly children?: ReactNode;
}

/** Place of a seat on the ring, in percent of its box. Seat 0 is at the bottom, nearest to the viewer. */
export function seatPlace(seat: number, seats: number, seatShare: number): { left: number; top: number } {
  const angle = Math.PI / 2 + (seat / seats) * 2 * Math.PI;
  const radius = (1 - seatShare) / 2;
  return { left: 50 + 100 * radius * Math.cos(angle), top: 50 + 100 * radius * Math.sin(angle) };
}

/** Width of a seat as a share of the ring: as wide as the seats beside it allow, at most about a quarter. */
function seatShareOf(seats: number): number {
  const half = Math.sin(Math.PI / Math.max(seats, 6)) * 0.86;
  return Math.min(0.26, half / (1 + half));
}

/** The table seen from above: who sits where, and which seats are free. Decorative; the names stand beside it. */
export function SeatRing({ seats, people, sizePx, children }: SeatRingProps) {
  const share = seatShareOf(seats);
  const bySeat = new Map(people.map((person) => [person.seat, person]));
  return (
    <div className={styles.ring} style={{ inlineSize: sizePx, blockSize: sizePx }} aria-hidden="true">
      <div className={styles.table} style={{ inset: `${share * 100 + 7}%` }}>
        {children}
      </div>
      {Array.from({ length: seats }, (_, seat) => {
        const { left, top } = seatPlace(seat, seats, share);
        const person = bySeat.get(seat);
        const place = {
          left: `${left.toFixed(2)}%`,
          top: `${top.toFixed(2)}%`,
          inlineSize: `${(share * 100).toFixed(2)}%`,
        };
        return (
          <span key={seat} className={person ? styles.taken : styles.free} style={place}>
            {person && <Portrait avatar={person.avatar} />}
          </span>
        );
      })}
    </div>
  );
}

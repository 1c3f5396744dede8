import { seatPlace } from '../seats/SeatRing';
import styles from './SeatDial.module.css';

const SEAT_SHARE = 0.14;

/** The table in small: a dot a seat, filled where somebody sits. Decorative. */
export function SeatDial({ seats, taken }: { seats: number; taken: readonly number[] }) {
  return (
    <svg className={styles.dial} viewBox="0 0 100 100" width="40" height="40" aria-hidden="true" focusable="false">
      <circle className={styles.table} cx="50" cy="50" r="27" />
      {Array.from({ length: seats }, (_, seat) => {
        const { left, top } = seatPlace(seat, seats, SEAT_SHARE);
        return (
          <circle key={seat} className={taken.includes(seat) ? styles.taken : styles.free} cx={left} cy={top} r="7" />
        );
      })}
    </svg>
  );
}

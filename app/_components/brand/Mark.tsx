import styles from './Mark.module.css';
import { MARK_PATH, MARK_TABLE_RADIUS, MARK_TURN } from './markGeometry';

/** The mark: two facing quotation marks that meet as a table seen from above. Decorative; `sizePx` is its width. */
export function Mark({ sizePx }: { sizePx: number }) {
  return (
    <svg
      className={styles.mark}
      width={sizePx}
      height={sizePx}
      viewBox="0 6 64 52"
      aria-hidden="true"
      focusable="false"
    >
      <path d={MARK_PATH} />
      <path d={MARK_PATH} transform={MARK_TURN} />
      <circle className={styles.table} cx="32" cy="32" r={MARK_TABLE_RADIUS} />
    </svg>
  );
}

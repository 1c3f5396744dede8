import styles from './Mark.module.css';
import sceneStyles from './MarkScene.module.css';

/** The left quotation mark in a box of 64; the right one is the same, turned half round about (32, 32). */
const MARK_PATH =
  'M2 38.5C-.5 22.5 11 10.5 25.5 10.5C30.5 10.5 35 12 38.5 14.6C27 14.4 19.4 22.2 20 35.2C20.3 42 15.6 46.6 10.4 46.6C6.2 46.6 2.8 43.6 2 38.5Z';

/** Turns the left mark into the right one. */
const MARK_TURN = 'rotate(180 32 32)';

/** The table between them: radius at (32, 32). */
const MARK_TABLE_RADIUS = 9;

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

/** What the mark shows: people at the table, every seat taken, turned away, one missing, pulled apart, or only an outline. */
export type MarkStory = 'together' | 'full' | 'away' | 'missing' | 'apart' | 'outline';

/** The mark as the illustration of a state. Decorative: the sentence beside it says what happened. */
export function MarkScene({ story }: { story: MarkStory }) {
  return (
    <svg className={sceneStyles.scene} data-story={story} viewBox="-16 -8 96 80" aria-hidden="true" focusable="false">
      <circle className={sceneStyles.seats} cx="32" cy="32" r="25" />
      <circle className={sceneStyles.table} cx="32" cy="32" r={MARK_TABLE_RADIUS} />
      <path className={sceneStyles.left} d={MARK_PATH} />
      <path className={sceneStyles.right} d={MARK_PATH} />
    </svg>
  );
}

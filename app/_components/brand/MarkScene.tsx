import styles from './MarkScene.module.css';
import { MARK_PATH, MARK_TABLE_RADIUS, MARK_TURN } from './markGeometry';

/** What the mark tells: at the table, every seat taken, turned away, one missing, pulled apart, or only an outline. */
export type MarkStory = 'together' | 'full' | 'away' | 'missing' | 'apart' | 'outline';

const SEATS = Array.from({ length: 16 }, (_, seat) => (seat * Math.PI) / 8);

function FullTable() {
  return (
    <>
      {SEATS.map((angle) => (
        <circle key={angle} cx={32 + 25 * Math.cos(angle)} cy={32 + 25 * Math.sin(angle)} r="3.7" />
      ))}
      <circle className={styles.table} cx="32" cy="32" r="15.5" />
    </>
  );
}

/** The mark as the illustration of a state. Decorative: the sentence beside it says what happened. */
export function MarkScene({ story }: { story: MarkStory }) {
  return (
    <svg className={styles.scene} data-story={story} viewBox="-16 -8 96 80" aria-hidden="true" focusable="false">
      {story === 'full' ? (
        <FullTable />
      ) : (
        <>
          <circle className={styles.table} cx="32" cy="32" r={MARK_TABLE_RADIUS} />
          <g className={styles.left}>
            <path d={MARK_PATH} />
          </g>
          <g className={styles.right}>
            <path d={MARK_PATH} transform={MARK_TURN} />
          </g>
        </>
      )}
    </svg>
  );
}

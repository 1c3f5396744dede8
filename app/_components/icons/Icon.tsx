import styles from './Icon.module.css';
import { ICON_SHAPES, type IconName } from './iconShapes';

/** One icon of the set. Decorative: the control that shows it carries the name. */
export function Icon({ name, sizePx = 24 }: { name: IconName; sizePx?: number }) {
  return (
    <svg
      className={styles.icon}
      width={sizePx}
      height={sizePx}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {ICON_SHAPES[name]}
    </svg>
  );
}

import { Icon } from '../icons/Icon';
import type { IconName } from '../icons/iconShapes';
import styles from './MenuItem.module.css';

interface MenuItemProps {
  readonly icon: IconName;
  readonly label: string;
  /** What holds now. */
  readonly value?: string;
  readonly danger?: boolean;
  /** Only on a narrow screen, whose dock leaves it out. */
  readonly narrow?: boolean;
  onPick(): void;
}

/** One line of the menu. */
export function MenuItem({ icon, label, value, danger, narrow, onPick }: MenuItemProps) {
  return (
    <li className={styles.place} data-narrow={narrow || undefined}>
      <button type="button" className={styles.item} data-danger={danger || undefined} onClick={onPick}>
        <Icon name={icon} sizePx={20} />
        <span>{label}</span>
        {value && <span className={styles.value}>{value}</span>}
      </button>
    </li>
  );
}

import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icons/Icon';
import styles from './Segments.module.css';

/** One of several, side by side in one pill. */
export function Segments({ children }: { children: ReactNode }) {
  return <div className={styles.choices}>{children}</div>;
}

interface SegmentProps {
  /** Of the radio buttons that belong together. */
  readonly name: string;
  readonly icon?: IconName;
  readonly label: string;
  readonly checked: boolean;
  onPick(): void;
}

/** One of them. */
export function Segment({ name, icon, label, checked, onPick }: SegmentProps) {
  return (
    <label className={styles.choice}>
      <input className="coveringInput" type="radio" name={name} checked={checked} onChange={onPick} />
      {icon && <Icon name={icon} sizePx={20} />}
      {label}
    </label>
  );
}

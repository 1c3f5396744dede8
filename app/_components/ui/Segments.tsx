import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icons/Icon';
import styles from './Segments.module.css';

/** Radio buttons side by side in one pill. */
export function Segments({ children }: { children: ReactNode }) {
  return <div className={styles.choices}>{children}</div>;
}

interface SegmentProps {
  /** The name shared by the radio buttons of one choice. */
  readonly name: string;
  readonly icon?: IconName;
  readonly label: string;
  readonly checked: boolean;
  onPick(): void;
}

/** One radio button of `Segments`. */
export function Segment({ name, icon, label, checked, onPick }: SegmentProps) {
  return (
    <label className={styles.choice}>
      <input className="coveringInput" type="radio" name={name} checked={checked} onChange={onPick} />
      {icon && <Icon name={icon} sizePx={20} />}
      {label}
    </label>
  );
}

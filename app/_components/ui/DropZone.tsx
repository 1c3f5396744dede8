import type { ComponentProps } from 'react';
import styles from './DropZone.module.css';

interface DropZoneProps extends Pick<ComponentProps<'label'>, 'onDragOver' | 'onDragLeave' | 'onDrop'> {
  /** File types, as an input takes them. */
  readonly accept: string;
  /** The file's name, or what to do. */
  readonly name: string;
  /** A second line, or null. */
  readonly more: string | null;
  /** Words of the button. */
  readonly choose: string;
  /** Whether a file is held over it. */
  readonly isOver: boolean;
  readonly isTall?: boolean;
  onFile(file: File): void;
}

/** A place that a file is dropped on, with a button to choose one. What is dropped is handled by the caller. */
export function DropZone({ accept, name, more, choose, isOver, isTall, onFile, ...drags }: DropZoneProps) {
  return (
    <label className={styles.drop} data-over={isOver || undefined} data-tall={isTall || undefined} {...drags}>
      <input
        className="visuallyHidden"
        type="file"
        accept={accept}
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = '';
          if (file) onFile(file);
        }}
      />
      <span className={styles.words}>
        <span className={styles.name}>{name}</span>
        {more && <span className={styles.more}>{more}</span>}
      </span>
      <span className={styles.choose}>{choose}</span>
    </label>
  );
}

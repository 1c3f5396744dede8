import styles from './Toasts.module.css';
import type { Toast } from './useToasts';

/** Short messages, bottom left, read aloud politely. */
export function Toasts({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <div className={styles.toasts} role="log" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <p key={id} className={styles.toast}>
          {text}
        </p>
      ))}
    </div>
  );
}

'use client';

import { type RefObject, useEffect, useRef } from 'react';

function firstShown(place: HTMLElement | null, selector: string): HTMLElement | undefined {
  return [...(place?.querySelectorAll<HTMLElement>(selector) ?? [])].find((element) => element.checkVisibility());
}

/**
 * Moves the focus into `ref` while it is shown (to the first visible element that matches `first`, or to `ref` itself) and
 * gives it back afterwards.
 */
export function useBorrowedFocus(ref: RefObject<HTMLElement | null>, shown: boolean, first?: string): void {
  useEffect(() => {
    if (!shown) return;
    const before = document.activeElement;
    const target = first ? firstShown(ref.current, first) : ref.current;
    target?.focus({ preventScroll: true });
    return () => {
      // A dialog opened from inside has the focus now and keeps it.
      const taken = document.activeElement?.closest('dialog');
      if (before instanceof HTMLElement && !taken) before.focus({ preventScroll: true });
    };
  }, [ref, shown, first]);
}

/** Calls `onDismiss` on a press outside of `ref`, except on the button that opened it, which closes it itself. */
export function useDismiss(ref: RefObject<HTMLElement | null>, onDismiss: () => void): void {
  const latest = useRef(onDismiss);
  useEffect(() => {
    latest.current = onDismiss;
  });
  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Element) || ref.current?.contains(target)) return;
      if (!target.closest('[aria-expanded="true"]')) latest.current();
    };
    window.addEventListener('pointerdown', onPress);
    return () => window.removeEventListener('pointerdown', onPress);
  }, [ref]);
}

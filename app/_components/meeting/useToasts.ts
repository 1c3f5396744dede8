'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

const SHOWN_MS = 4000;
const SHOWN_MAX = 4;

/** One short message. */
export interface Toast {
  readonly id: number;
  readonly text: string;
}

/** Short messages that go by themselves, the oldest first. */
export function useToasts(): { toasts: readonly Toast[]; say(text: string): void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(0);
  const timers = useRef(new Set<number>());
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running) window.clearTimeout(timer);
    };
  }, []);
  const say = useCallback((text: string) => {
    const id = nextId.current++;
    setToasts((shown) => [...shown, { id, text }].slice(-SHOWN_MAX));
    const timer = window.setTimeout(() => {
      timers.current.delete(timer);
      setToasts((shown) => shown.filter((toast) => toast.id !== id));
    }, SHOWN_MS);
    timers.current.add(timer);
  }, []);
  return { toasts, say };
}

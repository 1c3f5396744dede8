'use client';

import { useEffect, useRef } from 'react';
import { commandOf, type RoomCommand } from './roomShortcuts';

/** Where letters are typed; a slider or a choice of several takes none. */
const FIELDS = 'input:not([type="range"], [type="radio"]), textarea, select, [contenteditable], dialog';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

/** Runs the room's commands on key presses outside of fields and dialogs. */
export function useRoomShortcuts(run: (command: RoomCommand) => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (!command || event.repeat || event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

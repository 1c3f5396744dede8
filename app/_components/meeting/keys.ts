'use client';

import { useEffect, useRef } from 'react';
import type { MessageKey } from '@/app/_i18n/messages';
import type { VoiceSession } from '@/app/_session/voiceContract';

/** What a key does in the meeting. */
export type Command =
  | 'microphone'
  | 'webcam'
  | 'share'
  | 'help'
  | 'self'
  | 'view'
  | 'mood'
  | 'copy'
  | 'people'
  | 'figures'
  | 'close';

/** The keys, in the order of the help. Compared with `KeyboardEvent.key` in lower case. */
export const SHORTCUTS: readonly {
  readonly key: string;
  readonly shown: string;
  readonly command: Command;
  /** Only for people with a seat. */
  readonly needsSeat?: boolean;
}[] = [
  { key: 'm', shown: 'M', command: 'microphone', needsSeat: true },
  { key: 'b', shown: 'B', command: 'webcam', needsSeat: true },
  { key: 's', shown: 'S', command: 'share', needsSeat: true },
  { key: 'v', shown: 'V', command: 'self' },
  { key: 'c', shown: 'C', command: 'view' },
  { key: 'l', shown: 'L', command: 'mood' },
  { key: 'k', shown: 'K', command: 'copy' },
  { key: 'p', shown: 'P', command: 'people' },
  { key: 'd', shown: 'D', command: 'figures' },
  { key: '?', shown: '?', command: 'help' },
  { key: 'escape', shown: 'Esc', command: 'close' },
];

/** The text that says what a command does. */
export function shortcutLabel(command: Command): MessageKey {
  return `shortcuts.${command}`;
}

/** The command of a key press; null where there is none, or where Ctrl, Alt or Meta make it the browser's. */
function commandOf(press: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  return SHORTCUTS.find(({ key }) => key === press.key.toLowerCase())?.command ?? null;
}

/** Where letters are typed; sliders and radio buttons take none. */
const FIELDS = 'input:not([type="range"], [type="radio"]), textarea, select, [contenteditable], dialog';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

/** Runs commands on key presses outside of fields and dialogs. */
export function useShortcuts(run: (command: Command) => void): void {
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

/** Elements that use Space themselves while focused: fields type it, buttons are pressed by it. */
const TAKES_SPACE = 'input, textarea, select, button, a, summary, video, dialog, [contenteditable]';

/** Whether a key that goes down starts push-to-talk. Shift may be held too: hands rest on it. */
function startsTalk({ code, ctrlKey, altKey, metaKey, target }: KeyboardEvent): boolean {
  if (code !== 'Space' || ctrlKey || altKey || metaKey) return false;
  return !(target instanceof Element && target.closest(TAKES_SPACE));
}

/** Unmutes the microphone while Space is held; a page that loses focus would not see the key go up, so that ends it too. */
export function usePushToTalk(voice: VoiceSession, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const release = () => voice.release();
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !startsTalk(event)) return;
      event.preventDefault();
      if (!event.repeat) voice.hold();
    };
    const onUp = (event: KeyboardEvent) => {
      // Wherever the focus has moved meanwhile.
      if (event.code === 'Space') release();
    };
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
      release();
    };
  }, [voice, isWanted]);
}

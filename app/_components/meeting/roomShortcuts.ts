import type { MessageKey } from '@/app/_i18n/messages';

/** What a key does in the room. */
export type RoomCommand =
  | 'microphone'
  | 'webcam'
  | 'share'
  | 'help'
  | 'self'
  | 'camera'
  | 'mood'
  | 'copy'
  | 'people'
  | 'figures'
  | 'close';

/** The keys, in the order of the help. Compared with `KeyboardEvent.key` in lower case. */
export const ROOM_SHORTCUTS: readonly {
  readonly key: string;
  readonly shown: string;
  readonly command: RoomCommand;
  /** For those on a seat alone. */
  readonly needsSeat?: boolean;
}[] = [
  { key: 'm', shown: 'M', command: 'microphone', needsSeat: true },
  { key: 'b', shown: 'B', command: 'webcam', needsSeat: true },
  { key: 's', shown: 'S', command: 'share', needsSeat: true },
  { key: 'v', shown: 'V', command: 'self' },
  { key: 'c', shown: 'C', command: 'camera' },
  { key: 'l', shown: 'L', command: 'mood' },
  { key: 'k', shown: 'K', command: 'copy' },
  { key: 'p', shown: 'P', command: 'people' },
  { key: 'd', shown: 'D', command: 'figures' },
  { key: '?', shown: '?', command: 'help' },
  { key: 'escape', shown: 'Esc', command: 'close' },
];

/** The text that says what a command does. */
export function shortcutLabel(command: RoomCommand): MessageKey {
  return `shortcuts.${command}`;
}

/** The command of a key press, or null: with Ctrl, Alt or Meta it belongs to the browser. */
export function commandOf(press: {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}): RoomCommand | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  return ROOM_SHORTCUTS.find(({ key }) => key === press.key.toLowerCase())?.command ?? null;
}

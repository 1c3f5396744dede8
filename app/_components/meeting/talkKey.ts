/** What is read of a key press. */
export interface TalkPress {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly target: EventTarget | null;
}

/** What takes Space for itself while it has the focus: fields write it, buttons are pressed by it. */
const TAKES_SPACE = 'input, textarea, select, button, a, summary, video, dialog, [contenteditable]';

/** What `isTaken` asks of an element; `Element` itself in a browser. */
export interface Closest {
  closest(selectors: string): unknown;
}

function isTaken(target: EventTarget | null): boolean {
  const { closest } = (target ?? {}) as Partial<Closest>;
  return typeof closest === 'function' && closest.call(target, TAKES_SPACE) !== null;
}

/** Whether a key that goes down opens the microphone as long as it is held. Shift is let through: hands rest on it. */
export function beginsTalk(press: TalkPress): boolean {
  if (press.code !== 'Space' || press.ctrlKey || press.altKey || press.metaKey) return false;
  return !isTaken(press.target);
}

/** Whether a key that goes up closes it again, wherever the focus has gone meanwhile. */
export function endsTalk({ code }: Pick<TalkPress, 'code'>): boolean {
  return code === 'Space';
}

/** What a person does that lets a browser play sound. */
const GESTURES = ['pointerdown', 'keydown'] as const;

/** Calls `listener` on every press of a key or a button anywhere in `target`, until the returned function is called. */
export function onGesture(target: EventTarget | null, listener: () => void): () => void {
  for (const name of GESTURES) target?.addEventListener(name, listener, { capture: true });
  return () => {
    for (const name of GESTURES) target?.removeEventListener(name, listener, { capture: true });
  };
}

/** Whether one is heard: muted or open, and whether a key is held that opens the microphone meanwhile. */
export interface MicrophoneSwitch {
  readonly isMuted: boolean;
  /** Push-to-talk: the key is down. */
  readonly isHeld: boolean;
}

export type SwitchAction =
  | { readonly type: 'toggle' }
  | { readonly type: 'set'; readonly isMuted: boolean }
  | { readonly type: 'hold' }
  | { readonly type: 'release' };

/** The switch after `action`; the same object where nothing changes. */
export function nextSwitch(before: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  const after = apply(before, action);
  return after.isMuted === before.isMuted && after.isHeld === before.isHeld ? before : after;
}

function apply({ isMuted, isHeld }: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  switch (action.type) {
    case 'toggle':
      // What one hears oneself being while the key is down is what is turned: open becomes muted, and the key lets go.
      return isHeld && isMuted ? { isMuted: true, isHeld: false } : { isMuted: !isMuted, isHeld: false };
    case 'set':
      return { isMuted: action.isMuted, isHeld: false };
    case 'hold':
      // An open microphone has nothing to open, and must not close when the key goes up.
      return { isMuted, isHeld: isMuted };
    case 'release':
      return { isMuted, isHeld: false };
  }
}

/** Whether others hear the microphone. */
export function isOpen({ isMuted, isHeld }: MicrophoneSwitch): boolean {
  return !isMuted || isHeld;
}

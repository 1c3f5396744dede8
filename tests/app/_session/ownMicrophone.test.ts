import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, type MicrophoneSwitch, nextSwitch, type SwitchAction } from '@/app/_session/ownMicrophone';

const run = (start: MicrophoneSwitch, ...actions: SwitchAction['type'][]) =>
  actions.reduce((state, type) => nextSwitch(state, type === 'set' ? { type, isMuted: true } : { type }), start);

const MUTED: MicrophoneSwitch = { isMuted: true, isHeld: false };
const OPEN: MicrophoneSwitch = { isMuted: false, isHeld: false };

describe('the switch of the microphone', () => {
  it('a muted microphone is open while the key is held, and only then', () => {
    expect(isOpen(run(MUTED, 'hold'))).toBe(true);
    expect(isOpen(run(MUTED, 'hold', 'release'))).toBe(false);
  });

  it('an open microphone stays open when the key goes up', () => {
    expect(isOpen(run(OPEN, 'hold', 'release'))).toBe(true);
  });

  it('toggling a microphone that the key holds open mutes it, also after the key', () => {
    expect(isOpen(run(MUTED, 'hold', 'toggle'))).toBe(false);
    expect(isOpen(run(MUTED, 'hold', 'toggle', 'release'))).toBe(false);
    expect(isOpen(run(MUTED, 'toggle'))).toBe(true);
    expect(isOpen(run(OPEN, 'toggle'))).toBe(false);
  });

  it('a microphone is silent at once when it is muted, key or not', () => {
    expect(isOpen(run(MUTED, 'hold', 'set'))).toBe(false);
    expect(isOpen(nextSwitch(OPEN, { type: 'set', isMuted: true }))).toBe(false);
  });

  it('a microphone is never held open once the key is up, whatever came before', () => {
    const action = fc.constantFrom<SwitchAction['type']>('toggle', 'hold', 'release', 'set');
    fc.assert(
      fc.property(fc.array(action), fc.boolean(), (actions, isMuted) => {
        const state = run({ isMuted, isHeld: false }, ...actions, 'release');
        expect(state.isHeld).toBe(false);
        expect(isOpen(state)).toBe(!state.isMuted);
      }),
    );
  });

  it('a microphone switch stays the same object if nothing changes', () => {
    expect(nextSwitch(OPEN, { type: 'release' })).toBe(OPEN);
    expect(nextSwitch(OPEN, { type: 'hold' })).toBe(OPEN);
  });
});

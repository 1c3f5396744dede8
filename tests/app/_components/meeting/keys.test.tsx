import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { type Command, SHORTCUTS, usePushToTalk, useShortcuts } from '@/app/_components/meeting/keys';
import { FakeVoice } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

/** A page with everything that takes keys for itself. */
function Page({ voice, seated = true, run }: { voice: FakeVoice; seated?: boolean; run(command: Command): void }) {
  usePushToTalk(voice, seated);
  useShortcuts(run);
  return (
    <main>
      <p>somewhere</p>
      <input aria-label="input" />
      <textarea aria-label="textarea" />
      <select aria-label="select" />
      <button type="button">button</button>
      <a href="/">to the home page</a>
      <input aria-label="slider" type="range" />
      <input aria-label="radio" type="radio" />
      <dialog open>
        <p>in a dialog</p>
      </dialog>
    </main>
  );
}

function open(seated = true) {
  const voice = new FakeVoice({ isMuted: true });
  const run = vi.fn<(command: Command) => void>();
  const { unmount } = renderApp(<Page voice={voice} seated={seated} run={run} />);
  return { voice, run, unmount };
}

const SPACE = { key: ' ', code: 'Space' };

describe('push-to-talk', () => {
  it('push-to-talk unmutes while Space is held', () => {
    const { voice } = open();
    fireEvent.keyDown(screen.getByText('somewhere'), SPACE);
    fireEvent.keyDown(screen.getByText('somewhere'), { ...SPACE, repeat: true });
    expect(voice.hold).toHaveBeenCalledOnce();
    expect(voice.release).not.toHaveBeenCalled();
    fireEvent.keyUp(document.body, SPACE);
    expect(voice.release).toHaveBeenCalledOnce();
  });

  it('push-to-talk starts with Shift held too, on which hands may rest', () => {
    const { voice } = open();
    fireEvent.keyDown(document.body, { ...SPACE, shiftKey: true });
    expect(voice.hold).toHaveBeenCalledOnce();
  });

  it.each(['input', 'textarea', 'select', 'slider', 'radio'])('push-to-talk leaves Space to the %s', (label) => {
    const { voice } = open();
    fireEvent.keyDown(screen.getByLabelText(label), SPACE);
    expect(voice.hold).not.toHaveBeenCalled();
  });

  it.each(['button', 'to the home page', 'in a dialog'])('push-to-talk leaves Space to what is focused: %s', (text) => {
    const { voice } = open();
    fireEvent.keyDown(screen.getByText(text), SPACE);
    expect(voice.hold).not.toHaveBeenCalled();
  });

  it('push-to-talk ignores other keys, and Space with a modifier', () => {
    const { voice } = open();
    fireEvent.keyDown(document.body, { key: 't', code: 'KeyT' });
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'])
      fireEvent.keyDown(document.body, { ...SPACE, [modifier]: true });
    expect(voice.hold).not.toHaveBeenCalled();
  });

  it('push-to-talk ends when the window loses the focus, the page is hidden, or the meeting is left', () => {
    const { voice, unmount } = open();
    fireEvent.blur(window);
    expect(voice.release).toHaveBeenCalledTimes(1);
    fireEvent(document, new Event('visibilitychange'));
    expect(voice.release).toHaveBeenCalledTimes(2);
    unmount();
    expect(voice.release).toHaveBeenCalledTimes(3);
  });

  it('spectators have no push-to-talk', () => {
    const { voice } = open(false);
    fireEvent.keyDown(document.body, SPACE);
    expect(voice.hold).not.toHaveBeenCalled();
  });
});

describe('shortcuts', () => {
  it('each shortcut has its own key', () => {
    expect(new Set(SHORTCUTS.map(({ key }) => key)).size).toBe(SHORTCUTS.length);
  });

  it('shortcuts work in upper and lower case, and leave the browser’s own keys alone', () => {
    const { run } = open();
    for (const press of [{ key: 'P' }, { key: 'p' }, { key: 'p', ctrlKey: true }, { key: 'x' }]) {
      fireEvent.keyDown(document.body, press);
    }
    expect(run.mock.calls).toEqual([['people'], ['people']]);
  });

  it('shortcuts run once per press, and on sliders and radio buttons too', () => {
    const { run } = open();
    fireEvent.keyDown(document.body, { key: 'm' });
    fireEvent.keyDown(document.body, { key: 'm', repeat: true });
    fireEvent.keyDown(screen.getByLabelText('slider'), { key: 'c' });
    fireEvent.keyDown(screen.getByLabelText('radio'), { key: '?' });
    expect(run.mock.calls).toEqual([['microphone'], ['view'], ['help']]);
  });

  it.each(['input', 'textarea', 'select'])('shortcuts leave letters to the %s', (label) => {
    const { run } = open();
    fireEvent.keyDown(screen.getByLabelText(label), { key: 'm' });
    expect(run).not.toHaveBeenCalled();
  });

  it('shortcuts leave letters to dialogs', () => {
    const { run } = open();
    fireEvent.keyDown(screen.getByText('in a dialog'), { key: 'm' });
    expect(run).not.toHaveBeenCalled();
  });
});

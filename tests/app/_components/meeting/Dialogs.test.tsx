import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Dialogs } from '@/app/_components/meeting/Dialogs';
import type { Panel } from '@/app/_components/meeting/meetingUi';
import { useMeetingUi } from '@/app/_components/meeting/meetingUi';
import { recallLobby } from '@/app/_memory/lobbyMemory';
import type { ScreenView } from '@/app/_session/voiceContract';
import { FakeSession, FakeVoice, meetingView, seated, WATCHING } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

/** The dialogs with a button that opens one of them, as the menu does. */
function Opener({ session, panel, say }: { session: FakeSession; panel: Panel; say(text: string): void }) {
  const controls = useMeetingUi('participant');
  return (
    <>
      <button type="button" onClick={() => controls.open(panel)}>
        open
      </button>
      <Dialogs session={session} snapshot={session.getSnapshot()} controls={controls} say={say} />
    </>
  );
}

async function open(panel: Panel, session: FakeSession, say: (text: string) => void = () => {}) {
  const shown = renderApp(<Opener session={session} panel={panel} say={say} />);
  await shown.user.click(screen.getByText('open'));
  return { ...shown, again: () => shown.user.click(screen.getByText('open')) };
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('the dialog to end the meeting', () => {
  it('ending for all says how many people leave, and waits for a confirmation', async () => {
    const session = new FakeSession({ meeting: meetingView({ people: [seated('Ana', 0), seated('Bo', 1)] }) });
    const { user } = await open('end', session);
    const dialog = screen.getByRole('dialog', { name: 'End the meeting for everyone?' });
    expect(within(dialog).getByText('All 2 people leave the table, and the link stops working.')).toBeTruthy();
    expect(session.endForAll).not.toHaveBeenCalled();
    await user.click(button('End for all'));
    expect(session.endForAll).toHaveBeenCalledOnce();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('a cancelled end for all does not end the meeting', async () => {
    const session = new FakeSession();
    const { user } = await open('end', session);
    await user.click(button('Cancel'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(session.endForAll).not.toHaveBeenCalled();
  });

  it('a failed end for all says so', async () => {
    const session = new FakeSession();
    session.endForAll.mockRejectedValue(new Error('offline'));
    const say = vi.fn();
    const { user } = await open('end', session, say);
    await user.click(button('End for all'));
    expect(say).toHaveBeenCalledWith('The meeting could not be ended. Try again.');
  });
});

describe('the dialog for avatar and name', () => {
  const dao = { ...seated('Dao', 0, 'dayo'), role: 'participant' } as const;
  const asDao = () => new FakeSession({ self: dao, meeting: meetingView({ people: [dao] }) });
  const avatar = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });

  it('a new avatar and name are saved, and remembered for the next lobby', async () => {
    const session = asDao();
    const { user } = await open('appearance', session);
    await user.clear(screen.getByLabelText('Your name'));
    await user.type(screen.getByLabelText('Your name'), 'Dao L.');
    await user.click(avatar('Bo'));
    await user.click(button('Save'));
    expect(session.changeAppearance).toHaveBeenCalledWith({ name: 'Dao L.', avatar: 'bo' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(recallLobby()).toEqual({ name: 'Dao L.', avatar: 'bo' });
  });

  it('a cancelled change of appearance changes nothing', async () => {
    const session = asDao();
    const { user, again } = await open('appearance', session);
    await user.click(avatar('Bo'));
    await user.click(button('Cancel'));
    expect(session.changeAppearance).not.toHaveBeenCalled();
    await again();
    expect(avatar('Dayo').checked).toBe(true);
  });

  it('a change of appearance asks for a name instead of saving an empty one', async () => {
    const session = asDao();
    const { user } = await open('appearance', session);
    await user.clear(screen.getByLabelText('Your name'));
    await user.type(screen.getByLabelText('Your name'), '  ');
    await user.click(button('Save'));
    expect(screen.getByText('Enter a name, so that others know who is joining.')).toBeTruthy();
    expect(session.changeAppearance).not.toHaveBeenCalled();
  });

  it('a failed change of appearance keeps the choices, and saves them on the next try', async () => {
    const session = asDao();
    session.changeAppearance.mockRejectedValueOnce(new Error('offline'));
    const { user } = await open('appearance', session);
    await user.clear(screen.getByLabelText('Your name'));
    await user.type(screen.getByLabelText('Your name'), 'Bao');
    await user.click(avatar('Bo'));
    await user.click(button('Save'));
    expect(screen.getByText('Your avatar and name could not be changed. Try again.')).toBeTruthy();
    expect(recallLobby().name).toBe('');
    expect(avatar('Bo').checked).toBe(true);
    await user.click(button('Save'));
    expect(session.changeAppearance).toHaveBeenLastCalledWith({ name: 'Bao', avatar: 'bo' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('a change of appearance that is saved late closes no other dialog', async () => {
    const session = asDao();
    let saved = () => {};
    session.changeAppearance.mockReturnValue(new Promise<void>((resolve) => (saved = resolve)));
    const { user, again } = await open('appearance', session);
    await user.click(button('Save'));
    expect(button('Saving')).toHaveProperty('disabled', true);
    await user.click(button('Cancel'));
    await again();
    await act(async () => saved());
    expect(screen.getByRole('dialog', { name: 'Avatar and name' })).toBeTruthy();
  });
});

describe('the list of shortcuts', () => {
  it('the list of shortcuts names the key of every command for participants', async () => {
    await open('shortcuts', new FakeSession());
    const rows = screen.getAllByRole('term').map((term) => `${term.textContent} ${term.nextSibling?.textContent}`);
    expect(rows).toContain('Space Hold to talk while muted');
    expect(rows).toContain('M Mute or unmute');
    expect(rows).toContain('C Change the view');
    expect(rows).toHaveLength(12);
  });

  it('the list of shortcuts leaves out what spectators can’t do', async () => {
    const { user } = await open('shortcuts', new FakeSession(WATCHING));
    const keys = screen.getAllByRole('term').map((term) => term.textContent);
    expect(keys).not.toContain('M');
    expect(keys).not.toContain('Space');
    expect(keys).toContain('C');
    await user.click(button('Close'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the enlarged shared screen', () => {
  const shared: ScreenView = {
    personId: 'ana',
    isOwn: false,
    stream: {} as MediaStream,
    video: document.createElement('video'),
  };

  it('the enlarged screen names the person who shares, and closes by its button', async () => {
    const { user } = await open('screen', new FakeSession({}, new FakeVoice({ screen: shared })));
    expect(screen.getByRole('dialog', { name: 'Ana is sharing a screen' })).toBeTruthy();
    await user.click(button('Close'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('the enlarged screen closes when sharing ends', async () => {
    const voice = new FakeVoice({ screen: shared });
    await open('screen', new FakeSession({}, voice));
    act(() => voice.change({ screen: null }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

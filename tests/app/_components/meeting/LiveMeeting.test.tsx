import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveMeeting } from '@/app/_components/meeting/LiveMeeting';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import { ParleyApiError } from '@/lib/api';
import type { MeetingRole } from '@/lib/core/meeting';
import type { RecordingNotice } from '@/lib/core/recording';
import { stubMediaDevices } from '@/tests/support/app/dom';
import { FakeSession, meetingView, seated, WATCHING } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

const NOTICE: RecordingNotice = { id: 'r1', startedAt: '2026-01-01T00:00:00.000Z', consent: 'tell' };

function open(session = new FakeSession(), meetingRole: MeetingRole = 'participant') {
  const element = () => (
    <LiveMeeting
      session={session}
      snapshot={session.getSnapshot()}
      meetingId="round-table"
      meetingRole={meetingRole}
      offer={{ microphone: false, webcam: false }}
      onLeave={() => {}}
    />
  );
  const shown = renderApp(element());
  const change = (part: Partial<SessionSnapshot>) => {
    session.change(part);
    shown.rerender(element());
  };
  return { ...shown, session, change };
}

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const dialog = () => screen.queryByRole('dialog')?.getAttribute('aria-labelledby');

describe('the live meeting', () => {
  it('a browser that can’t show 3D lists people by name, with all controls', () => {
    const people = [seated('Noa', 0), seated('Bo', 1)];
    const { session } = open(new FakeSession({ meeting: meetingView({ people }) }));
    expect(screen.getByText(/^This browser can’t show 3D/)).toBeTruthy();
    const list = within(screen.getByRole('list', { name: 'People' }));
    expect(list.getAllByRole('listitem').map((row) => row.textContent)).toEqual(['NoaSeat 1', 'BoSeat 2']);
    expect(screen.getByRole('toolbar', { name: 'Controls' })).toBeTruthy();
    expect(session.attachScene).not.toHaveBeenCalledWith(expect.anything());
  });

  it('microphone, webcam, screen, people and help work by keyboard', async () => {
    stubMediaDevices({ getDisplayMedia: async () => new MediaStream() });
    const { session } = open();
    press('m');
    press('b');
    press('s');
    expect(session.voice.toggleMuted).toHaveBeenCalledOnce();
    expect(session.webcam.toggle).toHaveBeenCalledOnce();
    expect(session.voice.shareScreen).toHaveBeenCalledWith(true);
    press('p');
    expect(screen.getByRole('complementary', { name: 'People' })).toBeTruthy();
    press('Escape');
    expect(screen.queryByRole('complementary')).toBeNull();
    press('?');
    expect(dialog()).toBeTruthy();
  });

  it('the link is copied by keyboard, and a toast says so', async () => {
    open();
    press('k');
    expect(await screen.findByText('Link copied')).toBeTruthy();
  });

  it('spectators send nothing, whatever they press', () => {
    const { session } = open(new FakeSession(WATCHING), 'spectator');
    for (const key of ['m', 'b', 's']) press(key);
    fireEvent.keyDown(document.body, { key: ' ', code: 'Space' });
    expect(session.voice.toggleMuted).not.toHaveBeenCalled();
    expect(session.webcam.toggle).not.toHaveBeenCalled();
    expect(session.voice.shareScreen).not.toHaveBeenCalled();
    expect(session.voice.hold).not.toHaveBeenCalled();
  });

  it('one panel is open at a time', async () => {
    const { user } = open();
    await user.click(screen.getByRole('button', { name: 'People' }));
    await user.click(screen.getByRole('button', { name: 'More' }));
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(screen.getByRole('list', { name: 'More' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'More' }).getAttribute('aria-expanded')).toBe('true');
  });

  it('the host ends the meeting from the menu', async () => {
    const session = new FakeSession();
    session.isHost = true;
    const { user } = open(session);
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('button', { name: 'End for all' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'End for all' }));
    expect(session.endForAll).toHaveBeenCalledOnce();
  });

  it('the host records from the menu, and is told where the recording is', async () => {
    const session = new FakeSession();
    session.isHost = true;
    const { user, change } = open(session);
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('button', { name: 'Record the meeting' }));
    expect(session.startRecording).toHaveBeenCalledOnce();
    change({ meeting: { ...session.getSnapshot().meeting!, recording: NOTICE } });
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('button', { name: 'Stop recording' }));
    const link = await screen.findByRole<HTMLAnchorElement>('link', { name: 'Watch it' });
    expect(link.href).toBe('https://parley.test/r/right');
  });

  it('a recording that cannot be started is explained', async () => {
    const session = new FakeSession();
    session.isHost = true;
    session.startRecording.mockRejectedValue(
      new ParleyApiError({ reason: 'forbidden', recordingReason: 'off' }, 'Recording is off.'),
    );
    const { user } = open(session);
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('button', { name: 'Record the meeting' }));
    expect(await screen.findByText('Recording is switched off on this site.')).toBeTruthy();
  });

  it.each(['participant', 'spectator'] as const)('a %s sees and is told that the meeting is recorded', (role) => {
    const { session, change } = open(new FakeSession(role === 'spectator' ? WATCHING : {}), role);
    const meeting = session.getSnapshot().meeting!;
    expect(screen.queryByText('Recording')).toBeNull();
    change({ meeting: { ...meeting, recording: NOTICE } });
    expect(screen.getByText('Recording')).toBeTruthy();
    expect(screen.getByText('This meeting is being recorded.')).toBeTruthy();
    change({ meeting: { ...meeting, recording: null } });
    expect(screen.queryByText('Recording')).toBeNull();
    expect(screen.getByText('Recording has stopped.')).toBeTruthy();
    change({ meeting: { ...meeting, recording: { ...NOTICE, id: 'r2' } } });
    change({ meeting: { ...meeting, recording: null, recordingEnd: 'disk' } });
    expect(screen.getByText('Recording has stopped: the disk of this site is nearly full.')).toBeTruthy();
  });

  it('where the meeting asks, a participant agrees or is left out, and is asked once', async () => {
    const { session, user, change } = open();
    const { meeting, self } = session.getSnapshot();
    const own = { id: self!.id, name: 'Me', avatar: 'ada', seat: 0, endpoint: null };
    const asked = { ...meeting!, people: [own], recording: { ...NOTICE, consent: 'ask' as const } };
    change({ meeting: asked });
    await user.click(screen.getByRole('button', { name: 'No, leave me out' }));
    expect(session.agreeToRecording).toHaveBeenCalledWith(false);
    expect(screen.queryByRole('alertdialog')).toBeNull();
    change({ meeting: { ...asked, people: [{ ...own, agreesToRecording: false }] } });
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('a shared screen is named and can be enlarged', async () => {
    const { session, user } = open();
    const video = document.createElement('video');
    act(() => session.voice.change({ screen: { personId: 'ana', isOwn: false, stream: {} as MediaStream, video } }));
    await user.click(screen.getByRole('button', { name: 'Enlarge' }));
    expect(screen.getByRole('dialog', { name: 'Ana is sharing a screen' })).toBeTruthy();
  });

  it('a lost connection is named, and that it is back', () => {
    const { change } = open();
    change({ phase: 'reconnecting' });
    expect(screen.getByText('Connection lost. Getting you back to your seat.')).toBeTruthy();
    change({ phase: 'live' });
    expect(screen.queryByText('Connection lost. Getting you back to your seat.')).toBeNull();
    expect(screen.getByText('You are back')).toBeTruthy();
  });
});

describe('the controls of a live meeting', () => {
  afterEach(() => void vi.useRealTimers());

  it('controls stay where the room is not drawn, as there is nothing else to see', () => {
    vi.useFakeTimers();
    const { container } = open();
    act(() => void vi.advanceTimersByTime(10_000));
    expect(container.querySelector('[data-quiet]')).toBeNull();
  });
});

// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionVeil, Notices, Toasts } from '@/app/_components/meeting/news/Notices';
import {
  useCopyLink,
  usePeopleNews,
  useToasts,
  useVoiceNews,
  useWebcamNews,
} from '@/app/_components/meeting/news/useNews';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { ScreenView } from '@/app/_session/voiceContract';
import { FakeSession, FakeVoice, FakeWebcam, meetingView, seated, WATCHING } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

const toasts = () => [...screen.getByRole('log').querySelectorAll('p')].map(({ textContent }) => textContent);

function News({ snapshot, session }: { snapshot: SessionSnapshot; session: FakeSession }) {
  const { toasts: shown, say } = useToasts();
  const copy = useCopyLink('round-table', say);
  usePeopleNews(snapshot, say);
  useVoiceNews(session.voice, say);
  useWebcamNews(session.webcam, say);
  return (
    <>
      <Toasts toasts={shown} />
      <button type="button" onClick={() => void copy('participant')}>
        copy
      </button>
      <button type="button" onClick={() => void copy('spectator')}>
        copy for watching
      </button>
    </>
  );
}

/** Shows what is said while the session goes from state to state. */
function follow(session: FakeSession) {
  const { rerender, user } = renderApp(<News snapshot={session.getSnapshot()} session={session} />);
  const change = (part: Partial<SessionSnapshot>) => {
    session.change(part);
    rerender(<News snapshot={session.getSnapshot()} session={session} />);
  };
  return { change, user };
}

const withPeople = (...names: string[]) => meetingView({ people: names.map((name, seat) => seated(name, seat)) });

describe('toasts about people', () => {
  it('toasts name who joins and who leaves, but not the local participant', () => {
    const { change } = follow(new FakeSession({ meeting: withPeople('Ana', 'Bo') }));
    change({ meeting: withPeople('Ana', 'Bo', 'Cleo') });
    change({ meeting: withPeople('Bo', 'Cleo') });
    change({ meeting: withPeople('Cleo') });
    expect(toasts()).toEqual(['Cleo joined', 'Bo left']);
  });

  it('no toast is shown for a person who changes seat or name', () => {
    const { change } = follow(new FakeSession({ meeting: withPeople('Ana', 'Bo') }));
    change({ meeting: meetingView({ people: [seated('Ana', 0), { ...seated('Bo', 5), name: 'Bob' }] }) });
    expect(toasts()).toEqual([]);
  });

  it('no toast is shown for people who were there before the session went live', () => {
    const { change } = follow(new FakeSession({ phase: 'connecting', meeting: withPeople('Ana') }));
    change({ phase: 'live', meeting: withPeople('Ana', 'Bo') });
    expect(toasts()).toEqual([]);
  });

  it('a toast tells spectators that no one sees them', () => {
    const { change } = follow(new FakeSession({ ...WATCHING, phase: 'connecting' }));
    change({ phase: 'live' });
    expect(toasts()).toEqual(['You are watching. No one sees you.']);
  });

  it('a toast says that the connection is back', () => {
    const { change } = follow(new FakeSession({ phase: 'reconnecting' }));
    change({ phase: 'live' });
    expect(toasts()).toEqual(['You are back']);
  });
});

describe('toasts about devices', () => {
  it.each([
    ['denied', /^The browser blocks the microphone/],
    ['missing', /^No microphone was found/],
    ['busy', /^Another program is using the microphone/],
    ['failed', /^The microphone did not start/],
  ] as const)('a toast says why a microphone did not start: %s', (microphone, sentence) => {
    const session = new FakeSession({}, new FakeVoice({ microphone: 'starting' }));
    follow(session);
    act(() => session.voice.change({ microphone }));
    expect(toasts()).toEqual([expect.stringMatching(sentence)]);
  });

  it('toasts tell of a lost microphone, and of a screen that ended or could not be shared', () => {
    const session = new FakeSession();
    follow(session);
    act(() => {
      session.voice.news.emit('microphoneLost', null);
      session.voice.news.emit('screenEnded', null);
      session.voice.news.emit('screenFailed', { reason: 'denied' });
      session.voice.news.emit('screenFailed', { reason: 'failed' });
    });
    expect(toasts()).toEqual([
      'Your microphone was disconnected. Choose another under More.',
      'Your screen is no longer shared.',
      'No screen was shared. Allow it in the browser to try again.',
      'The screen could not be shared. Try again.',
    ]);
  });

  it('a toast tells of a webcam that was unplugged, and not of one that was turned off', () => {
    const session = new FakeSession({}, new FakeVoice(), new FakeWebcam({ phase: 'live' }));
    follow(session);
    act(() => session.webcam.change({ phase: 'unplugged' }));
    act(() => session.webcam.change({ phase: 'live' }));
    act(() => session.webcam.change({ phase: 'off' }));
    expect(toasts()).toEqual(['The camera was unplugged. Plug it in again, or use another.']);
  });
});

describe('copying a link', () => {
  it('copying puts the link for seats or for watching on the clipboard and says so', async () => {
    const { user } = follow(new FakeSession());
    await user.click(screen.getByText('copy'));
    expect(await navigator.clipboard.readText()).toBe(`${location.origin}/m/round-table`);
    await user.click(screen.getByText('copy for watching'));
    expect(await navigator.clipboard.readText()).toBe(`${location.origin}/m/round-table/watch`);
    expect(toasts()).toEqual(['Link copied', 'Link for watching copied']);
  });

  it('copying says where the link is when the clipboard is closed', async () => {
    const { user } = follow(new FakeSession());
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
    await user.click(screen.getByText('copy'));
    expect(toasts()).toEqual(['The link could not be copied. Copy it from the address bar.']);
  });
});

describe('toasts over time', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('toasts disappear after four seconds, and are at most four at a time', () => {
    const { change } = follow(new FakeSession({ meeting: withPeople('Ana') }));
    change({ meeting: withPeople('Ana', 'Bo', 'Cleo', 'Dayo', 'Emi', 'Farah') });
    expect(toasts()).toEqual(['Cleo joined', 'Dayo joined', 'Emi joined', 'Farah joined']);
    act(() => void vi.advanceTimersByTime(3_999));
    expect(toasts()).toHaveLength(4);
    act(() => void vi.advanceTimersByTime(1));
    expect(toasts()).toEqual([]);
  });
});

describe('notices', () => {
  const people = [seated('Ana', 0)];
  const shared = (part: Partial<ScreenView>): ScreenView => ({
    personId: 'ana',
    isOwn: false,
    stream: {} as MediaStream,
    video: document.createElement('video'),
    ...part,
  });

  it('a notice offers to hear the others while the browser blocks sound', async () => {
    const voice = new FakeVoice({ isBlocked: true });
    const { user } = renderApp(<Notices voice={voice} people={people} onLook={() => {}} />);
    await user.click(screen.getByRole('button', { name: 'Click to hear the others' }));
    expect(voice.hearOthers).toHaveBeenCalledOnce();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('a notice names who shares a screen, and enlarges it', async () => {
    const onLook = vi.fn();
    const { user } = renderApp(
      <Notices voice={new FakeVoice({ screen: shared({}) })} people={people} onLook={onLook} />,
    );
    expect(screen.getByText('Ana is sharing a screen')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Enlarge' }));
    expect(onLook).toHaveBeenCalledOnce();
  });

  it('a notice says that someone shares a screen if no one vouches for the name', () => {
    renderApp(
      <Notices voice={new FakeVoice({ screen: shared({ personId: null }) })} people={people} onLook={() => {}} />,
    );
    expect(screen.getByText('Someone is sharing a screen')).toBeTruthy();
  });

  it('a notice lets the local participant stop sharing', async () => {
    const voice = new FakeVoice({ screen: shared({ isOwn: true }) });
    const { user } = renderApp(<Notices voice={voice} people={people} onLook={() => {}} />);
    expect(screen.getByText('You are sharing your screen')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop sharing' }));
    expect(voice.shareScreen).toHaveBeenCalledWith(false);
  });
});

describe('the veil over the room', () => {
  it.each([
    ['connecting', 'participant', 'Taking your seat'],
    ['connecting', 'spectator', 'Opening the room'],
    ['reconnecting', 'participant', 'Connection lost. Getting you back to your seat.'],
    ['live', 'participant', ''],
  ] as const)('the veil while %s as a %s says “%s”', (phase, role, text) => {
    renderApp(<ConnectionVeil phase={phase} meetingRole={role} />);
    expect(screen.getByRole('status').textContent).toBe(text);
  });
});

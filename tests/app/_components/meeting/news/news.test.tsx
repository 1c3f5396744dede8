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
      <button type="button" onClick={() => void copy('live')}>
        copy for watching live
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

  it('a toast says once that the site restarts', () => {
    const { change } = follow(new FakeSession({ meeting: withPeople('Ana') }));
    const restartsBy = '2030-01-01T00:00:00.000Z';
    change({ meeting: { ...withPeople('Ana'), restartsBy } });
    change({ meeting: { ...withPeople('Ana', 'Bo'), restartsBy } });
    expect(toasts()).toEqual([
      'This site is about to restart. Your meeting will be back by itself within seconds.',
      'Bo joined',
    ]);
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
    await user.click(screen.getByText('copy for watching live'));
    expect(await navigator.clipboard.readText()).toBe(`${location.origin}/m/round-table/live`);
    expect(toasts()).toEqual(['Link copied', 'Link for watching copied', 'Link for watching live copied']);
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
  const quiet = {
    webcam: new FakeWebcam(),
    people: [seated('Ana', 0)],
    offer: { microphone: false, webcam: false },
    seated: true,
    onLook: () => {},
  };
  const shared = (part: Partial<ScreenView>): ScreenView => ({
    personId: 'ana',
    isOwn: false,
    stream: {} as MediaStream,
    video: document.createElement('video'),
    ...part,
  });

  it('a notice offers to hear the others while the browser blocks sound', async () => {
    const voice = new FakeVoice({ isBlocked: true });
    const { user } = renderApp(<Notices {...quiet} voice={voice} />);
    await user.click(screen.getByRole('button', { name: 'Click to hear the others' }));
    expect(voice.hearOthers).toHaveBeenCalledOnce();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('a notice names who shares a screen, and enlarges it', async () => {
    const onLook = vi.fn();
    const { user } = renderApp(<Notices {...quiet} voice={new FakeVoice({ screen: shared({}) })} onLook={onLook} />);
    expect(screen.getByText('Ana is sharing a screen')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Enlarge' }));
    expect(onLook).toHaveBeenCalledOnce();
  });

  it('a notice says that someone shares a screen if it is not known who', () => {
    renderApp(<Notices {...quiet} voice={new FakeVoice({ screen: shared({ personId: null }) })} />);
    expect(screen.getByText('Someone is sharing a screen')).toBeTruthy();
  });

  it('a notice lets the local participant stop sharing', async () => {
    const voice = new FakeVoice({ screen: shared({ isOwn: true }) });
    const { user } = renderApp(<Notices {...quiet} voice={voice} />);
    expect(screen.getByText('You are sharing your screen')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop sharing' }));
    expect(voice.shareScreen).toHaveBeenCalledWith(false);
  });
});

describe('the notice that no voices come through', () => {
  const TEXT = /^Your network lets no voices through/;
  const props = {
    webcam: new FakeWebcam(),
    people: [],
    offer: { microphone: false, webcam: false },
    onLook: () => {},
  };
  const blocked = { media: 'blocked', mediaPort: 10_000 } as const;

  it('a blocked network is told once, with the port to open, until voices come through', () => {
    const voice = new FakeVoice({ media: 'connecting' });
    renderApp(<Notices {...props} voice={voice} seated />);
    expect(screen.queryByText(TEXT)).toBeNull();
    act(() => voice.change(blocked));
    expect(screen.getByRole('alert').textContent).toBe(
      'Your network lets no voices through. Others can’t hear you; you can’t hear them. ' +
        'Ask its administrator to allow UDP port 10000, or use another network.',
    );
    act(() => voice.change({ media: 'through' }));
    expect(screen.queryByText(TEXT)).toBeNull();
    for (const change of [blocked, { media: 'through' }, blocked] as const) act(() => voice.change(change));
    expect(screen.queryByText(TEXT)).toBeNull();
  });

  it('the notice about a blocked network stays closed once it is closed', async () => {
    const voice = new FakeVoice(blocked);
    const { user } = renderApp(<Notices {...props} voice={voice} seated />);
    await user.click(screen.getByRole('button', { name: 'Close' }));
    act(() => voice.change({ mutedPeople: new Set(['bo']) }));
    expect(screen.queryByText(TEXT)).toBeNull();
  });

  it('a spectator on a blocked network is told only what concerns them', () => {
    renderApp(<Notices {...props} voice={new FakeVoice(blocked)} seated={false} />);
    expect(screen.getByRole('alert').textContent).toMatch(/so you can’t hear the others\. Ask .* UDP port 10000/);
  });

  it('where the site offers no port, the network is not blamed', () => {
    renderApp(<Notices {...props} voice={new FakeVoice({ media: 'blocked' })} seated />);
    expect(screen.getByRole('alert').textContent).toMatch(/^This site carries no voices/);
  });
});

describe('the veil over the room', () => {
  it.each([
    ['connecting', 'participant', 'Taking your seat'],
    ['connecting', 'spectator', 'Opening the room'],
    ['reconnecting', 'participant', 'Connection lost. Getting you back to your seat.'],
    ['live', 'participant', ''],
  ] as const)('the veil while %s as a %s says “%s”', (phase, role, text) => {
    renderApp(<ConnectionVeil phase={phase} isOutOfDate={false} trouble="none" meetingRole={role} />);
    expect(screen.getByRole('status').textContent).toBe(text);
  });

  it.each([
    ['live', 'signalling', 'Connection to the meeting server lost. Reconnecting.'],
    ['live', 'bridge', 'The media server is away. Voices and movement come back by themselves.'],
    ['reconnecting', 'bridge', 'The media server is away. Voices and movement come back by themselves.'],
    ['connecting', 'bridge', 'Taking your seat'],
  ] as const)('the veil while %s without %s says “%s”', (phase, trouble, text) => {
    renderApp(<ConnectionVeil phase={phase} isOutOfDate trouble={trouble} meetingRole="participant" />);
    expect(screen.getByRole('status').textContent).toBe(text);
  });

  it('a live meeting says that its list of people is out of date', () => {
    renderApp(<ConnectionVeil phase="live" isOutOfDate trouble="none" meetingRole="participant" />);
    expect(screen.getByRole('status').textContent).toMatch(/^People who come or go don’t show/);
  });
});

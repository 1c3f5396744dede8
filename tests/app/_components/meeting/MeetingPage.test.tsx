import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MeetingPage } from '@/app/_components/meeting/MeetingPage';
import { EMPTY_LINK, type MeetingLink } from '@/app/_components/meeting/meetingLink';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import type { MeetingLookup } from '@/app/_session/lookUp';
import type { JoinChoice, SessionFailure, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { FakeSession, meetingView, seated } from '@/tests/support/app/fakeSession';
import { page } from '@/tests/support/app/page';
import { renderApp } from '@/tests/support/app/render';

const LOBBY = {
  phase: 'lobby',
  meeting: null,
  self: null,
  liveSinceMs: null,
} as const satisfies Partial<SessionSnapshot>;

/** The sessions the page has made, the latest last. */
const sessions: WaitingSession[] = [];
const latest = () => sessions.at(-1)!;
const choiceOf = (session: WaitingSession) => session.join.mock.calls.at(-1)?.at(0) as JoinChoice | undefined;

/** A session that does not get anywhere by itself. */
class WaitingSession extends FakeSession {
  constructor({ found }: { found?: MeetingLookup }) {
    super({ ...LOBBY, ...found });
    sessions.push(this);
    this.join.mockImplementation(async () => this.change({ phase: 'connecting' }));
  }

  /** Joins succeed from here on. */
  goLive(name = 'Ana'): void {
    const self = seated(name, 0);
    act(() =>
      this.change({
        phase: 'live',
        meeting: meetingView({ people: [self] }),
        self: { ...self, role: 'participant' },
        liveSinceMs: Date.now(),
      }),
    );
  }

  fail(failure: SessionFailure): void {
    act(() => this.change({ phase: 'failed', failure }));
  }
}

beforeEach(() => {
  sessions.length = 0;
  page.createSession = (parts) => new WaitingSession(parts);
  for (const { id } of recentMeetings.getSnapshot()) recentMeetings.remove(id);
});

const FOUND: MeetingLookup = { meeting: meetingView(), failure: null };

interface Options {
  readonly link?: Partial<MeetingLink>;
  readonly meetingRole?: MeetingRole;
  readonly found?: MeetingLookup;
}

async function open({ link = {}, meetingRole = 'participant', found = FOUND }: Options = {}) {
  const shown = renderApp(
    <MeetingPage meetingId="round-table" meetingRole={meetingRole} link={{ ...EMPTY_LINK, ...link }} found={found} />,
  );
  await waitFor(() => expect(sessions.length).toBeGreaterThan(0));
  await act(async () => {});
  return shown;
}

const kiosk = (name = 'Ana') => open({ link: { name, autojoin: true } });
const button = (name: string) => screen.getByRole('button', { name });
const actions = () => [...document.querySelectorAll('main button, main a')].map(({ textContent }) => textContent);

describe('a meeting’s page', () => {
  it('the page goes from the lobby into the meeting with what was chosen', async () => {
    const { user } = await open();
    await user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Hannah');
    await user.click(screen.getByRole('radio', { name: 'Cleo' }));
    await user.click(button('Join'));
    expect(choiceOf(latest())).toMatchObject({ role: 'participant', name: 'Hannah', avatar: 'cleo' });
    expect(screen.getByText('Taking your seat')).toBeTruthy();
    latest().goLive('Hannah');
    expect(screen.getByRole('toolbar', { name: 'Controls' })).toBeTruthy();
    expect(sessions).toHaveLength(1);
  });

  it('the page asks the API itself if the server found nothing', async () => {
    renderApp(<MeetingPage meetingId="round-table" meetingRole="participant" link={EMPTY_LINK} />);
    await waitFor(() => expect(sessions).toHaveLength(1));
    expect(latest().look).toHaveBeenCalledOnce();
    act(() => latest().change({ meeting: meetingView() }));
    await screen.findByRole('heading', { name: 'Round table' });
  });

  it('the page joins at once if the link says so', async () => {
    await kiosk('Lea');
    expect(choiceOf(latest())).toMatchObject({ role: 'participant', name: 'Lea', microphone: null });
  });

  it('spectators join at once, without name or microphone', async () => {
    await open({ meetingRole: 'spectator' });
    expect(choiceOf(latest())).toMatchObject({ role: 'spectator', name: '', microphone: null });
    expect(screen.getByText('Opening the room')).toBeTruthy();
  });

  it('the tab is named after the meeting, which becomes a recent one', async () => {
    await kiosk();
    latest().goLive();
    expect(document.title).toBe('Round table · Parley');
    expect(recentMeetings.getSnapshot().map(({ id, title }) => [id, title])).toEqual([['round-table', 'Round table']]);
  });

  it('the session leaves when the page goes', async () => {
    const { unmount } = await kiosk();
    unmount();
    expect(latest().leave).toHaveBeenCalledOnce();
  });
});

describe('leaving and coming back', () => {
  it('a participant who left rejoins with name, avatar, microphone and webcam as they were last', async () => {
    const { user } = await kiosk('Lea');
    const first = latest();
    first.goLive('Lea');
    act(() => first.change({ self: { ...seated('Lea L.', 0, 'bo'), role: 'participant' } }));
    first.voice.choice = { deviceId: 'desk', muted: true };
    act(() => first.webcam.change({ phase: 'live', deviceId: 'lid' }));
    await user.click(button('Leave'));
    expect(first.leave).toHaveBeenCalled();
    expect(screen.getByRole('heading', { name: 'You left the table.' })).toBeTruthy();
    await user.click(button('Sit down again'));
    expect(sessions).toHaveLength(2);
    expect(choiceOf(latest())).toMatchObject({
      name: 'Lea L.',
      avatar: 'bo',
      microphone: { deviceId: 'desk', muted: true },
      motion: { kind: 'webcam', deviceId: 'lid' },
    });
    latest().goLive('Lea L.');
    expect(screen.getByRole('toolbar', { name: 'Controls' })).toBeTruthy();
  });

  it('a spectator who left can watch again', async () => {
    const { user } = await open({ meetingRole: 'spectator' });
    act(() => latest().change({ phase: 'live', meeting: meetingView(), self: { id: 'w', role: 'spectator' } }));
    await user.click(button('Leave'));
    expect(screen.getByRole('heading', { name: 'You stopped watching.' })).toBeTruthy();
    await user.click(button('Watch again'));
    expect(choiceOf(latest())).toMatchObject({ role: 'spectator' });
  });
});

describe('a meeting that can’t be attended', () => {
  it('a meeting that is not there leaves one sentence, one way on, and the list of recent meetings', async () => {
    recentMeetings.visit('round-table', '');
    await open({ found: { meeting: null, failure: { reason: 'notFound' } } });
    expect(screen.getByRole('heading', { name: /^There is no meeting at this link/ })).toBeTruthy();
    expect(actions()).toEqual(['New meeting']);
    expect(recentMeetings.getSnapshot()).toEqual([]);
  });

  it('a meeting that ended says so, with one way on', async () => {
    await kiosk();
    latest().goLive();
    act(() => latest().change({ phase: 'ended' }));
    expect(
      screen.getByRole('heading', { name: 'This meeting has ended. Start a new one whenever you like.' }),
    ).toBeTruthy();
    expect(actions()).toEqual(['New meeting']);
  });

  it('a full meeting can be watched', async () => {
    await kiosk();
    latest().fail({ reason: 'full', limit: 16 });
    expect(screen.getByRole('heading', { name: /^All 16 seats are taken/ })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Watch' }).getAttribute('href')).toBe('/m/round-table/watch');
  });

  it('a meeting out of reach is tried again when asked', async () => {
    const { user } = await kiosk('Nina');
    latest().fail({ reason: 'jitsiUnreachable' });
    expect(screen.getByRole('heading', { name: /^The meeting can’t be reached/ })).toBeTruthy();
    await user.click(button('Try again'));
    expect(sessions).toHaveLength(2);
    expect(choiceOf(latest())?.name).toBe('Nina');
    latest().goLive('Nina');
    expect(screen.getByRole('toolbar', { name: 'Controls' })).toBeTruthy();
  });

  it('a seat taken by another window can be taken back', async () => {
    const { user } = await kiosk();
    latest().goLive();
    latest().fail({ reason: 'replaced' });
    await user.click(button('Sit here instead'));
    expect(choiceOf(latest())?.name).toBe('Ana');
  });

  it('an unreadable motion file is named with its line, and leads back to the lobby', async () => {
    const { user } = await kiosk();
    latest().fail({ reason: 'motionUnreadable', line: 3, detail: 'no brace' });
    expect(screen.getByRole('heading', { name: 'The motion file can’t be read at line 3: no brace' })).toBeTruthy();
    await user.click(button('Back to the lobby'));
    expect(screen.getByRole('textbox', { name: 'Your name' })).toBeTruthy();
  });
});

describe('an old browser', () => {
  it('an old browser is told which browsers would do', () => {
    vi.stubGlobal('WebSocket', undefined);
    renderApp(<MeetingPage meetingId="round-table" meetingRole="participant" link={EMPTY_LINK} found={FOUND} />);
    expect(screen.getByRole('heading', { name: /^This browser is too old for a meeting/ })).toBeTruthy();
    vi.unstubAllGlobals();
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpsPage } from '@/app/_components/ops/OpsPage';
import type { Language } from '@/app/_i18n/language';
import { ParleyApiError } from '@/lib/api';
import type { OpsClient, OverseenMeetings, SiteOverview } from '@/lib/api/opsClient';
import type { MeetingErrorReason } from '@/lib/core/meeting';
import { eachFigure, HISTORY_SPANS, NO_FIGURES } from '@/lib/core/site/siteHistory';
import { renderApp } from '@/tests/support/app/render';

const OVERVIEW: SiteOverview = {
  version: '1.2.3',
  figures: { ...NO_FIGURES, meetings: 1, participants: 2, poseAgeMs: 84.4, poseLostShare: 0.0123, diskFreeBytes: 52e9 },
  alerts: [],
  lacks: [],
  isDraining: false,
};

const MEETINGS: OverseenMeetings = [
  {
    id: 'blue-lake',
    title: 'Stand-up',
    seats: 16,
    createdAt: new Date().toISOString(),
    isRecorded: true,
    people: [
      { id: 'p1', name: 'Ada', seat: 0, since: new Date().toISOString(), customAvatar: 'b'.repeat(64) },
      { id: 'p2', name: '', seat: null, since: new Date().toISOString(), customAvatar: null },
    ],
  },
];

const refused = (reason: MeetingErrorReason | 'offline') => new ParleyApiError({ reason }, 'refused');

/** A site whose answers a test can change. */
function createSite() {
  return {
    overview: vi.fn(async () => OVERVIEW),
    meetings: vi.fn(async () => MEETINGS),
    recordings: vi.fn(async () => []),
    history: vi.fn(async (span: keyof typeof HISTORY_SPANS) => ({
      span,
      stepS: HISTORY_SPANS[span].stepS,
      fromS: 0,
      figures: eachFigure((name) => (name === 'participants' ? [null, 3, 1] : [null, null, null])),
    })),
    endMeeting: vi.fn(async () => {}),
    removePerson: vi.fn(async () => {}),
    deleteRecording: vi.fn(async () => {}),
    deleteAvatar: vi.fn(async () => {}),
    drain: vi.fn(async () => {}),
    testAlert: vi.fn(async () => 2),
  } satisfies Record<keyof OpsClient, unknown>;
}

describe('the page of those who run the site', () => {
  let site: ReturnType<typeof createSite>;
  const tokens: string[] = [];
  beforeEach(() => {
    site = createSite();
    tokens.length = 0;
  });
  afterEach(() => vi.useRealTimers());

  function connect(token: string): OpsClient {
    tokens.push(token);
    return site as unknown as OpsClient;
  }

  const open = (language: Language = 'en') => renderApp(<OpsPage connect={connect} />, language);
  const button = (name: string | RegExp) => screen.getByRole('button', { name });

  async function entered() {
    sessionStorage.setItem('parley.opsToken', 'kept');
    const { user } = open();
    await screen.findByText('Ready');
    return user;
  }

  it('the page asks for the token, refuses a wrong one with a sentence, and keeps a right one in the tab alone', async () => {
    const { user } = open();
    const field = await screen.findByLabelText('Operators’ token');
    expect(field.getAttribute('type')).toBe('password');
    site.overview.mockRejectedValueOnce(refused('forbidden'));
    await user.type(field, 'wrong');
    await user.click(button('Continue'));
    expect((await screen.findByRole('alert')).textContent).toMatch(/^This is not the operators’ token/);
    expect(sessionStorage.getItem('parley.opsToken')).toBeNull();
    await user.clear(field);
    await user.type(field, ' right {Enter}');
    expect(await screen.findByText('Ready')).toBeTruthy();
    expect(tokens.at(-1)).toBe('right');
    expect(sessionStorage.getItem('parley.opsToken')).toBe('right');
    expect(JSON.stringify(localStorage) + location.href).not.toContain('right');
    await user.click(button('Forget the token'));
    expect(sessionStorage.getItem('parley.opsToken')).toBeNull();
    expect(screen.getByLabelText('Operators’ token')).toBeTruthy();
  });

  it.each([
    ['offline', /^The server can’t be reached right now/],
    ['tooManyRequests', /^Too many attempts/],
  ] as const)('a token that could not be checked (%s) is not called wrong', async (reason, sentence) => {
    site.overview.mockRejectedValue(refused(reason));
    const { user } = open();
    await user.type(await screen.findByLabelText('Operators’ token'), 'right{Enter}');
    expect((await screen.findByRole('alert')).textContent).toMatch(sentence);
  });

  it('a kept token that the site no longer takes is asked for again', async () => {
    site.overview.mockRejectedValue(refused('forbidden'));
    sessionStorage.setItem('parley.opsToken', 'old');
    open();
    expect(await screen.findByLabelText('Operators’ token')).toBeTruthy();
    expect(screen.getByText(/^This is not the operators’ token/)).toBeTruthy();
    expect(sessionStorage.getItem('parley.opsToken')).toBeNull();
  });

  it('figures, alerts, meetings and recordings are shown, also where there are none', async () => {
    await entered();
    const now = within(screen.getByRole('region', { name: 'Now' }));
    const tile = (name: string) => now.getByText(name).parentElement!.textContent;
    expect(tile('Pose age, p95')).toBe('Pose age, p9584 ms');
    expect(tile('Poses lost, p95')).toBe('Poses lost, p951.2%');
    expect(tile('Free on the disk')).toBe('Free on the disk52 GB');
    expect(tile('Memory')).toBe('Memorynot known');
    expect(screen.getByText('Nothing is wrong.')).toBeTruthy();
    expect(await screen.findByText('There are no recordings.')).toBeTruthy();
    const meeting = within(screen.getByRole('article', { name: 'Stand-up' }));
    expect(meeting.getByText(/^blue-lake · 1 of 16 seats · being recorded$/)).toBeTruthy();
    expect(meeting.getAllByRole('listitem')).toHaveLength(2);
  });

  it('each plot says in words what it draws, over the span that is chosen', async () => {
    const user = await entered();
    expect(await screen.findByText('People with a seat · 1 to 3, last 1')).toBeTruthy();
    expect(screen.getByText('Spectators · nothing yet')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: '7 days' }));
    await waitFor(() => expect(site.history).toHaveBeenLastCalledWith('7d'));
  });

  it('alerts that fire and what the site lacks are named', async () => {
    const alert = { name: 'DiskLow', severity: 'warning', summary: '', startsAt: new Date().toISOString() } as const;
    site.overview.mockResolvedValue({ ...OVERVIEW, alerts: [alert], lacks: ['hub', 'disk'] });
    sessionStorage.setItem('parley.opsToken', 'kept');
    open();
    expect(await screen.findByText('Not ready: no hub and disk full')).toBeTruthy();
    expect(screen.getByText('The disk is nearly full.')).toBeTruthy();
  });

  it.each([
    ['End the meeting Stand-up', 'End meeting', 'endMeeting', ['blue-lake'], 'The meeting has ended.'],
    ['Put Ada out', 'Put out', 'removePerson', ['blue-lake', 'p1'], 'Ada is out of the meeting.'],
    ['Put A spectator out', 'Put out', 'removePerson', ['blue-lake', 'p2'], 'A spectator is out of the meeting.'],
    ['Remove the avatar of Ada', 'Remove avatar', 'deleteAvatar', ['b'.repeat(64)], 'The avatar is removed.'],
    ['Take no new meetings', 'Take no new meetings', 'drain', [true], 'No new meetings are taken.'],
  ] as const)('“%s” is asked first, then done and said', async (name, confirm, deed, input, news) => {
    const user = await entered();
    await user.click(await screen.findByRole('button', { name }));
    const dialog = () => within(screen.getByRole('dialog'));
    await user.click(dialog().getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(site[deed]).not.toHaveBeenCalled();
    await user.click(button(name));
    await user.click(dialog().getByRole('button', { name: confirm }));
    expect(await screen.findByText(news)).toBeTruthy();
    expect(site[deed]).toHaveBeenCalledWith(...input);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('a recording is deleted once that is confirmed', async () => {
    const recording = {
      id: 'r1',
      meetingId: 'blue-lake',
      title: '',
      state: 'ready',
      startedAt: '2030-01-01T10:00:00Z',
    };
    site.recordings.mockResolvedValue([{ ...recording, sizeBytes: 35e6 }] as never);
    const user = await entered();
    expect(await screen.findByText(/35 MB · ready$/)).toBeTruthy();
    await user.click(button(/^Delete the recording of blue-lake/));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('The recording is deleted.')).toBeTruthy();
    expect(site.deleteRecording).toHaveBeenCalledWith('r1');
  });

  it.each([
    ['notFound', 'That was over already.'],
    ['offline', 'That could not be done. Try again in a moment.'],
  ] as const)('what fails (%s) is said where it was asked', async (reason, sentence) => {
    site.endMeeting.mockRejectedValue(refused(reason));
    const user = await entered();
    await user.click(await screen.findByRole('button', { name: 'End the meeting Stand-up' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'End meeting' }));
    expect(await within(screen.getByRole('dialog')).findByText(sentence)).toBeTruthy();
  });

  it('a site that drains takes new meetings again at a press', async () => {
    site.overview.mockResolvedValue({ ...OVERVIEW, isDraining: true, lacks: ['draining'] });
    sessionStorage.setItem('parley.opsToken', 'kept');
    const { user } = open();
    expect(await screen.findByText('Not ready: no new meetings')).toBeTruthy();
    await user.click(button('Take new meetings again'));
    expect(site.drain).toHaveBeenCalledWith(false);
    expect(await screen.findByText('New meetings are taken again.')).toBeTruthy();
  });

  it('a test alert says to how many addresses it goes, or that there are none', async () => {
    const user = await entered();
    await user.click(button('Send a test alert'));
    expect(await screen.findByText(/on its way to 2 addresses/)).toBeTruthy();
    site.testAlert.mockRejectedValue(refused('badInput'));
    await user.click(button('Send a test alert'));
    expect(await screen.findByText(/^Alerts go nowhere/)).toBeTruthy();
  });

  it('the page looks again every five seconds, keeps what it knows while the server is away, and goes on by itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await entered();
    await screen.findByText('There are no recordings.');
    site.overview.mockRejectedValue(refused('offline'));
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.getByText(/^The server can’t be reached right now. What you see is from/)).toBeTruthy();
    expect(screen.getByRole('article', { name: 'Stand-up' })).toBeTruthy();
    site.overview.mockResolvedValue(OVERVIEW);
    site.meetings.mockResolvedValue([]);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.queryByText(/^The server can’t be reached/)).toBeNull();
    expect(screen.getByText('Nobody is in a meeting.')).toBeTruthy();
  });

  it('a database that is away leaves the figures, and is named', async () => {
    site.meetings.mockRejectedValue(refused('unavailable'));
    site.history.mockRejectedValue(refused('unavailable'));
    await entered();
    expect(await screen.findByText(/^The database can’t be reached right now/)).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Now' })).toBeTruthy();
  });

  it('the page speaks Chinese', async () => {
    sessionStorage.setItem('parley.opsToken', 'kept');
    open('zh-Hans');
    expect(await screen.findByText('就绪')).toBeTruthy();
    expect(await screen.findByText('入座人数 · 1 至 3，最近 1')).toBeTruthy();
    expect(button('请出 Ada')).toBeTruthy();
  });
});

import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useMeetingUi } from '@/app/_components/meeting/meetingUi';
import { Status } from '@/app/_components/meeting/news/Status';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { QualityReason } from '@/lib/quality/quality';
import { TIERS, tierForSeated } from '@/lib/quality/tiers';
import { FakeSession, meetingView, seated, WATCHING } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

function ShownStatus({ snapshot }: { snapshot: SessionSnapshot }) {
  return <Status snapshot={snapshot} controls={useMeetingUi('participant')} />;
}

const snapshotOf = (part: Partial<SessionSnapshot>) => new FakeSession(part).getSnapshot();
const show = (part: Partial<SessionSnapshot>) => renderApp(<ShownStatus snapshot={snapshotOf(part)} />);

const quality = (tier: keyof typeof TIERS, reason: QualityReason) => ({
  tier: TIERS[tier],
  framesPerPacket: 1,
  reason,
});

describe('the status of a meeting', () => {
  it('the status has the title and the seats, and spectators only as a count', () => {
    show({ meeting: meetingView({ people: [seated('Ana', 0), seated('Bo', 4)], spectators: 1 }) });
    expect(screen.getByRole('heading', { name: 'Round table' })).toBeTruthy();
    expect(screen.getByText('Seats taken: 2 of 16')).toBeTruthy();
    expect(screen.getByText('1 watching')).toBeTruthy();
  });

  it('those who watch it live as it is recorded are counted as well', () => {
    show({ meeting: meetingView({ spectators: 1, viewers: 1200 }) });
    expect(screen.getByText('1201')).toBeTruthy();
    expect(screen.getByText('1 watching, 1200 watching live')).toBeTruthy();
  });

  it('a meeting without a title is called “Meeting”', () => {
    show({ meeting: meetingView({ title: '' }) });
    expect(screen.getByRole('heading', { name: 'Meeting' })).toBeTruthy();
    expect(screen.queryByText(/watching/)).toBeNull();
  });

  it('the quality dot says in a sentence why the quality is as it is', async () => {
    const { user } = show({ quality: quality('medium', 'uplink') });
    await user.click(screen.getByRole('button', { name: 'Movement quality: good' }));
    const fps = TIERS.medium.fps;
    expect(
      screen.getByText(
        `Your connection is slow right now, so your movement is sent ${fps} times a second. It recovers by itself.`,
      ),
    ).toBeTruthy();
    await user.click(document.body);
    expect(screen.queryByText(/It recovers by itself/)).toBeNull();
  });

  it('the lowest quality is called “data saver”', () => {
    show({ quality: quality('low', 'people') });
    expect(screen.getByRole('button', { name: 'Movement quality: data saver' })).toBeTruthy();
  });

  it.each([
    [1, 'fine', 'Up to 4 people are here'],
    [4, 'fine', 'Up to 4 people are here'],
    [5, 'good', 'With 5 to 9 people'],
    [9, 'good', 'With 5 to 9 people'],
    [10, 'data saver', 'With 10 or more people'],
    [16, 'data saver', 'With 10 or more people'],
  ])('the quality shown to spectators of %s people is “%s”', async (count, name, sentence) => {
    const people = Array.from({ length: count }, (_, seat) => seated(`P${seat}`, seat));
    const { user } = show({ ...WATCHING, meeting: meetingView({ people, tier: tierForSeated(count) }) });
    await user.click(screen.getByRole('button', { name: `Movement quality: ${name}` }));
    expect(screen.getByText(new RegExp(`^${sentence}`))).toBeTruthy();
  });

  it('a quality that does not follow from the number of people is the operator’s choice', async () => {
    const people = [seated('Ana', 0), seated('Bo', 1)];
    const { user } = show({ ...WATCHING, meeting: meetingView({ people, tier: TIERS.low }) });
    await user.click(screen.getByRole('button', { name: 'Movement quality: data saver' }));
    expect(screen.getByText(/^This server starts at/)).toBeTruthy();
  });
});

describe('the status over time', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 100_000_000 }));
  afterEach(() => void vi.useRealTimers());
  const advance = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [754, '12:34'],
    [3723, '1:02:03'],
    [-5, '0:00'],
  ])('%s s in the meeting are shown as %s', (seconds, text) => {
    show({ liveSinceMs: 100_000_000 - seconds * 1000 });
    expect(screen.getByRole('timer').textContent).toBe(text);
  });

  it('the status counts the time in the meeting', () => {
    show({ liveSinceMs: 100_000_000 - 59_000 });
    expect(screen.getByRole('timer').textContent).toBe('0:59');
    advance(1_000);
    expect(screen.getByRole('timer').textContent).toBe('1:00');
  });

  it('a quality is announced once it has held for six seconds, and not if it changed back', () => {
    const { rerender } = show({ quality: quality('high', 'people') });
    const announced = () => screen.getByRole('status').textContent;
    const change = (tier: keyof typeof TIERS) =>
      rerender(<ShownStatus snapshot={snapshotOf({ quality: quality(tier, 'people') })} />);
    expect(announced()).toBe('');
    change('low');
    advance(5_999);
    change('high');
    advance(6_000);
    expect(announced()).toBe('');
    change('low');
    advance(6_000);
    expect(announced()).toBe('Movement quality: data saver');
  });
});

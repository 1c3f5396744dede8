import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { HomeView } from '@/app/_components/home/HomeView';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import { hostTokenOf } from '@/app/_session/keptSecrets';
import { ParleyApiError } from '@/lib/api';
import { page } from '@/tests/support/app/page';
import { renderApp } from '@/tests/support/app/render';

beforeEach(() => {
  for (const { id } of recentMeetings.getSnapshot()) recentMeetings.remove(id);
  page.createMeeting.mockResolvedValue({ id: 'blue-lake', hostToken: 'secret' });
});

const button = (name: string) => screen.getByRole('button', { name });

describe('a new meeting', () => {
  it('a meeting is created with one press, its host token kept, and opened', async () => {
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(page.createMeeting).toHaveBeenCalledWith({ maxParticipants: 16 });
    expect(page.router.push).toHaveBeenCalledWith('/m/blue-lake');
    expect(hostTokenOf('blue-lake')).toBe('secret');
  });

  it('a new meeting has the chosen title, link name and seats', async () => {
    const { user } = renderApp(<HomeView />);
    await user.type(screen.getByLabelText('Title'), 'Stand-up');
    await user.type(screen.getByLabelText('Link name'), '  Stand Up_7 ');
    await user.click(button('Fewer seats'));
    await user.click(button('New meeting'));
    expect(page.createMeeting).toHaveBeenCalledWith({ maxParticipants: 15, title: 'Stand-up', id: 'stand-up-7' });
  });

  it('a link name that can’t be one is refused without asking the server', async () => {
    const { user } = renderApp(<HomeView />);
    await user.type(screen.getByLabelText('Link name'), 'x');
    await user.click(button('New meeting'));
    expect(screen.getByLabelText('Link name').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('A link name needs 3 to 64 lowercase letters, digits or hyphens.')).toBeTruthy();
    expect(page.createMeeting).not.toHaveBeenCalled();
  });

  it('a taken link name unfolds the options and is named beside its field', async () => {
    page.createMeeting.mockRejectedValue(new ParleyApiError({ reason: 'exists' }, 'taken'));
    const { user, container } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText(/^A meeting with this name already exists/)).toBeTruthy();
    expect(container.querySelector('details')!.open).toBe(true);
    expect(button('New meeting')).toHaveProperty('disabled', false);
  });

  it('too many new meetings are told how long to wait', async () => {
    page.createMeeting.mockRejectedValue(
      new ParleyApiError({ reason: 'tooManyRequests', retryAfterMs: 4_200 }, 'wait'),
    );
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText(/Wait 5 seconds and try again/)).toBeTruthy();
  });

  it.each([
    ['unavailable', /^The server can’t create meetings right now/],
    ['badInput', /^The meeting could not be created/],
    ['offline', /^The server did not answer/],
  ] as const)('a new meeting refused as %s says so', async (reason, sentence) => {
    page.createMeeting.mockRejectedValue(new ParleyApiError({ reason }, 'refused'));
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText(sentence)).toBeTruthy();
  });

  it('a site that cannot save anything is named', async () => {
    page.createMeeting.mockRejectedValue(new ParleyApiError({ reason: 'unavailable', cannotSave: true }, 'refused'));
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText(/^This site can’t save anything right now/)).toBeTruthy();
  });

  it('a site that takes no new meetings for now says that those in progress go on', async () => {
    page.createMeeting.mockRejectedValue(new ParleyApiError({ reason: 'unavailable', isDraining: true }, 'refused'));
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText(/^This site takes no new meetings right now/)).toBeTruthy();
  });

  it('a server that does not answer is named', async () => {
    page.createMeeting.mockRejectedValue(new TypeError('fetch failed'));
    const { user } = renderApp(<HomeView />);
    await user.click(button('New meeting'));
    expect(screen.getByText('The server did not answer. Check your connection and try again.')).toBeTruthy();
    expect(page.router.push).not.toHaveBeenCalled();
  });
});

describe('opening a meeting', () => {
  it.each(['blue-lake', 'https://meet.example/m/blue-lake', 'https://meet.example/m/blue-lake/watch?x=1'])(
    'the home page opens %s',
    async (reference) => {
      const { user } = renderApp(<HomeView />);
      await user.type(screen.getByLabelText('Link or code'), `${reference}{Enter}`);
      expect(page.router.push).toHaveBeenCalledWith('/m/blue-lake');
    },
  );

  it('a text that is neither link nor code is refused until it is changed', async () => {
    const { user } = renderApp(<HomeView />);
    const field = screen.getByLabelText('Link or code');
    await user.type(field, '??');
    await user.click(button('Open meeting'));
    expect(screen.getByText(/^That is not a meeting link or code/)).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await user.type(field, 'a');
    expect(screen.queryByText(/^That is not a meeting link or code/)).toBeNull();
    expect(page.router.push).not.toHaveBeenCalled();
  });
});

describe('recent meetings', () => {
  it('no list of recent meetings is shown before the first', () => {
    renderApp(<HomeView />);
    expect(screen.queryByRole('region', { name: 'Recent meetings' })).toBeNull();
  });

  it('the three latest meetings are listed by title or code, and can be removed', async () => {
    for (const [id, title] of [
      ['old', 'Old'],
      ['one', 'One'],
      ['two', ''],
      ['three', 'Three'],
    ]) {
      recentMeetings.visit(id!, title!);
    }
    const { user } = renderApp(<HomeView />);
    const recent = within(screen.getByRole('region', { name: 'Recent meetings' }));
    const links = () => recent.getAllByRole('link').map((link) => link.getAttribute('href'));
    expect(links()).toEqual(['/m/three', '/m/two', '/m/one']);
    expect(recent.getByText('two')).toBeTruthy();
    await user.click(recent.getByRole('button', { name: 'Remove Three from the list' }));
    expect(links()).toEqual(['/m/two', '/m/one', '/m/old']);
  });
});

describe('the home page in Chinese', () => {
  it('the home page speaks Chinese and offers English', () => {
    renderApp(<HomeView />, 'zh-Hans');
    expect(button('发起会议')).toBeTruthy();
    expect(screen.getByRole('button', { name: /^English/ })).toBeTruthy();
  });
});

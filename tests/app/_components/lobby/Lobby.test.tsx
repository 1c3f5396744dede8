import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Lobby } from '@/app/_components/lobby/Lobby';
import { EMPTY_LINK, type MeetingLink } from '@/app/_components/meeting/meetingLink';
import type { JoinChoice } from '@/app/_session/sessionContract';
import type { MeetingView } from '@/lib/core/meeting';
import { MIXAMO, makeClip } from '@/tests/lib/motion/madeClips';
import { stubMediaDevices } from '@/tests/support/app/dom';
import { meetingView, seated } from '@/tests/support/app/fakeSession';
import { page } from '@/tests/support/app/page';
import { renderApp } from '@/tests/support/app/render';

/** The lobby, once microphone and motion have loaded. */
async function open(meeting: MeetingView | null = meetingView(), link: Partial<MeetingLink> = {}) {
  const onJoin = vi.fn<(choice: JoinChoice) => void>();
  const shown = renderApp(
    <Lobby meeting={meeting} meetingId="round-table" link={{ ...EMPTY_LINK, ...link }} onJoin={onJoin} />,
  );
  await screen.findByRole('group', { name: 'What moves you' });
  const upload = (text: string, name = 'odd.bvh') =>
    shown.user.upload(shown.container.querySelector<HTMLInputElement>('input[accept=".bvh"]')!, new File([text], name));
  return { ...shown, onJoin, upload, joined: () => onJoin.mock.calls.at(-1)?.[0] };
}

const nameField = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' });
const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the lobby', () => {
  it('says before the join that the meeting is recorded, and only then', async () => {
    const sentence = /^This meeting is being recorded/;
    const { unmount } = await open();
    expect(screen.queryByText(sentence)).toBeNull();
    unmount();
    await open(meetingView({ recording: { id: 'r', startedAt: '2026-01-01T00:00:00.000Z', consent: 'tell' } }));
    expect(screen.getByText(sentence)).toBeTruthy();
  });

  it('the lobby remembers name and avatar for the next meeting', async () => {
    const first = await open();
    await first.user.type(nameField(), ' Dao ');
    await first.user.click(radio('Dayo'));
    await first.user.click(button('Join'));
    expect(first.joined()).toMatchObject({
      role: 'participant',
      name: 'Dao',
      avatar: 'dayo',
      motion: { kind: 'idle' },
    });
    first.unmount();
    await open();
    expect(nameField().value).toBe('Dao');
    expect(radio('Dayo').checked).toBe(true);
  });

  it('the link’s name and avatar come before the remembered ones', async () => {
    await open(meetingView(), { name: 'Lea', avatar: 'cleo' });
    expect(nameField().value).toBe('Lea');
    expect(radio('Cleo').checked).toBe(true);
  });

  it('Join without a name asks for one and focuses its field', async () => {
    const { user, onJoin } = await open();
    await user.click(button('Join'));
    expect(screen.getByText('Enter a name, so that others know who is joining.')).toBeTruthy();
    expect(document.activeElement).toBe(nameField());
    expect(onJoin).not.toHaveBeenCalled();
    await user.keyboard('Lea{Enter}');
    expect(onJoin).toHaveBeenCalledOnce();
  });

  it('the keyboard goes from name, avatar and microphone to motion and Join', async () => {
    await open();
    const order = [nameField(), radio('Ada'), button('Use microphone'), radio('Automatic'), button('Join')];
    for (const [at, element] of order.slice(1).entries()) {
      expect(order[at]!.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    }
  });

  it('the lobby says who is here and how many seats are free', async () => {
    await open(meetingView({ maxParticipants: 4, people: [seated('Ana', 0), seated('Bo', 2)] }));
    expect(screen.getByRole('heading', { name: 'Round table' })).toBeTruthy();
    expect(screen.getByText('Ana and Bo are here.')).toBeTruthy();
    expect(screen.getByText('2 of 4 seats taken')).toBeTruthy();
    expect(screen.getByText('2 seats free')).toBeTruthy();
  });

  it('Join waits until the meeting is known, which is called “Meeting” until then', async () => {
    await open(null);
    expect(screen.getByRole('heading', { name: 'Meeting' })).toBeTruthy();
    expect(screen.getByText('Checking who is here')).toBeTruthy();
    expect(button('Join').disabled).toBe(true);
  });

  it('a full meeting can be watched, or joined by people who take their seat back', async () => {
    const { user, joined } = await open(meetingView({ maxParticipants: 1, people: [seated('Ana', 0)] }));
    expect(screen.getByText('The only seat is taken. You can watch until it is free.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Watch' }).getAttribute('href')).toBe('/m/round-table/watch');
    await user.type(nameField(), 'Ana{Enter}');
    expect(joined()?.name).toBe('Ana');
  });

  it('the lobby shows a portrait where the browser can’t show 3D', async () => {
    await open();
    expect(await screen.findByText('This browser can’t show 3D. You can still join and see who is here.')).toBeTruthy();
  });

  it('the lobby speaks Chinese', () => {
    const { user: _, ...shown } = renderApp(
      <Lobby meeting={meetingView()} meetingId="round-table" link={EMPTY_LINK} onJoin={() => {}} />,
      'zh-Hans',
    );
    expect(shown.container.textContent).toContain('还没有人，你是第一个。');
    expect(button('入座').disabled).toBe(false);
  });
});

describe('the motion in the lobby', () => {
  it('a motion file with an error can’t be joined with, and the error names its line', async () => {
    const { user, upload } = await open();
    await user.click(radio('Motion file'));
    await upload('HIERARCHY\nROOT hips\n(\n');
    expect(await screen.findByText(/line 3/i)).toBeTruthy();
    expect(button('Join').disabled).toBe(true);
    await user.click(radio('Automatic'));
    expect(button('Join').disabled).toBe(false);
  });

  it('a motion file plays in the lobby and is joined with', async () => {
    const { user, upload, joined } = await open();

    await user.click(radio('Motion file'));
    await upload(makeClip(MIXAMO), 'walk.bvh');
    expect(await screen.findByText('Playing in a loop')).toBeTruthy();
    expect(screen.getByText('walk.bvh')).toBeTruthy();
    await user.type(nameField(), 'Lea{Enter}');
    expect(joined()?.motion).toMatchObject({ kind: 'bvhFile', fileName: 'walk.bvh' });
  });

  it('the lobby says that the link’s motion could not be loaded', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'));
    await open(meetingView(), { motionUrl: '/gone.bvh' });
    expect(screen.getByText('Motion from the link')).toBeTruthy();
    expect(await screen.findByText('The motion file could not be loaded. Check its address in the link.')).toBeTruthy();
  });

  it('the webcam as motion is remembered, and closed when another motion is chosen', async () => {
    const { user, joined } = await open();
    await user.click(radio('Camera'));
    expect(JSON.parse(localStorage.getItem('parley.camera')!).isWanted).toBe(true);
    await user.type(nameField(), 'Lea{Enter}');
    expect(joined()?.motion).toEqual({ kind: 'webcam', deviceId: '' });
    await user.click(radio('Automatic'));
    expect(page.webcam.close).toHaveBeenCalledOnce();
    expect(JSON.parse(localStorage.getItem('parley.camera')!).isWanted).toBe(false);
  });
});

describe('the microphone in the lobby', () => {
  const refusing = (name: string) =>
    stubMediaDevices({ getUserMedia: async () => Promise.reject(new DOMException('', name)) });

  it('the microphone is not asked for before its button is pressed, and not needed to join', async () => {
    const getUserMedia = vi.fn();
    stubMediaDevices({ getUserMedia });
    const { user, joined } = await open();
    await user.type(nameField(), 'Lea{Enter}');
    expect(getUserMedia).not.toHaveBeenCalled();
    expect(joined()?.microphone).toBeNull();
  });

  it.each([
    ['NotAllowedError', /^The browser blocks the microphone/],
    ['NotFoundError', /^No microphone was found/],
    ['NotReadableError', /^Another program is using the microphone/],
  ])(
    'a microphone that does not open (%s) says why, offers another try, and keeps no one from joining',
    async (name, sentence) => {
      refusing(name);
      const { user, joined } = await open();
      await user.click(button('Use microphone'));
      const problem = await screen.findByText(sentence);
      expect(problem.textContent).toMatch(/You can join without it\.$/);
      expect(button('Try again').disabled).toBe(false);
      await user.type(nameField(), 'Lea{Enter}');
      expect(joined()?.microphone).toBeNull();
    },
  );

  it('a page without https says that it gets no microphone', async () => {
    const { user } = await open();
    await user.click(button('Use microphone'));
    expect(await screen.findByText(/^Browsers allow a microphone only on secure pages/)).toBeTruthy();
  });
});

describe('the sentence about who is here', () => {
  const people = (names: readonly string[]) => meetingView({ people: names.map((name, seat) => seated(name, seat)) });

  it.each([
    [[], 'No one is here yet. You are the first.'],
    [['Ann'], 'Ann is here.'],
    [['Ann', 'Bo'], 'Ann and Bo are here.'],
    [['Ann', 'Bo', 'Cleo', 'Dayo'], 'Ann, Bo, and 2 others are here.'],
  ])('the people %j are announced as: %s', async (names, sentence) => {
    await open(people(names));
    expect(screen.getByText(sentence)).toBeTruthy();
  });

  it('names are joined the Chinese way in Chinese', () => {
    const meeting = people(['小雨', '阿博', 'Ann', 'Bo']);
    renderApp(<Lobby meeting={meeting} meetingId="round-table" link={EMPTY_LINK} onJoin={() => {}} />, 'zh-Hans');
    expect(screen.getByText('小雨、阿博和另外 2 人已经到了。')).toBeTruthy();
  });
});

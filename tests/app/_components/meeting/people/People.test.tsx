import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { PeopleDrawer } from '@/app/_components/meeting/people/People';
import { FakeSession, FakeVoice, meetingView, seated } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

const ANA = seated('Ana', 0);
const BO = seated('Bo', 1, 'bo');
const CLEO = seated('Cleo', 2, 'cleo');

function open(session: FakeSession, on: { onClose?(): void; onInvite?(): void } = {}) {
  return renderApp(
    <PeopleDrawer
      open
      snapshot={session.getSnapshot()}
      voice={session.voice}
      onClose={on.onClose ?? (() => {})}
      onInvite={on.onInvite ?? (() => {})}
    />,
  );
}

const withPeople = (voice = new FakeVoice(), spectators = 0) =>
  new FakeSession({ meeting: meetingView({ people: [CLEO, ANA, BO], spectators }) }, voice);

const rowOf = (name: string) => screen.getAllByRole('listitem').find((row) => within(row).queryByText(name))!;

describe('the people drawer', () => {
  it('people are listed in the order of their seats, the local participant marked', () => {
    open(withPeople());
    const rows = screen.getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual(['AnaSeat 1You', 'BoSeat 2', 'CleoSeat 3']);
  });

  it('names are shown as text, never as markup', () => {
    open(new FakeSession({ meeting: meetingView({ people: [seated('<b>Gustav</b>', 0)] }) }));
    expect(screen.getByText('<b>Gustav</b>')).toBeTruthy();
  });

  it('the people drawer says who speaks and who is muted', () => {
    open(withPeople(new FakeVoice({ speaking: new Set(['bo']), mutedPeople: new Set(['cleo']), isMuted: true })));
    expect(within(rowOf('Bo')).getByText('Speaking')).toBeTruthy();
    expect(within(rowOf('Bo')).queryByText('Muted')).toBeNull();
    expect(within(rowOf('Cleo')).getByText('Muted')).toBeTruthy();
    expect(within(rowOf('Ana')).getByText('Muted')).toBeTruthy();
  });

  it('the people drawer marks those whose voice does not come through, the local participant included', () => {
    const voice = new FakeVoice({ unheardPeople: new Set(['bo', 'ana']) });
    open(withPeople(voice));
    for (const name of ['Bo', 'Ana']) expect(within(rowOf(name)).getByText('No voice comes through')).toBeTruthy();
    expect(within(rowOf('Cleo')).queryByText('No voice comes through')).toBeNull();
    act(() => voice.change({ unheardPeople: new Set() }));
    expect(screen.queryByText('No voice comes through')).toBeNull();
  });

  it('the mark of a muted person goes when they unmute', () => {
    const voice = new FakeVoice({ mutedPeople: new Set(['bo']) });
    open(withPeople(voice));
    expect(within(rowOf('Bo')).getByText('Muted')).toBeTruthy();
    act(() => voice.change({ mutedPeople: new Set() }));
    expect(within(rowOf('Bo')).queryByText('Muted')).toBeNull();
  });

  it('a slider changes the volume of one person, down to silence', async () => {
    const session = withPeople();
    const { user } = open(session);
    await user.click(screen.getByRole('button', { name: 'Volume of Bo' }));
    const slider = screen.getByRole<HTMLInputElement>('slider', { name: 'Volume of Bo' });
    expect([slider.min, slider.max, slider.value]).toEqual(['0', '2', '1']);
    expect(slider.getAttribute('aria-valuetext')).toBe('100 %');
    fireEvent.change(slider, { target: { value: '0' } });
    expect(session.voice.setVolume).toHaveBeenCalledWith('bo', 0);
    expect(screen.getByRole<HTMLInputElement>('slider').value).toBe('0');
    await user.click(screen.getByRole('button', { name: 'Volume of Bo' }));
    expect(screen.queryByRole('slider')).toBeNull();
  });

  it('the local participant has no volume slider', () => {
    open(withPeople());
    expect(screen.queryByRole('button', { name: 'Volume of Ana' })).toBeNull();
  });

  it('spectators are counted, not listed', () => {
    open(withPeople(new FakeVoice(), 2));
    expect(screen.getByText('2 people are watching.')).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(3);
  });

  it('a participant who is alone is told to send the link', async () => {
    const onInvite = vi.fn();
    const { user } = open(new FakeSession(), { onInvite });
    expect(screen.getByText('You are alone at the table. Send someone the link.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Invite with a link' }));
    expect(onInvite).toHaveBeenCalledOnce();
  });

  it('a spectator of an empty meeting is told that no one is at the table yet', () => {
    open(new FakeSession({ meeting: meetingView(), self: { id: 'w', role: 'spectator' } }));
    expect(screen.getByText('No one is at the table yet.')).toBeTruthy();
  });

  it('the people drawer takes the focus, and gives it back when it closes', () => {
    const session = withPeople();
    const props = { snapshot: session.getSnapshot(), voice: session.voice, onClose: () => {}, onInvite: () => {} };
    const { rerender } = renderApp(
      <>
        <button type="button">before</button>
        <PeopleDrawer open={false} {...props} />
      </>,
    );
    const before = screen.getByText('before');
    before.focus();
    const shown = (open: boolean) => (
      <>
        <button type="button">before</button>
        <PeopleDrawer open={open} {...props} />
      </>
    );
    rerender(shown(true));
    expect(document.activeElement).toBe(screen.getByRole('complementary', { name: 'People' }));
    rerender(shown(false));
    expect(document.activeElement).toBe(before);
  });
});

import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { AvatarPicker } from '@/app/_components/avatar/AvatarPicker';
import { renderApp } from '@/tests/support/app/render';

function Picker({ first }: { first: string }) {
  const [avatar, setAvatar] = useState(first);
  return (
    <>
      <AvatarPicker avatar={avatar} mayDraw={false} upload="a-meeting" onChange={setAvatar} />
      <output aria-label="avatar">{avatar}</output>
    </>
  );
}

/** The picker, once its colours have loaded. */
async function open(first = 'ada') {
  const shown = renderApp(<Picker first={first} />);
  await screen.findByRole('button', { name: 'Surprise me' });
  return shown;
}

const person = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
const swatch = (group: string, name: string) =>
  within(screen.getByRole('group', { name: new RegExp(`^${group}`) })).getByRole<HTMLInputElement>('radio', { name });
const chosen = () => screen.getByLabelText('avatar').textContent;

describe('the avatar picker', () => {
  it('an avatar can be chosen before its colours have loaded', async () => {
    const { user } = renderApp(<Picker first="ada" />);
    await user.click(person('Cleo'));
    expect(chosen()).toBe('cleo');
  });

  it('an avatar can be coloured with the keyboard alone', async () => {
    const { user } = await open();
    swatch('Skin', 'Porcelain').focus();
    await user.keyboard('{ArrowRight}');
    expect(swatch('Skin', 'Rose').checked).toBe(true);
    await user.tab();
    await user.keyboard('{ArrowLeft}');
    expect(swatch('Hair', 'Auburn').checked).toBe(true);
    expect(chosen()).toBe('ada:skin=rose,hair=auburn');
  });

  it('each avatar keeps its colours while others are tried on', async () => {
    const { user } = await open('dayo');
    await user.click(swatch('Clothes', 'Mustard'));
    await user.click(person('Bo'));
    await user.click(swatch('Skin', 'Cocoa'));
    await user.click(person('Dayo'));
    expect(chosen()).toBe('dayo:clothes=mustard');
    await user.click(screen.getByRole('button', { name: 'Back to Dayo’s colours' }));
    expect(chosen()).toBe('dayo');
    await user.click(person('Bo'));
    expect(swatch('Skin', 'Cocoa').checked).toBe(true);
  });

  it('each avatar’s colours are remembered for the next meeting', async () => {
    const first = await open('dayo');
    await first.user.click(swatch('Clothes', 'Mustard'));
    await first.user.click(person('Bo'));
    first.unmount();
    const { user } = await open('ada');
    await user.click(person('Dayo'));
    expect(chosen()).toBe('dayo:clothes=mustard');
  });

  it('an avatar without chosen colours has none to reset', async () => {
    await open('dayo');
    expect(screen.getByRole('button', { name: 'Back to Dayo’s colours' })).toHaveProperty('disabled', true);
  });

  it('Surprise me picks another avatar, and describes it to screen readers', async () => {
    const { user } = await open();
    screen.getByRole('button', { name: 'Surprise me' }).focus();
    await user.keyboard('{Enter}');
    expect(person('Ada').checked).toBe(false);
    expect(screen.getByText(/^\w+: skin .+, hair .+, clothes .+$/)).toBeTruthy();
  });
});

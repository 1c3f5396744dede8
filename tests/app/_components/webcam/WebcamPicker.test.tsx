import { act, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WebcamPicker } from '@/app/_components/webcam/WebcamPicker';
import type { WebcamSnapshot } from '@/app/_session/webcamSession';
import { FakeWebcam } from '@/tests/support/app/fakeSession';
import { page } from '@/tests/support/app/page';
import { renderApp } from '@/tests/support/app/render';

function open(part: Partial<WebcamSnapshot> = {}) {
  page.webcam = new FakeWebcam(part);
  return { webcam: page.webcam, ...renderApp(<WebcamPicker />) };
}

const button = (name: string) => screen.getByRole('button', { name });

describe('a webcam that is off', () => {
  it('a webcam opens on its button, and by itself only where the browser has allowed it', async () => {
    const { webcam, user } = open({ deviceId: 'desk' });
    expect(webcam.openIfAllowed).toHaveBeenCalledOnce();
    expect(webcam.open).not.toHaveBeenCalled();
    expect(screen.getByText('The picture stays on this device. Only your movement is sent.')).toBeTruthy();
    await user.click(button('Use camera'));
    expect(webcam.open).toHaveBeenCalledWith('desk');
  });

  it('a starting webcam can’t be opened twice', () => {
    open({ phase: 'starting' });
    expect(button('Starting the camera')).toHaveProperty('disabled', true);
    expect(screen.getByText('Allow it if the browser asks. The first time takes a moment.')).toBeTruthy();
  });
});

describe('a webcam that does not work', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    ['denied', /^The browser blocks the camera/],
    ['dismissed', /^The browser’s question was closed/],
    ['missing', /^No camera was found/],
    ['busy', /^Another program is using the camera/],
    ['unplugged', /^The camera was unplugged/],
    ['unsupported', /^This browser can’t use a camera here/],
    ['modelMissing', /npm run models/],
    ['wasmFailed', /^Reading the camera did not start/],
  ] as const)(
    'a webcam that does not work (%s) says why, offers another try, and that joining works without it',
    async (phase, sentence) => {
      const { webcam, user } = open({ phase });
      const problem = screen.getByRole('alert').textContent;
      expect(problem).toMatch(sentence);
      expect(problem).toMatch(/You can join without it: your avatar moves on its own\.$/);
      await user.click(button('Try again'));
      expect(webcam.open).toHaveBeenCalledOnce();
    },
  );
});

describe('a webcam that is on', () => {
  const lights = () =>
    within(screen.getByRole('list', { name: 'What the camera sees of you' }))
      .getAllByRole('listitem')
      .map((light) => light.textContent);

  it('three lights say which parts of the person the webcam sees', () => {
    const { webcam } = open({ phase: 'live', tracked: { face: true, body: false, hands: false } });
    expect(lights()).toEqual(['Facein view', 'Bodynot in view', 'Handsnot in view']);
    act(() => webcam.change({ tracked: { face: true, body: true, hands: true } }));
    expect(lights()).toEqual(['Facein view', 'Bodyin view', 'Handsin view']);
  });

  it('a webcam that sees no one says what to do', () => {
    open({ phase: 'live', isLost: true });
    expect(screen.getByText('The camera can’t see you. Sit facing it, with light on your face.')).toBeTruthy();
  });

  it('webcams can be chosen only if there are several', async () => {
    const desk = { deviceId: 'desk', label: 'Desk' };
    const { webcam, user } = open({ phase: 'live', devices: [desk] });
    expect(screen.queryByRole('combobox')).toBeNull();
    act(() => webcam.change({ devices: [desk, { deviceId: 'lid', label: '' }] }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Which camera' }), 'Camera 2');
    expect(webcam.open).toHaveBeenCalledWith('lid');
  });

  it('the calibration is explained at each step', async () => {
    const { webcam, user } = open({ phase: 'live' });
    await user.click(button('Adjust to me'));
    expect(webcam.calibrate).toHaveBeenCalledOnce();
    expect(button('Sit naturally')).toHaveProperty('disabled', true);
    act(() => webcam.change({ calibration: 'failed' }));
    expect(screen.getByText('Your face was not in view. Look straight ahead and try again.')).toBeTruthy();
    act(() => webcam.change({ calibration: 'done' }));
    expect(screen.getByText('Your avatar now rests the way you do.')).toBeTruthy();
    expect(button('Adjust again')).toHaveProperty('disabled', false);
  });

  it('the webcam’s picture is shown only on request', async () => {
    const { user } = open({ phase: 'live', stream: {} as MediaStream });
    const picture = () => screen.queryByLabelText('Your picture, which only you can see');
    expect(picture()).toBeNull();
    await user.click(button('Show picture'));
    expect(picture()).not.toBeNull();
    await user.click(button('Hide picture'));
    expect(picture()).toBeNull();
  });
});

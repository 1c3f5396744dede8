import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { DeviceOffers } from '@/app/_components/meeting/news/DeviceOffers';
import { FakeVoice, FakeWebcam } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

const MICROPHONE = 'Turn on your microphone';
const WEBCAM = 'Turn on your camera';
const both = { microphone: true, webcam: true };

const shown = () => screen.queryAllByRole('button', { name: /^Turn on/ }).map(({ textContent }) => textContent);

function offer(offered = both, voice = new FakeVoice({ microphone: 'off' }), webcam = new FakeWebcam()) {
  return { ...renderApp(<DeviceOffers voice={voice} webcam={webcam} offer={offered} />), voice, webcam };
}

describe('what a link asks for and may not open', () => {
  it('devices are turned on by a press, each by its own, and not before', async () => {
    const { user, voice, webcam } = offer();
    expect(shown()).toEqual([MICROPHONE, WEBCAM]);
    expect(voice.toggleMuted).not.toHaveBeenCalled();
    expect(webcam.toggle).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: MICROPHONE }));
    expect(voice.toggleMuted).toHaveBeenCalledOnce();
    expect(shown()).toEqual([WEBCAM]);
    await user.click(screen.getByRole('button', { name: WEBCAM }));
    expect(webcam.toggle).toHaveBeenCalledOnce();
    expect(shown()).toEqual([]);
  });

  it('an offer that is declined opens nothing and does not come back', async () => {
    const { user, voice } = offer({ microphone: true, webcam: false });
    await user.click(screen.getByRole('button', { name: 'Not now' }));
    act(() => voice.change({ speaking: new Set(['bo']) }));
    expect(shown()).toEqual([]);
    expect(voice.toggleMuted).not.toHaveBeenCalled();
  });

  it('an offer goes once the device is on by another way', () => {
    const { voice, webcam } = offer();
    act(() => voice.change({ microphone: 'live' }));
    expect(shown()).toEqual([WEBCAM]);
    act(() => webcam.change({ phase: 'starting' }));
    expect(shown()).toEqual([]);
  });

  it('nothing is offered that the link does not ask for', () => {
    offer({ microphone: false, webcam: false });
    expect(screen.queryAllByRole('button')).toEqual([]);
  });
});

import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Dock } from '@/app/_components/meeting/dock/Dock';
import { useMeetingUi } from '@/app/_components/meeting/meetingUi';
import type { LinkKind } from '@/app/_components/meeting/news/useNews';
import type { VoiceSnapshot } from '@/app/_session/voiceContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { stubMediaDevices } from '@/tests/support/app/dom';
import { FakeVoice, FakeWebcam } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

interface Props {
  readonly meetingRole?: MeetingRole;
  readonly voice?: FakeVoice;
  readonly webcam?: FakeWebcam;
  readonly drawn?: boolean;
  readonly isHost?: boolean;
  readonly isRecorded?: boolean;
  readonly seatFree?: boolean;
  onCopy?(kind: LinkKind): void;
}

const NO_RECORDING = { isRunning: false, isBusy: false, replayUrl: null, toggle: () => {}, dismiss: () => {} };

function ShownDock({
  meetingRole = 'participant',
  voice,
  webcam,
  drawn = true,
  isHost = false,
  isRecorded = false,
  seatFree = true,
  onCopy,
}: Props) {
  const controls = useMeetingUi(meetingRole);
  return (
    <>
      <Dock
        meetingId="round-table"
        meetingRole={meetingRole}
        recording={isHost ? { ...NO_RECORDING, isRunning: isRecorded } : null}
        controls={controls}
        voice={voice ?? new FakeVoice()}
        webcam={webcam ?? new FakeWebcam()}
        drawn={drawn}
        seatFree={seatFree}
        quiet={false}
        onCopy={onCopy ?? (() => {})}
        onLeave={() => {}}
      />
      <output>{controls.ui.panel}</output>
    </>
  );
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const dockNames = () =>
  within(screen.getByRole('toolbar', { name: 'Controls' }))
    .getAllByRole('button')
    .map((element) => element.getAttribute('aria-label') ?? element.textContent);

describe('the dock', () => {
  it('the keyboard goes through the dock’s buttons in their order', () => {
    stubMediaDevices({ getDisplayMedia: async () => new MediaStream() });
    renderApp(<ShownDock />);
    expect(dockNames()).toEqual([
      'Mute',
      'Share screen',
      'Turn camera on',
      'Hide myself',
      'View: around the table',
      'Light: day',
      'Copy link',
      'People',
      'More',
      'Leave',
    ]);
  });

  it('the dock offers no screen where the browser can share none', () => {
    renderApp(<ShownDock />);
    expect(screen.queryByRole('button', { name: 'Share screen' })).toBeNull();
  });

  it('the dock asks spectators for nothing, and offers them a free seat', () => {
    stubMediaDevices({ getDisplayMedia: async () => new MediaStream() });
    renderApp(<ShownDock meetingRole="spectator" />);
    expect(dockNames()).toEqual(['View: around the table', 'Light: day', 'Copy link', 'People', 'More', 'Leave']);
    expect(screen.getByRole('link', { name: 'Take a seat' }).getAttribute('href')).toBe('/m/round-table');
  });

  it('the dock offers spectators no seat in a full meeting', () => {
    renderApp(<ShownDock meetingRole="spectator" seatFree={false} />);
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('the dock has no buttons for the view where the room is not drawn', () => {
    renderApp(<ShownDock drawn={false} />);
    expect(dockNames()).toEqual(['Mute', 'Turn camera on', 'Copy link', 'People', 'More', 'Leave']);
  });

  it('the dock’s buttons go through the views and the lights, round and round', async () => {
    const { user } = renderApp(<ShownDock />);
    for (const next of ['the speaker', 'from above', 'from my seat', 'around the table']) {
      await user.click(button(/^View/));
      expect(button(`View: ${next}`)).toBeTruthy();
    }
    for (const next of ['evening', 'night', 'day']) {
      await user.click(button(/^Light/));
      expect(button(`Light: ${next}`)).toBeTruthy();
    }
  });

  it('a dock button pressed by pointer gives Space back to push-to-talk, one pressed by keyboard keeps the focus', async () => {
    const { user } = renderApp(<ShownDock />);
    fireEvent.click(button('Hide myself'), { detail: 1 });
    expect(document.activeElement).not.toBe(button('Show myself'));
    button('Show myself').focus();
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(button('Hide myself'));
  });
});

describe('the microphone button', () => {
  it.each<[Partial<VoiceSnapshot>, string]>([
    [{ microphone: 'off' }, 'Use microphone'],
    [{ microphone: 'starting' }, 'Starting the microphone'],
    [{ microphone: 'live' }, 'Mute'],
    [{ microphone: 'live', isMuted: true }, 'Unmute'],
    [{ microphone: 'live', isMuted: true, isTalking: true }, 'Others hear you'],
    [{ microphone: 'denied' }, 'Microphone blocked'],
    [{ microphone: 'missing' }, 'No microphone'],
    [{ microphone: 'busy' }, 'Microphone in use elsewhere'],
    [{ microphone: 'failed' }, 'Microphone did not start'],
  ])('the microphone button for %j is called “%s”', (state, name) => {
    renderApp(<ShownDock voice={new FakeVoice(state)} />);
    expect(button(name).getAttribute('aria-keyshortcuts')).toBe('M');
  });

  it('the microphone button mutes, and follows the session', async () => {
    const voice = new FakeVoice();
    const { user } = renderApp(<ShownDock voice={voice} />);
    await user.click(button('Mute'));
    expect(voice.toggleMuted).toHaveBeenCalledOnce();
    expect(button('Unmute')).toBeTruthy();
    act(() => voice.change({ microphone: 'denied' }));
    expect(button('Microphone blocked')).toBeTruthy();
  });
});

describe('the screen button', () => {
  it('the screen button shares and stops, and stays down while sharing', async () => {
    stubMediaDevices({ getDisplayMedia: async () => new MediaStream() });
    const voice = new FakeVoice();
    const { user } = renderApp(<ShownDock voice={voice} />);
    await user.click(button('Share screen'));
    expect(voice.shareScreen).toHaveBeenLastCalledWith(true);
    expect(button('Stop sharing').getAttribute('aria-pressed')).toBe('true');
    await user.click(button('Stop sharing'));
    expect(voice.shareScreen).toHaveBeenLastCalledWith(false);
  });
});

describe('the webcam button', () => {
  it('the webcam button turns the webcam on, with a light for each part that is seen', async () => {
    const webcam = new FakeWebcam({ tracked: { face: true, body: true, hands: false } });
    const { user } = renderApp(<ShownDock webcam={webcam} />);
    await user.click(button('Turn camera on'));
    expect(webcam.toggle).toHaveBeenCalledOnce();
    expect(button('Turn camera off').querySelectorAll('[data-seen]')).toHaveLength(2);
  });

  it('the webcam button stays usable after a refusal', () => {
    renderApp(<ShownDock webcam={new FakeWebcam({ phase: 'denied' })} />);
    expect(within(button('Turn camera on')).getByText('not available')).toBeTruthy();
  });
});

describe('the menu', () => {
  const open = async (props: Props = {}) => {
    const shown = renderApp(<ShownDock {...props} />);
    await shown.user.click(button('More'));
    return { ...shown, menu: within(screen.getByRole('list', { name: 'More' })) };
  };

  it('the menu has what the dock leaves out on narrow screens', async () => {
    stubMediaDevices({ getDisplayMedia: async () => new MediaStream() });
    const voice = new FakeVoice();
    const { user, menu } = await open({ voice });
    await user.click(menu.getByRole('button', { name: 'Hide myself' }));
    expect(menu.getByRole('button', { name: 'Show myself' })).toBeTruthy();
    await user.click(menu.getByRole('button', { name: 'Light: day' }));
    expect(menu.getByRole('button', { name: 'Light: evening' })).toBeTruthy();
    await user.click(menu.getByRole('button', { name: 'Share screen' }));
    expect(voice.shareScreen).toHaveBeenCalledWith(true);
    expect(screen.queryByRole('list', { name: 'More' })).toBeNull();
  });

  it('while the meeting is recorded its host gets the link to watch that live', async () => {
    const name = 'Copy link for watching live';
    const before = await open({ isHost: true });
    expect(before.menu.queryByRole('button', { name })).toBeNull();
    cleanup();
    const onCopy = vi.fn();
    const { user, menu } = await open({ isHost: true, isRecorded: true, onCopy });
    await user.click(menu.getByRole('button', { name }));
    expect(onCopy).toHaveBeenCalledWith('live');
  });

  it('the menu copies both links and closes', async () => {
    const onCopy = vi.fn();
    const { user, menu } = await open({ onCopy });
    await user.click(menu.getByRole('button', { name: 'Copy link for watching' }));
    expect(onCopy).toHaveBeenCalledWith('spectator');
    expect(screen.queryByRole('list', { name: 'More' })).toBeNull();
    await user.click(button('More'));
    await user.click(button('Copy meeting link'));
    expect(onCopy).toHaveBeenLastCalledWith('participant');
  });

  it.each([
    ['Avatar and name', 'appearance'],
    ['Keyboard shortcuts', 'shortcuts'],
    ['End for all', 'end'],
  ])('the menu opens “%s”', async (name, panel) => {
    const { user, menu } = await open({ isHost: true });
    await user.click(menu.getByRole('button', { name }));
    expect(screen.getByRole('status').textContent).toBe(panel);
  });

  it('the menu offers the end for all only to the host, and no appearance or microphone to spectators', async () => {
    const devices = [{ deviceId: 'desk', label: 'Desk' }];
    const { menu } = await open({ meetingRole: 'spectator', voice: new FakeVoice({ devices }) });
    expect(menu.queryByRole('button', { name: 'End for all' })).toBeNull();
    expect(menu.queryByRole('button', { name: 'Avatar and name' })).toBeNull();
    expect(menu.queryByRole('combobox')).toBeNull();
  });

  it('the menu changes the volume and the microphone', async () => {
    const voice = new FakeVoice({ devices: [{ deviceId: 'desk', label: '' }] });
    const { user, menu } = await open({ voice });
    fireEvent.change(menu.getByRole('slider', { name: 'Volume' }), { target: { value: '0.5' } });
    expect(voice.setMaster).toHaveBeenCalledWith(0.5);
    await user.selectOptions(menu.getByRole('combobox', { name: 'Which microphone' }), 'Microphone 1');
    expect(voice.takeMicrophone).toHaveBeenCalledWith('desk');
  });

  it('the menu explains the choice of picture and remembers it', async () => {
    const { user, menu } = await open();
    const picture = menu.getByRole('group', { name: 'Picture' });
    expect(within(picture).getByText('As fine as this device draws smoothly.')).toBeTruthy();
    await user.click(within(picture).getByRole('radio', { name: 'Low' }));
    expect(within(picture).getByText(/^Coarse, 30 frames a second/)).toBeTruthy();
    expect(JSON.parse(localStorage.getItem('parley.view')!).picture).toBe('low');
  });

  it('the menu takes the focus and closes on a press outside of it', async () => {
    const { user, menu } = await open();
    expect(menu.getAllByRole('button')).toContain(document.activeElement);
    await user.click(document.body);
    expect(screen.queryByRole('list', { name: 'More' })).toBeNull();
  });
});

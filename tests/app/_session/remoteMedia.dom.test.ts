import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedScreens } from '@/app/_session/remoteMedia';
import type { ScreenView } from '@/app/_session/voiceContract';
import { BrowserVoiceSession } from '@/app/_session/voiceSession';
import { DeviceManager } from '@/lib/devices/deviceManager';
import { FakeOutput, FakeTransport, fakeStream } from './fakeVoice';

/** The videos that play now. */
let playing: Set<unknown>;
beforeEach(() => {
  playing = new Set();
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(async function (this: HTMLMediaElement) {
    playing.add(this);
  });
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(function (this: HTMLMediaElement) {
    playing.delete(this);
  });
});

describe('shared screens', () => {
  it('of many screens only the last one is played', () => {
    const shown: (ScreenView | null)[] = [];
    const screens = new SharedScreens((screen) => shown.push(screen));
    screens.add('a', 'ann', fakeStream());
    screens.add('b', 'bo', fakeStream());
    expect(shown.at(-1)?.personId).toBe('bo');
    expect([...playing]).toEqual([shown.at(-1)?.video]);
    screens.add('c', 'cleo', fakeStream());
    screens.remove('a');
    expect([...playing]).toEqual([shown.at(-1)?.video]);
    screens.remove('c');
    expect(shown.at(-1)?.personId).toBe('bo');
    expect([...playing]).toEqual([shown.at(-1)?.video]);
    screens.clear();
    expect(shown.at(-1)).toBeNull();
    expect(playing.size).toBe(0);
  });

  it('a screen that is added again goes on playing', () => {
    const shown: (ScreenView | null)[] = [];
    const screens = new SharedScreens((screen) => shown.push(screen));
    const stream = fakeStream();
    screens.add('a', 'ann', stream);
    screens.add('a', 'ann', stream);
    expect(shown).toHaveLength(1);
  });
});

describe('a screen in a meeting', () => {
  it('only people with a seat can take the wall, not ghosts or spectators', () => {
    const voice = new BrowserVoiceSession({
      createOutput: () => new FakeOutput(),
      devices: new DeviceManager({}),
      gestures: null,
    });
    const transport = new FakeTransport();
    const share = (endpointId: string, personId: string) => {
      const track = { id: `${endpointId}-screen`, from: { endpointId, personId }, kind: 'screen' as const };
      transport.endpoints.set(endpointId, track.from);
      transport.tracks.set(track.id, { ...track, stream: fakeStream() });
      transport.media.emit('trackAdded', transport.tracks.get(track.id)!);
    };
    const seat = (...seated: string[]) => voice.setPeople({ ownId: 'me', seated: new Set(seated) });
    seat('me', 'ann');
    voice.attach(transport);
    share('e1', 'ghost');
    expect(voice.getSnapshot().screen).toBeNull();
    expect(playing.size).toBe(0);
    share('e2', 'ann');
    share('e3', 'spectator');
    expect(voice.getSnapshot().screen?.personId).toBe('ann');
    // Ann has come back over another endpoint; the track of the old one lingers.
    transport.endpoints.delete('e2');
    transport.events.emit('left', { endpointId: 'e2', personId: 'ann' });
    expect(voice.getSnapshot().screen).toBeNull();
    share('e4', 'ann');
    expect(voice.getSnapshot().screen?.personId).toBe('ann');
    seat('me');
    expect(voice.getSnapshot().screen).toBeNull();
    expect(playing.size).toBe(0);
    voice.close();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserVoiceSession } from '@/app/_session/voiceSession';
import { DeviceError } from '@/lib/devices/deviceError';
import { DeviceManager } from '@/lib/devices/deviceManager';
import { FakeOutput, FakeTransport, fakeStream } from './fakeVoice';

/** Longer than it takes to notice who speaks. */
const A_LOOK_MS = 250;

describe('voice session', () => {
  let output: FakeOutput;
  let gestures: EventTarget;
  let voice: BrowserVoiceSession;
  let transport: FakeTransport;

  beforeEach(() => {
    vi.useFakeTimers();
    output = new FakeOutput();
    gestures = new EventTarget();
    voice = new BrowserVoiceSession({ createOutput: () => output, devices: new DeviceManager({}), gestures });
    transport = new FakeTransport();
    sit('ann', 'bo', 'cleo');
  });

  const sit = (...seated: string[]) => voice.setPeople({ ownId: 'me', seated: new Set(seated) });

  afterEach(() => {
    voice.close();
    vi.useRealTimers();
  });

  const settle = () => vi.advanceTimersByTimeAsync(A_LOOK_MS);
  const refuseWith = (reason: 'denied' | 'missing' | 'busy' | 'dismissed' | 'unsupported') => {
    transport.microphone = () => Promise.reject(new DeviceError(reason, 'microphone'));
  };

  it('a voice session asks for no microphone if none was chosen, and still plays voices', async () => {
    const asked = vi.spyOn(transport, 'setMicrophone');
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    await settle();
    expect(asked).not.toHaveBeenCalled();
    expect(voice.getSnapshot().microphone).toBe('off');
    expect([...output.heard.values()]).toEqual(['ann']);
  });

  it('a voice session tells that voices are blocked, and whose do not come through, over a fresh connection too', async () => {
    voice.begin(null);
    sit('ann', 'bob');
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    transport.enter('e2', 'bob', true);
    transport.say('e1', true);
    expect([...voice.getSnapshot().unheardPeople]).toEqual(['ann']);
    transport.reach({ state: 'blocked', udpPort: 10_000 });
    expect(voice.getSnapshot()).toMatchObject({ media: 'blocked', mediaPort: 10_000 });
    expect(voice.stats().media).toBe('blocked');
    expect([...voice.getSnapshot().unheardPeople].sort()).toEqual(['ann', 'me']);
    const next = new FakeTransport();
    voice.attach(next);
    next.goLive();
    expect(voice.getSnapshot()).toMatchObject({ media: 'blocked', mediaPort: 10_000 });
    next.reach({ state: 'through', udpPort: 10_000 });
    expect(voice.getSnapshot().media).toBe('through');
    expect([...voice.getSnapshot().unheardPeople]).toEqual([]);
  });

  it('a voice session takes the microphone once the transport is live, muted before it is sent', async () => {
    voice.begin({ deviceId: 'desk', muted: true });
    voice.attach(transport);
    await settle();
    expect(transport.sent).toBeNull();
    expect(voice.getSnapshot().microphone).toBe('starting');
    transport.microphone = async (deviceId) => {
      expect(transport.isOwnMuted).toBe(true);
      return fakeStream(deviceId);
    };
    transport.goLive();
    await settle();
    expect(voice.getSnapshot()).toMatchObject({ microphone: 'live', deviceId: 'desk', isMuted: true });
    expect(voice.choice).toEqual({ deviceId: 'desk', muted: true });
  });

  it.each([
    ['denied', 'denied'],
    ['missing', 'missing'],
    ['busy', 'busy'],
    ['dismissed', 'off'],
    ['unsupported', 'failed'],
  ] as const)('a voice session goes on without a microphone that is %s', async (reason, state) => {
    refuseWith(reason);
    voice.begin({ deviceId: '', muted: false });
    voice.attach(transport);
    transport.goLive();
    await settle();
    expect(voice.getSnapshot().microphone).toBe(state);
    expect(voice.choice).toBeNull();
    voice.hold();
    expect(voice.getSnapshot().isTalking).toBe(false);
  });

  it('a voice session sends nothing of the previous microphone when the next one is refused', async () => {
    voice.begin({ deviceId: 'desk', muted: false });
    voice.attach(transport);
    transport.goLive();
    await settle();
    refuseWith('busy');
    await voice.takeMicrophone('headset');
    expect(voice.getSnapshot().microphone).toBe('busy');
    expect(transport.sent).toBeNull();
    expect(output.measured).toBe(0);
  });

  it('a voice session uses the newer of two chosen microphones, whichever opens first', async () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    const answers: (() => void)[] = [];
    transport.microphone = (deviceId) => new Promise((resolve) => answers.push(() => resolve(fakeStream(deviceId))));
    const first = voice.takeMicrophone('desk');
    const second = voice.takeMicrophone('headset');
    answers[1]!();
    answers[0]!();
    await Promise.all([first, second]);
    expect(voice.getSnapshot()).toMatchObject({ microphone: 'live', deviceId: 'headset' });
    expect(output.measured).toBe(1);
  });

  it('a voice session mutes, unmutes, and unmutes for as long as the push-to-talk key is held', async () => {
    voice.begin({ deviceId: '', muted: false });
    voice.attach(transport);
    transport.goLive();
    await settle();
    output.ownLevel = 0.8;
    expect(voice.ownLevel()).toBe(0.8);
    voice.toggleMuted();
    expect([transport.isOwnMuted, voice.getSnapshot().isMuted, voice.ownLevel()]).toEqual([true, true, 0]);
    voice.hold();
    expect([transport.isOwnMuted, voice.getSnapshot().isTalking]).toEqual([false, true]);
    voice.release();
    expect([transport.isOwnMuted, voice.getSnapshot().isTalking]).toEqual([true, false]);
    voice.toggleMuted();
    expect(transport.isOwnMuted).toBe(false);
  });

  it('a voice session takes a microphone, unmuted, when the button is pressed without one', async () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    await settle();
    voice.toggleMuted();
    await settle();
    expect(voice.getSnapshot()).toMatchObject({ microphone: 'live', isMuted: false });
    expect(transport.isOwnMuted).toBe(false);
  });

  it('a voice session reports once that the microphone went away, and can take another', async () => {
    const lost = vi.fn();
    voice.news.on('microphoneLost', lost);
    voice.begin({ deviceId: 'desk', muted: false });
    voice.attach(transport);
    transport.goLive();
    await settle();
    transport.media.emit('captureEnded', { kind: 'voice' });
    expect(voice.getSnapshot().microphone).toBe('missing');
    expect(lost).toHaveBeenCalledTimes(1);
    await voice.takeMicrophone('headset');
    expect(voice.getSnapshot()).toMatchObject({ microphone: 'live', deviceId: 'headset' });
  });

  it('a voice session shows who speaks, including the local participant, and who is muted', async () => {
    voice.begin({ deviceId: '', muted: false });
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    transport.enter('e2', 'bo', false);
    const silent = { endpointId: 'e3', personId: 'cleo' };
    transport.endpoints.set('e3', silent);
    transport.events.emit('joined', silent);
    transport.media.emit('dominantSpeaker', { endpointId: 'e1' });
    output.levels.set('ann', 0.7);
    output.ownLevel = 0.7;
    await settle();
    const { speaking, mutedPeople, dominantSpeaker } = voice.getSnapshot();
    expect([...speaking].sort()).toEqual(['ann', 'me']);
    expect([...mutedPeople].sort()).toEqual(['bo', 'cleo']);
    expect(dominantSpeaker).toBe('ann');
    expect([voice.level('ann'), voice.level('me'), voice.level('nobody')]).toEqual([0.7, 0.7, 0]);
    expect(voice.stats()).toEqual({
      microphone: 'live',
      isMuted: false,
      media: 'connecting',
      heard: [
        { id: 'ann', level: 0.7, muted: false },
        { id: 'bo', level: 0, muted: true },
      ],
      screen: null,
    });
  });

  it('a voice session plays only people in the roster, and stops when a person has left it', () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ghost', true);
    transport.enter('e2', 'ann', true);
    transport.enter('e3', null, true);
    transport.media.emit('dominantSpeaker', { endpointId: 'e1' });
    expect([...output.heard.values()]).toEqual(['ann']);
    expect(voice.getSnapshot().dominantSpeaker).toBeNull();
    expect(voice.stats().heard.map(({ id }) => id)).toEqual(['ann']);
    sit('ann', 'ghost');
    expect([...output.heard.values()]).toEqual(['ann', 'ghost']);
    sit('ghost');
    expect([...output.heard.values()]).toEqual(['ghost']);
    voice.detach();
    voice.attach(transport);
    expect([...output.heard.values()]).toEqual(['ghost']);
  });

  it('a voice session plays a voice that came before its person was known as soon as they are', () => {
    voice.begin(null);
    voice.attach(transport);
    transport.enter('e1', null, true);
    expect(output.heard.size).toBe(0);
    transport.endpoints.set('e1', { endpointId: 'e1', personId: 'ann' });
    transport.events.emit('joined', { endpointId: 'e1', personId: 'ann' });
    expect([...output.heard.values()]).toEqual(['ann']);
  });

  it('what is known of an endpoint shows for its person as soon as that is known, and no longer once it is not', () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', null, false);
    transport.say('e1', true);
    transport.media.emit('dominantSpeaker', { endpointId: 'e1' });
    expect(voice.getSnapshot()).toMatchObject({ dominantSpeaker: null });
    expect([voice.getSnapshot().unheardPeople.size, voice.getSnapshot().mutedPeople.size]).toEqual([0, 0]);
    const identify = (personId: string | null) => {
      transport.endpoints.set('e1', { endpointId: 'e1', personId });
      transport.events.emit('joined', { endpointId: 'e1', personId });
    };
    identify('ann');
    expect(voice.getSnapshot().dominantSpeaker).toBe('ann');
    expect([...voice.getSnapshot().unheardPeople]).toEqual(['ann']);
    expect([...voice.getSnapshot().mutedPeople]).toEqual(['ann']);
    identify(null);
    expect(output.heard.size).toBe(0);
    expect(voice.getSnapshot().dominantSpeaker).toBeNull();
    expect([voice.getSnapshot().unheardPeople.size, voice.getSnapshot().mutedPeople.size]).toEqual([0, 0]);
  });

  it('a voice session does not show a person as muted whose newer connection is open', () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('old', 'ann', false);
    transport.enter('new', 'ann', true);
    expect(voice.getSnapshot().mutedPeople.size).toBe(0);
  });

  it('a voice session gives the same voice snapshot while nothing to render changes', async () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    output.levels.set('ann', 0.7);
    await settle();
    const before = voice.getSnapshot();
    output.levels.set('ann', 0.9);
    await vi.advanceTimersByTimeAsync(2000);
    expect(voice.getSnapshot()).toBe(before);
  });

  it('a voice session keeps volumes for voices that come later', () => {
    voice.begin(null);
    voice.attach(transport);
    voice.setVolume('ann', 0.3);
    voice.setMaster(1.2);
    transport.enter('e1', 'ann', true);
    expect(output.volumes.get('ann')).toBe(0.3);
    expect(output.master).toBe(1.2);
    expect(voice.getSnapshot()).toMatchObject({ master: 1.2, volumes: { ann: 0.3 } });
  });

  it('a voice session shows that the browser blocks voices, and tries again at the next press', async () => {
    voice.begin(null);
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    output.isBlocked = true;
    await settle();
    expect(voice.getSnapshot().isBlocked).toBe(true);
    gestures.dispatchEvent(new Event('pointerdown'));
    expect(output.resumed).toBe(1);
    output.isBlocked = false;
    await settle();
    expect(voice.getSnapshot().isBlocked).toBe(false);
    gestures.dispatchEvent(new Event('keydown'));
    expect(output.resumed).toBe(1);
  });

  it('a voice session takes its microphone along to the next transport, and nothing else of the previous one', async () => {
    voice.begin({ deviceId: 'desk', muted: false });
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    await settle();
    voice.toggleMuted();
    voice.detach();
    expect(output.heard.size).toBe(0);
    expect(voice.getSnapshot().microphone).toBe('starting');
    const next = new FakeTransport();
    voice.attach(next);
    next.goLive();
    await settle();
    expect(next).toMatchObject({ sent: 'desk', isOwnMuted: true });
    transport.enter('e2', 'bo', true);
    expect(output.heard.size).toBe(0);
  });

  it('a closed voice session leaves nothing behind', async () => {
    voice.begin({ deviceId: '', muted: false });
    voice.attach(transport);
    transport.goLive();
    transport.enter('e1', 'ann', true);
    await settle();
    voice.close();
    expect(output).toMatchObject({ isClosed: true, measured: 0 });
    expect(output.heard.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    const { resumed } = output;
    output.isBlocked = true;
    gestures.dispatchEvent(new Event('pointerdown'));
    expect(output.resumed).toBe(resumed);
  });
});

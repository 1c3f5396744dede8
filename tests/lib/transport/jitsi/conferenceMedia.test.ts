import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConferencePart } from '@/lib/transport/jitsi/conferenceLink';
import { ConferenceMedia } from '@/lib/transport/jitsi/conferenceMedia';
import { ScriptedConference, ScriptedLibrary, ScriptedRemoteTrack } from './scriptedLibrary';

const BOB = { endpointId: 'b0b', personId: 'bob' };

let scripted: ScriptedLibrary;
let room: ScriptedConference;
let part: ConferencePart;
let media: ConferenceMedia;
let told: string[];

function note(from: ConferenceMedia): void {
  from.media.on('trackAdded', ({ kind, from: { personId } }) => told.push(`added ${kind} of ${personId}`));
  from.media.on('trackRemoved', () => told.push('removed'));
  from.media.on('muted', ({ endpointId, isMuted }) => told.push(`${endpointId} ${isMuted ? 'muted' : 'open'}`));
  from.media.on('dominantSpeaker', ({ endpointId }) => told.push(`dominant ${endpointId}`));
  from.media.on('captureEnded', ({ kind }) => told.push(`ended ${kind}`));
}

beforeEach(() => {
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => {}, getDisplayMedia: () => {} } });
  scripted = new ScriptedLibrary();
  room = new ScriptedConference();
  media = new ConferenceMedia(() => new Map([[BOB.endpointId, BOB]]));
  told = [];
  note(media);
  media.begin(scripted.library);
  part = media.enter(scripted.library, room.conference);
  part.begin();
});

afterEach(() => vi.unstubAllGlobals());

describe('remote voices and screens', () => {
  it('T-61 a voice is reported with its mute state and its end', () => {
    const voice = new ScriptedRemoteTrack('b0b', 'audio');
    expect(media.isMuted('b0b')).toBe(true);
    room.listeners.emit('TRACK_ADDED', voice);
    expect(media.isMuted('b0b')).toBe(false);
    voice.muted = true;
    room.listeners.emit('TRACK_MUTE_CHANGED', voice);
    room.listeners.emit('TRACK_MUTE_CHANGED', voice);
    expect([...media.tracks.values()].map(({ kind }) => kind)).toEqual(['voice']);
    room.listeners.emit('TRACK_REMOVED', voice);
    expect(told).toEqual(['added voice of bob', 'b0b open', 'b0b muted', 'removed']);
    expect(media.tracks.size).toBe(0);
  });

  it('T-62 a screen is reported only while it is an unmuted screen, in whatever order the library tells', () => {
    const screen = new ScriptedRemoteTrack('b0b', 'video', 'camera', true);
    room.listeners.emit('TRACK_ADDED', screen);
    screen.muted = false;
    room.listeners.emit('TRACK_MUTE_CHANGED', screen);
    expect(told).toEqual([]);
    screen.videoType = 'desktop';
    screen.listeners.emit('TRACK_VIDEOTYPE_CHANGED');
    expect(told).toEqual(['added screen of bob']);
    screen.muted = true;
    room.listeners.emit('TRACK_MUTE_CHANGED', screen);
    expect(told).toEqual(['added screen of bob', 'removed']);
    room.listeners.emit('TRACK_REMOVED', screen);
    expect(told).toHaveLength(2);
  });

  it('T-62 webcam video is never reported', () => {
    room.listeners.emit('TRACK_ADDED', new ScriptedRemoteTrack('b0b', 'video', 'camera'));
    expect([told, media.tracks.size]).toEqual([[], 0]);
  });

  it('T-63 the dominant speaker is reported, and null once it has left', () => {
    room.listeners.emit('DOMINANT_SPEAKER_CHANGED', 'b0b');
    room.listeners.emit('USER_LEFT', 'somebody');
    room.listeners.emit('USER_LEFT', 'b0b');
    expect(told).toEqual(['dominant b0b', 'dominant null']);
  });

  it('T-64 tracks end with their conference, which is ignored afterwards', () => {
    const voice = new ScriptedRemoteTrack('b0b', 'audio');
    room.listeners.emit('TRACK_ADDED', voice);
    room.listeners.emit('DOMINANT_SPEAKER_CHANGED', 'b0b');
    told.length = 0;
    part.close();
    expect(told).toEqual(['b0b muted', 'removed', 'dominant null']);
    room.listeners.emit('TRACK_ADDED', voice);
    room.listeners.emit('DOMINANT_SPEAKER_CHANGED', 'b0b');
    expect([told.length, media.tracks.size]).toEqual([3, 0]);
  });

  it('T-56 what comes in before a part begins is reported when it does, and nothing goes out before', async () => {
    await media.setMicrophone('');
    part.close();
    told.length = 0;
    const next = new ScriptedConference();
    const beside = media.enter(scripted.library, next.conference);
    const gone = new ScriptedRemoteTrack('b0b', 'audio');
    next.listeners.emit('TRACK_ADDED', gone);
    next.listeners.emit('TRACK_REMOVED', gone);
    next.listeners.emit('TRACK_ADDED', new ScriptedRemoteTrack('b0b', 'audio'));
    next.listeners.emit('DOMINANT_SPEAKER_CHANGED', 'b0b');
    await Promise.resolve();
    expect([told.filter((what) => what !== 'b0b muted'), media.tracks.size, next.done]).toEqual([[], 0, []]);
    beside.begin();
    await vi.waitFor(() => expect(next.done.map(([what]) => what)).toEqual(['add']));
    expect(told.filter((what) => what !== 'b0b muted')).toEqual(['added voice of bob', 'b0b open', 'dominant b0b']);
  });

  it('T-56 a part that is closed before it begins has reported nothing', () => {
    const next = new ScriptedConference();
    const beside = media.enter(scripted.library, next.conference);
    next.listeners.emit('TRACK_ADDED', new ScriptedRemoteTrack('b0b', 'audio'));
    next.listeners.emit('DOMINANT_SPEAKER_CHANGED', 'b0b');
    beside.close();
    expect([told, media.tracks.size]).toEqual([[], 0]);
  });

  it('T-61 a voice that a bridge gives to another endpoint is that one’s from then on', () => {
    let ownerId = 'b0b';
    const voice = new ScriptedRemoteTrack('', 'audio');
    voice.getParticipantId = () => ownerId;
    room.listeners.emit('TRACK_ADDED', voice);
    room.listeners.emit('TRACK_REMOVED', voice);
    ownerId = '';
    room.listeners.emit('TRACK_MUTE_CHANGED', voice);
    expect(media.tracks.size).toBe(0);
    ownerId = 'c1';
    room.listeners.emit('TRACK_ADDED', voice);
    expect([...media.tracks.values()].map(({ from }) => from.endpointId)).toEqual(['c1']);
  });

  it('T-64 track ids are unique across conferences', () => {
    const voice = new ScriptedRemoteTrack('b0b', 'audio');
    room.listeners.emit('TRACK_ADDED', voice);
    const [before] = [...media.tracks.keys()];
    part.close();
    const next = new ScriptedConference();
    media.enter(scripted.library, next.conference).begin();
    next.listeners.emit('TRACK_ADDED', voice);
    expect([...media.tracks.keys()]).not.toEqual([before]);
  });
});

describe('the local microphone and screen', () => {
  it('T-65 the chosen microphone is sent muted or unmuted as set before', async () => {
    const stream = await media.setMicrophone('usb');
    expect(scripted.asked).toEqual([{ devices: ['audio'], micDeviceId: 'usb' }]);
    const [track] = scripted.captured;
    expect(stream).toBe(track!.getOriginalStream());
    expect(room.done).toEqual([['add', track]]);
    expect(track!.muted).toBe(false);
    media.setMuted(true);
    await vi.waitFor(() => expect(track!.muted).toBe(true));
    await media.setMicrophone('');
    expect(scripted.captured[1]!.muted).toBe(true);
  });

  it('T-66 a new microphone replaces the previous one, which is freed', async () => {
    await media.setMicrophone('a');
    await media.setMicrophone('b');
    const [a, b] = scripted.captured;
    expect(room.done).toEqual([
      ['add', a],
      ['replace', a, b],
    ]);
    expect(a!.done.slice(-2)).toEqual(['stop', 'dispose']);
    expect(told).toEqual([]);
  });

  it('T-66 a source is never removed and added again, but muted and replaced', async () => {
    await media.setMicrophone('a');
    expect(await media.setMicrophone(null)).toBeNull();
    const [a] = scripted.captured;
    expect(a!.done.slice(-2)).toEqual(['mute', 'stop']);
    await media.setMicrophone('b');
    const [, b] = scripted.captured;
    expect(room.done).toEqual([
      ['add', a],
      ['replace', a, b],
    ]);
    expect(b!.muted).toBe(false);
  });

  it('T-66 microphone changes happen one after the other, however quickly they are asked for', async () => {
    await Promise.all([media.setMicrophone('a'), media.setMicrophone(null), media.setMicrophone('c')]);
    const [a, c] = scripted.captured;
    expect(room.done).toEqual([
      ['add', a],
      ['replace', a, c],
    ]);
    expect(c!.deviceId).toBe('c');
  });

  it("T-67 a screen is shared without its sound, until stopped by the page or the browser's own button", async () => {
    expect(await media.setScreenShared(true)).toBe(scripted.captured[0]!.getOriginalStream());
    const [screen, sound] = scripted.captured;
    expect(sound!.done).toEqual(['stop', 'dispose']);
    expect(room.done).toEqual([['add', screen]]);
    expect(await media.setScreenShared(true)).toBe(screen!.getOriginalStream());
    expect(scripted.asked).toHaveLength(1);
    screen!.end();
    expect(told).toEqual(['ended screen']);
    await vi.waitFor(() => expect(screen!.done).toEqual(['mute', 'stop']));
    await media.setScreenShared(true);
    expect(room.done[1]).toEqual(['replace', screen, scripted.captured[2]]);
    await media.setScreenShared(false);
    expect(scripted.captured[2]!.done).toEqual(['mute', 'stop']);
    expect(told).toEqual(['ended screen']);
  });

  it('T-67 an unplugged microphone is reported', async () => {
    await media.setMicrophone('usb');
    scripted.captured[0]!.end();
    expect(told).toEqual(['ended voice']);
  });

  it('T-68 captures go on in the next conference without asking again, ended ones do not', async () => {
    await media.setMicrophone('usb');
    await media.setScreenShared(true);
    await media.setScreenShared(false);
    part.close();
    const next = new ScriptedConference();
    media.enter(scripted.library, next.conference).begin();
    await vi.waitFor(() => expect(next.done).toEqual([['add', scripted.captured[0]]]));
    expect(scripted.asked).toHaveLength(2);
    expect(scripted.captured[0]!.done).not.toContain('stop');
  });

  it('T-68 a microphone captured without a conference is sent in the next', async () => {
    part.close();
    await media.setMicrophone('usb');
    const next = new ScriptedConference();
    media.enter(scripted.library, next.conference).begin();
    await vi.waitFor(() => expect(next.done).toEqual([['add', scripted.captured[0]]]));
  });

  it('T-60 a failed capture rejects with a DeviceError, and what was sent goes on', async () => {
    await media.setMicrophone('a');
    scripted.refusal = Object.assign(new Error('no'), { name: 'gum.permission_denied' });
    await expect(media.setMicrophone('b')).rejects.toMatchObject({ name: 'DeviceError', reason: 'denied' });
    expect(scripted.captured[0]!.done).not.toContain('stop');
    scripted.refusal = null;
    await media.setMicrophone('c');
    expect(room.done).toHaveLength(2);
  });

  it('T-60 a track that the conference refuses is freed', async () => {
    room.refusal = new Error('negotiation failed');
    await expect(media.setMicrophone('a')).rejects.toMatchObject({ reason: 'failed' });
    expect(scripted.captured[0]!.done).toContain('stop');
  });

  it('T-69 leaving ends every capture, also one still being asked for', async () => {
    await media.setMicrophone('a');
    await media.setScreenShared(true);
    const asked = media.setMicrophone('b');
    const refused = expect(asked).rejects.toMatchObject({ name: 'DeviceError' });
    const closed = media.close(Promise.resolve());
    expect(scripted.captured[0]!.done).toContain('stop');
    expect(scripted.captured[1]!.done).toContain('stop');
    await closed;
    await refused;
    expect(scripted.captured.every(({ done }) => done.includes('stop'))).toBe(true);
  });

  it('T-69 leaving fails captures that wait for a library that never loads', async () => {
    const early = new ConferenceMedia(() => new Map());
    const refused = expect(early.setMicrophone('')).rejects.toMatchObject({ name: 'DeviceError' });
    await early.close(Promise.resolve());
    await refused;
  });
});

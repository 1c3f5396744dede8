import { describe, expect, it } from 'vitest';
import { lobbyStart } from '@/app/_components/lobby/lobbyStart';
import { firstChoice, motionAsLast } from '@/app/_components/meeting/joinChoice';
import { EMPTY_LINK, type MeetingLink } from '@/app/_components/meeting/meetingLink';
import { rememberWebcam } from '@/app/_memory/webcamMemory';
import '@/tests/support/app/dom';

const MEMORY = { name: 'Lin', avatar: 'bo', deviceId: 'desk' } as const;

describe('the choice a page joins with', () => {
  it('the lobby starts with the link’s choices before the remembered ones', () => {
    expect(lobbyStart(EMPTY_LINK, MEMORY)).toMatchObject({ name: 'Lin', avatar: 'bo', motion: { kind: 'idle' } });
    expect(lobbyStart({ ...EMPTY_LINK, name: 'Ann', avatar: 'ada', motionUrl: '/a.bvh' }, MEMORY)).toMatchObject({
      name: 'Ann',
      avatar: 'ada',
      motion: { kind: 'bvhUrl', url: '/a.bvh' },
    });
  });

  it('a page that skips the lobby has a name in any case', () => {
    const link = { ...EMPTY_LINK, autojoin: true };
    expect(firstChoice('participant', link, MEMORY, 'Guest').name).toBe('Lin');
    expect(firstChoice('participant', link, { ...MEMORY, name: '' }, 'Guest').name).toBe('Guest');
  });

  it('a page that skips the lobby takes a microphone only if the link says so', () => {
    const link = { ...EMPTY_LINK, autojoin: true };
    expect(firstChoice('participant', link, MEMORY, 'Guest').microphone).toBeNull();
    expect(firstChoice('participant', { ...link, microphone: 'open' }, MEMORY, 'Guest').microphone).toEqual({
      deviceId: 'desk',
      muted: false,
    });
    expect(firstChoice('participant', { ...link, microphone: 'muted' }, MEMORY, 'Guest').microphone).toMatchObject({
      muted: true,
    });
    expect(firstChoice('spectator', { ...link, microphone: 'open' }, MEMORY, 'Guest').microphone).toBeNull();
  });

  it('the webcam is the first motion if the link says so or it was used last', () => {
    const motion = (link: Partial<MeetingLink>) => lobbyStart({ ...EMPTY_LINK, ...link }, MEMORY).motion;
    expect(motion({})).toEqual({ kind: 'idle' });
    expect(motion({ webcam: true })).toEqual({ kind: 'webcam', deviceId: '' });
    rememberWebcam({ isWanted: true, deviceId: 'desk' });
    expect(motion({})).toEqual({ kind: 'webcam', deviceId: 'desk' });
    expect(motion({ motionUrl: '/a.bvh' })).toEqual({ kind: 'bvhUrl', url: '/a.bvh' });
    expect(motion({ autojoin: true })).toEqual({ kind: 'idle' });
    expect(motion({ autojoin: true, webcam: true })).toMatchObject({ kind: 'webcam' });
  });

  it('rejoining uses the webcam if it was on last', () => {
    const off = { phase: 'off', deviceId: 'desk' } as const;
    const live = { phase: 'live', deviceId: 'desk' } as const;
    const webcam = { kind: 'webcam', deviceId: '' } as const;
    expect(motionAsLast(webcam, live)).toEqual({ kind: 'webcam', deviceId: 'desk' });
    expect(motionAsLast(webcam, off)).toEqual({ kind: 'idle' });
    expect(motionAsLast({ kind: 'bvhUrl', url: '/a.bvh' }, off)).toEqual({ kind: 'bvhUrl', url: '/a.bvh' });
    expect(motionAsLast({ kind: 'idle' }, live)).toMatchObject({ kind: 'webcam' });
  });

  it('spectators have no name', () => {
    expect(firstChoice('spectator', EMPTY_LINK, MEMORY, 'Guest')).toMatchObject({ role: 'spectator', name: '' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstMotion, lobbyStart } from '@/app/_components/lobby/lobbyStart';
import { firstChoice, motionAsLast } from '@/app/_components/meeting/joinChoice';
import { EMPTY_LINK, meetingPath, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { parseMeetingReference } from '@/lib/core/meetingId';

const MEMORY = { name: 'Lin', avatar: 'bo', deviceId: 'desk' } as const;

describe('parseMeetingLink', () => {
  it('reads name, avatar, motion and autojoin', () => {
    const query = { name: ' Ben\u0000 ', avatar: 'cleo', motion: '/clips/walk.bvh', autojoin: '1', mic: 'muted' };
    expect(parseMeetingLink(query)).toEqual({
      name: 'Ben',
      avatar: 'cleo',
      motionUrl: '/clips/walk.bvh',
      autojoin: true,
      microphone: 'muted',
      camera: false,
    });
    expect(parseMeetingLink({ camera: '1' }).camera).toBe(true);
    expect(parseMeetingLink({ camera: 'yes' }).camera).toBe(false);
  });

  it.each(['javascript:alert(1)', 'data:text/plain,x', 'file:///etc/passwd', 'blob:https://x/1', ''])(
    'leaves out the motion %s',
    (motion) => expect(parseMeetingLink({ motion }).motionUrl).toBeNull(),
  );

  it('takes the first of several, and nothing for nonsense', () => {
    expect(parseMeetingLink({ name: ['Ann', 'Bo'], avatar: 'dragon', autojoin: 'yes' })).toEqual({
      ...EMPTY_LINK,
      name: 'Ann',
    });
  });

  it('takes an avatar in colours of one’s own', () => {
    const avatar = 'ada:skin=cocoa,hair=black';
    expect(parseMeetingLink({ avatar }).avatar).toBe(avatar);
    expect(parseMeetingLink({ avatar: 'ada:<script>' }).avatar).toBeNull();
  });

  it('never throws', () => {
    const value = fc.option(fc.oneof(fc.string(), fc.array(fc.string())), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ name: value, avatar: value, motion: value, autojoin: value, mic: value }), (query) => {
        expect(() => parseMeetingLink(query)).not.toThrow();
      }),
    );
  });
});

describe('the first stay', () => {
  it('begins in the lobby with the link’s word before the memory', () => {
    expect(lobbyStart(EMPTY_LINK, MEMORY)).toMatchObject({ name: 'Lin', avatar: 'bo', motion: { kind: 'idle' } });
    expect(lobbyStart({ ...EMPTY_LINK, name: 'Ann', avatar: 'ada', motionUrl: '/a.bvh' }, MEMORY)).toMatchObject({
      name: 'Ann',
      avatar: 'ada',
      motion: { kind: 'bvhUrl', url: '/a.bvh' },
    });
  });

  it('skips the lobby where the link says so, with a name in any case', () => {
    const link = { ...EMPTY_LINK, autojoin: true };
    expect(firstChoice('participant', link, MEMORY, 'Guest').name).toBe('Lin');
    expect(firstChoice('participant', link, { ...MEMORY, name: '' }, 'Guest').name).toBe('Guest');
  });

  it('asks for a microphone only where the link says so', () => {
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

  it('begins with the camera where the link says so, or where one sat down with it last', () => {
    const camera = { isWanted: true, deviceId: 'desk', calibration: null };
    const never = { isWanted: false, deviceId: '', calibration: null };
    expect(firstMotion(EMPTY_LINK, never)).toEqual({ kind: 'idle' });
    expect(firstMotion(EMPTY_LINK, camera)).toEqual({ kind: 'camera', deviceId: 'desk' });
    expect(firstMotion({ ...EMPTY_LINK, camera: true }, never)).toEqual({ kind: 'camera', deviceId: '' });
    expect(firstMotion({ ...EMPTY_LINK, motionUrl: '/a.bvh' }, camera)).toEqual({ kind: 'bvhUrl', url: '/a.bvh' });
    expect(firstMotion({ ...EMPTY_LINK, autojoin: true }, camera)).toEqual({ kind: 'idle' });
    expect(firstMotion({ ...EMPTY_LINK, autojoin: true, camera: true }, camera)).toMatchObject({ kind: 'camera' });
  });

  it('goes on again with the camera as it was last', () => {
    const off = { phase: 'off', deviceId: 'desk' } as const;
    const live = { phase: 'live', deviceId: 'desk' } as const;
    const camera = { kind: 'camera', deviceId: '' } as const;
    expect(motionAsLast(camera, live)).toEqual({ kind: 'camera', deviceId: 'desk' });
    expect(motionAsLast(camera, off)).toEqual({ kind: 'idle' });
    expect(motionAsLast({ kind: 'bvhUrl', url: '/a.bvh' }, off)).toEqual({ kind: 'bvhUrl', url: '/a.bvh' });
    expect(motionAsLast({ kind: 'idle' }, live)).toMatchObject({ kind: 'camera' });
  });

  it('of a watcher needs neither', () => {
    expect(firstChoice('spectator', EMPTY_LINK, MEMORY, 'Guest')).toMatchObject({ role: 'spectator', name: '' });
  });
});

describe('meetingPath', () => {
  it('gives links that the home page reads back', () => {
    for (const role of ['participant', 'spectator'] as const) {
      expect(parseMeetingReference(`https://x${meetingPath('round-7', role)}`)).toBe('round-7');
    }
  });
});

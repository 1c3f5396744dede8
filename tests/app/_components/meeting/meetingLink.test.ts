import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_LINK, parseMeetingLink } from '@/app/_components/meeting/meetingLink';

describe('parseMeetingLink', () => {
  it('a link’s name, avatar, motion, autojoin, microphone and webcam are read', () => {
    const query = { name: ' Ben\u0000 ', avatar: 'cleo', motion: '/clips/walk.bvh', autojoin: '1', mic: 'muted' };
    expect(parseMeetingLink(query)).toEqual({
      name: 'Ben',
      avatar: 'cleo',
      motionUrl: '/clips/walk.bvh',
      autojoin: true,
      microphone: 'muted',
      webcam: false,
      offer: { microphone: false, webcam: false },
    });
    expect(parseMeetingLink({ camera: '1' }, true).webcam).toBe(true);
    expect(parseMeetingLink({ camera: 'yes' }, true).webcam).toBe(false);
  });

  it('a link opens neither microphone nor webcam, but offers them, and may mute', () => {
    const link = parseMeetingLink({ autojoin: '1', mic: '1', camera: '1' });
    expect(link).toMatchObject({ microphone: null, webcam: false, offer: { microphone: true, webcam: true } });
    expect(parseMeetingLink({ mic: 'muted' })).toMatchObject({ microphone: 'muted', offer: { microphone: false } });
    const byLobby = parseMeetingLink({ mic: '1', camera: '1' });
    expect(byLobby).toMatchObject({ microphone: null, webcam: false, offer: { microphone: false, webcam: false } });
    // A link's recorded motion comes before its webcam.
    expect(parseMeetingLink({ autojoin: '1', camera: '1', motion: '/a.bvh' }).offer.webcam).toBe(false);
  });

  it('a kiosk’s link opens microphone and webcam, and offers nothing', () => {
    const link = parseMeetingLink({ autojoin: '1', mic: '1', camera: '1' }, true);
    expect(link).toMatchObject({ microphone: 'open', webcam: true, offer: { microphone: false, webcam: false } });
  });

  it('no query lets a link open devices; only the operator does', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom('1', 'on', 'true', 'open'));
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('opensDevices', 'kiosk', 'KIOSK', 'mic', 'camera', 'microphone'),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), (query) => {
        const { microphone, webcam } = parseMeetingLink(query);
        expect(microphone).not.toBe('open');
        expect(webcam).toBe(false);
      }),
    );
  });

  it.each(['javascript:alert(1)', 'data:text/plain,x', 'file:///etc/passwd', 'blob:https://x/1', ''])(
    'a link’s motion %s is ignored',
    (motion) => expect(parseMeetingLink({ motion }).motionUrl).toBeNull(),
  );

  it('a link’s first value of several counts, and nonsense is ignored', () => {
    expect(parseMeetingLink({ name: ['Ann', 'Bo'], avatar: 'dragon', autojoin: 'yes' })).toEqual({
      ...EMPTY_LINK,
      name: 'Ann',
    });
  });

  it('a link’s avatar can have chosen colours', () => {
    const avatar = 'ada:skin=cocoa,hair=black';
    expect(parseMeetingLink({ avatar }).avatar).toBe(avatar);
    expect(parseMeetingLink({ avatar: 'ada:<script>' }).avatar).toBeNull();
  });

  it('parsing a link never throws, whatever the query holds', () => {
    const value = fc.option(fc.oneof(fc.string(), fc.array(fc.string())), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ name: value, avatar: value, motion: value, autojoin: value, mic: value }), (query) => {
        expect(() => parseMeetingLink(query)).not.toThrow();
      }),
    );
  });
});

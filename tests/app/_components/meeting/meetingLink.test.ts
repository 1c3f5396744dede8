import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_LINK, meetingPath, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { parseMeetingReference } from '@/lib/core/meetingId';

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
    });
    expect(parseMeetingLink({ camera: '1' }).webcam).toBe(true);
    expect(parseMeetingLink({ camera: 'yes' }).webcam).toBe(false);
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

describe('meetingPath', () => {
  it('the home page reads meeting paths back', () => {
    for (const role of ['participant', 'spectator'] as const) {
      expect(parseMeetingReference(`https://x${meetingPath('round-7', role)}`)).toBe('round-7');
    }
  });
});

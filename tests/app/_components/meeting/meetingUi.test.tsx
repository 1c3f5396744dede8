import '@/tests/support/app/render';
import { act, renderHook } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { useMeetingUi } from '@/app/_components/meeting/meetingUi';
import type { MeetingRole } from '@/lib/core/meeting';
import { PICTURE_CHOICES } from '@/scene/frame/pictureQuality';

const VIEWS: Readonly<Record<MeetingRole, readonly string[]>> = {
  participant: ['orbit', 'speaker', 'overTable', 'firstPerson'],
  spectator: ['orbit', 'speaker', 'overTable', 'free'],
};

const store = (memory: unknown) => localStorage.setItem('parley.view', JSON.stringify(memory));
const startIn = (role: MeetingRole) => {
  const { result, unmount } = renderHook(() => useMeetingUi(role));
  unmount();
  return result.current.ui;
};

function sizeWindow(width: number, height: number): void {
  Object.assign(window, { innerWidth: width, innerHeight: height });
}

afterEach(() => sizeWindow(1024, 768));

describe('the state of the meeting’s page', () => {
  it('the remembered view of each role and the picture come back', () => {
    store({ camera: { participant: 'overTable', spectator: 'free' }, picture: 'low' });
    expect(startIn('participant')).toMatchObject({ view: 'overTable', picture: 'low' });
    expect(startIn('spectator')).toMatchObject({ view: 'free', picture: 'low' });
  });

  it('the remembered view of a role is one that it has', () => {
    store({ camera: { participant: 'free', spectator: 'firstPerson' } });
    expect(startIn('participant').view).toBe('orbit');
    expect(startIn('spectator').view).toBe('orbit');
  });

  it('view and picture are usable whatever the storage holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (camera, picture, text) => {
        for (const stored of [text, JSON.stringify(camera), JSON.stringify({ camera, picture })]) {
          localStorage.setItem('parley.view', stored);
          for (const role of ['participant', 'spectator'] as const) {
            const ui = startIn(role);
            expect(PICTURE_CHOICES).toContain(ui.picture);
            expect(VIEWS[role]).toContain(ui.view);
          }
        }
      }),
    );
  });

  it.each(['participant', 'spectator'] as const)(
    'the views of a %s go round and round, and the last is remembered',
    (role) => {
      const { result } = renderHook(() => useMeetingUi(role));
      const seen = VIEWS[role].map(() => {
        const { view } = result.current.ui;
        act(() => result.current.nextView());
        return view;
      });
      expect(seen).toEqual(VIEWS[role]);
      expect(result.current.ui.view).toBe('orbit');
      act(() => result.current.nextView());
      expect(startIn(role).view).toBe('speaker');
    },
  );

  it('the lights go round and round', () => {
    const { result } = renderHook(() => useMeetingUi('participant'));
    const seen = [0, 1, 2, 3].map(() => {
      const { mood } = result.current.ui;
      act(() => result.current.nextMood());
      return mood;
    });
    expect(seen).toEqual(['day', 'evening', 'dark', 'day']);
  });

  it('a meeting starts with everyone, or with the speaker on an upright phone, unless a view is remembered', () => {
    sizeWindow(1600, 1000);
    expect(startIn('participant').view).toBe('orbit');
    sizeWindow(390, 844);
    expect(startIn('participant').view).toBe('speaker');
    store({ camera: { participant: 'overTable' } });
    expect(startIn('participant').view).toBe('overTable');
  });

  it('a dark theme starts with the evening', () => {
    document.documentElement.dataset.theme = 'dark';
    expect(startIn('participant').mood).toBe('evening');
  });
});

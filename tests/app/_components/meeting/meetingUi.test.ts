import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOODS, nextOf, parseViewMemory, startingView, VIEWS } from '@/app/_components/meeting/meetingUi';
import { PICTURE_CHOICES } from '@/scene/frame/pictureQuality';

describe('the remembered view and picture', () => {
  it('the remembered view and picture come back as they were stored', () => {
    const kept = { camera: { participant: 'overTable', spectator: 'free' }, picture: 'low' } as const;
    expect(parseViewMemory(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  it('the remembered view of a role is one that it has', () => {
    const { camera } = parseViewMemory({ camera: { participant: 'free', spectator: 'firstPerson' } });
    expect(camera).toEqual({ participant: null, spectator: null });
  });

  it('the remembered view and picture are usable whatever the storage holds', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (camera, picture) => {
        for (const stored of [camera, { camera, picture }]) {
          const memory = parseViewMemory(stored);
          expect(PICTURE_CHOICES).toContain(memory.picture);
          for (const role of ['participant', 'spectator'] as const) {
            expect([null, ...VIEWS[role]]).toContain(memory.camera[role]);
          }
        }
      }),
    );
  });
});

describe('views and lights', () => {
  it('views and lights go round and round', () => {
    expect(nextOf(MOODS, 'dark')).toBe('day');
    expect(nextOf(VIEWS.participant, 'firstPerson')).toBe('orbit');
    expect(nextOf(VIEWS.spectator, 'free')).toBe('orbit');
  });

  it('a meeting starts with the last view, else with everyone, or with the speaker on an upright phone', () => {
    expect(startingView(null, 1.6)).toBe('orbit');
    expect(startingView(null, 0.46)).toBe('speaker');
    expect(startingView('overTable', 0.46)).toBe('overTable');
  });

  it('spectators have no seat to look from', () => {
    expect(VIEWS.spectator).not.toContain('firstPerson');
  });
});

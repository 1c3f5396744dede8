import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseViewMemory, VIEWS } from '@/app/_components/meeting/meetingUi';
import { PICTURE_CHOICES } from '@/scene/frame/pictureQuality';

describe('what is remembered about looking', () => {
  it('comes back as it was kept', () => {
    const kept = { camera: { participant: 'overTable', spectator: 'free' }, picture: 'low' } as const;
    expect(parseViewMemory(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  it('gives nobody a view their role does not have', () => {
    const { camera } = parseViewMemory({ camera: { participant: 'free', spectator: 'firstPerson' } });
    expect(camera).toEqual({ participant: null, spectator: null });
  });

  it('is something usable whatever a storage holds', () => {
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

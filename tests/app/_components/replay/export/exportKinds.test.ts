import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileNameOf, fileNamePart } from '@/app/_components/replay/export/exportKinds';

const DAY_MS = new Date(2026, 0, 2, 12).getTime();

it('a file is named by meeting, person and day', () => {
  expect(fileNameOf(['Harbour plans', 'Lin Wei'], DAY_MS, 'vrma')).toBe('Harbour plans, Lin Wei, 2026-01-02.vrma');
  expect(fileNameOf(['会议', ''], DAY_MS, 'wav')).toBe('会议, 2026-01-02.wav');
  expect(fileNameOf(['Harbour plans'], null, 'parley')).toBe('Harbour plans.parley');
});

it('a part of a name is one on every system', () => {
  expect(fileNamePart('..\\..//etc: "a|b?"\n<c>*.')).toBe('etc a b c');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const part = fileNamePart(text);
      expect(part).not.toMatch(/[\p{Cc}\\/:*?"<>|]|^[. ]|[. ]$/u);
      expect([...part].length).toBeLessThanOrEqual(80);
    }),
  );
});

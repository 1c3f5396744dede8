import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText, filesUrlOf, momentLink, parseMoment } from '@/app/_components/replay/replayLink';

describe('the link to a moment', () => {
  it.each([
    ['90', 90_000],
    ['90.5', 90_500],
    ['1m30s', 90_000],
    ['1h2m3s', 3_723_000],
    ['2m', 120_000],
    ['1:30', 90_000],
    ['1:30.5', 90_500],
    ['1:02:03', 3_723_000],
    [undefined, 0],
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['1e9', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseMoment(text)).toBe(ms);
  });

  it('leads to its second, whatever was in the address', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
        const link = new URL(momentLink('https://parley.test/r/abc.1.x?t=5&debug#top', ms));
        expect(parseMoment(link.searchParams.get('t')!)).toBe(Math.floor(ms / 1000) * 1000);
        expect(link.searchParams.has('debug')).toBe(true);
      }),
    );
  });

  it('times are written as clocks show them', () => {
    expect([0, 7999, 750_000, 3_723_000].map(clockText)).toEqual(['0:00', '0:07', '12:30', '1:02:03']);
  });

  it('files are asked for by the right alone', () => {
    expect(filesUrlOf('../api')).toBe('/b/..%2Fapi/');
  });
});

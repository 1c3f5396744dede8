import { expect, it } from 'vitest';
import { exactly, type Figure, keepsBounds } from '@/tools/drills/drill';
import { judged, reportTable, unmeasured } from '@/tools/drills/runDrills';

const DRILL = { name: 'hub-restarted', passMark: 'again <= 3 s' };
const figure = (value: number, bounds: Partial<Figure>): Figure => ({ what: 'again', value, unit: 'ms', ...bounds });

it('passes a drill all of whose figures keep their bounds', () => {
  expect(judged(DRILL, [figure(3000, { atMost: 3000 }), figure(16, exactly(16))]).verdict).toBe('PASS');
});

it.each([
  ['one figure too large', [figure(1, { atMost: 3000 }), figure(3000.1, { atMost: 3000 })]],
  ['one too small', [figure(15, exactly(16))]],
  ['one that is no number', [figure(Number.NaN, { atMost: 3000 })]],
  ['no figure at all', []],
])('fails a drill with %s', (_what, figures) => {
  expect(judged(DRILL, figures).verdict).toBe('FAIL');
});

it('takes a bound that is not given for none', () => {
  expect(keepsBounds(figure(1e9, { atLeast: 0 }))).toBe(true);
});

it('prints every figure beside its bound, and marks those that break it', () => {
  const table = reportTable([
    judged(DRILL, [figure(4000, { atMost: 3000 }), figure(16, exactly(16))]),
    unmeasured({ name: 'soak', passMark: 'no growth' }, 'SKIPPED', 'needs a server that it may kill\nand more'),
  ]);
  expect(table.split('\n')).toHaveLength(4);
  expect(table).toContain('hub-restarted  FAIL');
  expect(table).toContain('again 4000 ms (<= 3000) !');
  expect(table).toContain('again 16 ms (= 16)');
  expect(table).not.toContain('and more');
});

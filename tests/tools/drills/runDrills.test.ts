import { expect, it } from 'vitest';
import { exactly, type Figure, keepsBounds } from '@/tools/drills/drill';
import { judged, reportTable, unmeasured } from '@/tools/drills/runDrills';

const DRILL = { name: 'hub-restarted', passMark: 'again <= 3 s' };
const figure = (value: number, bounds: Partial<Figure>): Figure => ({ what: 'again', value, unit: 'ms', ...bounds });

it('a drill passes if all its figures keep their bounds', () => {
  expect(judged(DRILL, [figure(3000, { atMost: 3000 }), figure(16, exactly(16))]).verdict).toBe('PASS');
});

it.each([
  ['one figure above its bound', [figure(1, { atMost: 3000 }), figure(3000.1, { atMost: 3000 })]],
  ['one figure below its bound', [figure(15, exactly(16))]],
  ['one figure that is NaN', [figure(Number.NaN, { atMost: 3000 })]],
  ['no figure at all', []],
])('a drill fails with %s', (_what, figures) => {
  expect(judged(DRILL, figures).verdict).toBe('FAIL');
});

it('on a busy machine, figures that depend on load need only be measured, and all others keep their bounds', () => {
  const late = figure(9000, { atMost: 3000 });
  const lost = figure(4, { unit: 'people', loadDependent: true, ...exactly(0) });
  const seated = figure(15, { unit: 'people', ...exactly(16) });
  expect(judged(DRILL, [late, lost], true).verdict).toBe('PASS');
  expect(judged(DRILL, [late, lost]).verdict).toBe('FAIL');
  expect(judged(DRILL, [late, seated], true).verdict).toBe('FAIL');
  expect(judged(DRILL, [figure(Number.NaN, { atMost: 3000 })], true).verdict).toBe('FAIL');
});

it('a figure without an upper bound may be any size', () => {
  expect(keepsBounds(figure(1e9, { atLeast: 0 }))).toBe(true);
});

it('the table of drills shows every figure with its bound and marks those that break it', () => {
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

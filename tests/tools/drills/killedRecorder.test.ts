import { expect, it } from 'vitest';
import { judged, reportTable } from '@/tools/drills/runDrills';
import { killRecorder } from '@/tools/drills/support/killedRecorder';
import { seededRandom } from '@/tools/seededRandom';

it('a recorder that is killed at any point loses at most a second, and goes on', async () => {
  const drill = { name: 'recorder-killed', passMark: '' };
  const report = judged(drill, await killRecorder(12, seededRandom(14)));
  expect(report.verdict, reportTable([report])).toBe('PASS');
}, 60_000);

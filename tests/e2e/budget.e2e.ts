import { describe, expect, inject, it } from 'vitest';
import { DRILLS, reportTable, runDrills } from '@/tools/drills/runDrills';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { chromiumPath } from './support/browser';

describe.skipIf(!chromiumPath)('budget', () => {
  it('sixteen in one meeting stay within 1.5 Mbps and poses younger than 250 ms at a receiver, and lose no packet', async () => {
    const drills = DRILLS.filter(({ name }) => name === 'budget');
    const setting = { url: inject('parleyUrl'), server: null, scale: QUICK_SCALE, say: () => {} };
    const reports = await runDrills(drills, setting);
    expect(
      reports.map(({ verdict }) => verdict),
      reportTable(reports),
    ).toEqual(['PASS']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrills } from '@/tools/drills/runDrills';
import { DrillServer } from '@/tools/drills/support/drillServer';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { chromiumPath } from './browser';

/**
 * Tests that run drills in short, one after the other, against one server. What is judged does not depend on load;
 * `npm run drills` runs every drill at full length and judges times too.
 */
export function testDrillsInShort(names: readonly string[], isPossible = true): void {
  describe.skipIf(!chromiumPath || !isPossible)('drills, in short', () => {
    let server: DrillServer;

    beforeAll(async () => {
      server = await DrillServer.start({ TRUST_PROXY: 'on' });
    });

    afterAll(() => server?.stop());

    it.each(names)('drill %s passes in short', async (name) => {
      const drills = DRILLS.filter((drill) => drill.name === name);
      const setting = { url: server.url, server, scale: QUICK_SCALE, onBusyMachine: true, say: () => {} };
      const reports = await runDrills(drills, setting);
      expect(
        reports.map(({ verdict }) => verdict),
        reportTable(reports),
      ).toEqual(['PASS']);
    });
  });
}

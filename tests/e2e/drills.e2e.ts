import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrills } from '@/tools/drills/runDrills';
import { DrillServer } from '@/tools/drills/support/drillServer';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { chromiumPath } from './support/browser';

/** Drills whose result does not depend on how fast the machine draws; `npm run drills` runs all of them. */
const SHORT = ['hub-restarted', 'channel-dropped-ws', 'channel-dropped-sctp', 'xmpp-dropped', 'tab-hidden'];

describe.skipIf(!chromiumPath)('drills, in short', () => {
  let server: DrillServer;

  beforeAll(async () => {
    server = await DrillServer.start({ TRUST_PROXY: 'on' });
  });

  afterAll(() => server?.stop());

  it.each(SHORT)('drill %s passes in short', async (name) => {
    const drills = DRILLS.filter((drill) => drill.name === name);
    const reports = await runDrills(drills, { url: server.url, server, scale: QUICK_SCALE, say: () => {} });
    expect(
      reports.map(({ verdict }) => verdict),
      reportTable(reports),
    ).toEqual(['PASS']);
  });
});

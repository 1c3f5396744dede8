import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrills } from '@/tools/drills/runDrills';
import { DrillServer } from '@/tools/drills/support/drillServer';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { hasPostgres } from '@/tools/run/postgres.mjs';
import { chromiumPath } from './support/browser';

/** What is judged here does not depend on load; `npm run drills` runs every drill at full length and judges times too. */
const SHORT = [
  'ghosts',
  'clock-step',
  ...(hasPostgres() ? ['database-away', 'database-hung'] : []),
  'hub-restarted',
  'channel-dropped-ws',
  'xmpp-dropped',
  'tab-hidden',
  'budget',
  'xmpp-flood',
  'upload',
  'slow-upload',
  'page-flood',
  'idle-connections',
];

describe.skipIf(!chromiumPath)('drills, in short', () => {
  let server: DrillServer;

  beforeAll(async () => {
    server = await DrillServer.start({ TRUST_PROXY: 'on' });
  });

  afterAll(() => server?.stop());

  it.each(SHORT)('drill %s passes in short', async (name) => {
    const drills = DRILLS.filter((drill) => drill.name === name);
    const setting = { url: server.url, server, scale: QUICK_SCALE, onBusyMachine: true, say: () => {} };
    const reports = await runDrills(drills, setting);
    expect(
      reports.map(({ verdict }) => verdict),
      reportTable(reports),
    ).toEqual(['PASS']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrills } from '@/tools/drills/runDrills';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { LOOPBACK_MEDIA } from '../server/hub/testHub';
import { chromiumPath } from './support/browser';
import { type JitsiDeployment, startDeployment } from './support/jitsiDeployment';
import { type ParleyServer, startParley } from './support/parleyServer';

/** What cuts channels and media, what cuts XMPP, and what an attacker does. Then those that are not possible there. */
const POSSIBLE = ['channel-dropped-sctp', 'xmpp-dropped', 'xmpp-flood'];
const IMPOSSIBLE = ['channel-dropped-ws', 'hub-restarted'];
const SCALE = { ...QUICK_SCALE, people: 3, steadyMs: 1_000 };

describe.skipIf(!chromiumPath)('drills of a site whose Jitsi is elsewhere, by its address', () => {
  let deployment: JitsiDeployment;
  let parley: ParleyServer;

  beforeAll(async () => {
    deployment = await startDeployment({ jicofo: {}, media: LOOPBACK_MEDIA });
    parley = await startParley(deployment.settings);
  });

  afterAll(async () => {
    await parley?.stop();
    await deployment?.close();
  });

  async function run(name: string) {
    const drills = DRILLS.filter((drill) => drill.name === name);
    const setting = { url: parley.url, server: null, scale: SCALE, onBusyMachine: true, say: () => {} };
    return runDrills(drills, setting);
  }

  it.each(POSSIBLE)('drill %s reaches what it cuts', async (name) => {
    const reports = await run(name);
    expect(
      reports.map(({ verdict }) => verdict),
      reportTable(reports),
    ).toEqual(['PASS']);
  });

  it.each(IMPOSSIBLE)('drill %s is skipped with a reason', async (name) => {
    expect(await run(name)).toMatchObject([{ verdict: 'SKIPPED', problem: expect.stringMatching(/Jitsi|--url/) }]);
  });
});

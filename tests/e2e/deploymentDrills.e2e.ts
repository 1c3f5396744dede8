import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrill } from '@/tools/drills/runDrills';
import { QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { LOOPBACK_MEDIA } from '../server/hub/testHub';
import { chromiumPath } from './support/browser';
import { IN_SHORT } from './support/drillsInShort';
import { type JitsiDeployment, startDeployment } from './support/jitsiDeployment';
import { type ParleyServer, startParley } from './support/parleyServer';

/** What cuts channels and media, what cuts XMPP, and what an attacker does. Then those that are not possible there. */
const POSSIBLE = ['channel-dropped-sctp', 'xmpp-dropped', 'xmpp-flood'];
const IMPOSSIBLE = ['channel-dropped-ws', 'hub-restarted'];
const SCALE = { ...QUICK_SCALE, steadyMs: 1_000 };

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

  function run(name: string) {
    const drill = DRILLS.find((one) => one.name === name);
    return runDrill(drill!, { ...IN_SHORT, url: parley.url, server: null, scale: SCALE });
  }

  it.each(POSSIBLE)('drill %s reaches what it cuts', async (name) => {
    const report = await run(name);
    expect(report.verdict, reportTable([report])).toBe('PASS');
  });

  it.each(IMPOSSIBLE)('drill %s is skipped with a reason', async (name) => {
    expect(await run(name)).toMatchObject({ verdict: 'SKIPPED', problem: expect.stringMatching(/Jitsi|--url/) });
  });
});

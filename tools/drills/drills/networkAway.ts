import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, exactly, type Measured } from '../drill';
import type { DrillWorld } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';
import type { NetworkProxy } from '../support/networkProxy';
import type { PageParticipant } from '../support/pageParticipant';
import { gather, idOf, msUntilHeardBy } from './meeting';

const REJOINED_MAX_MS = 5_000;
const WAIT_MAX_MS = 60_000;
/** From one network into another. */
const CHANGING_MS = 3_000;

/** Takes the network away and gives it back; resolves when it is there again. */
type Outage = (proxy: NetworkProxy, page: PageParticipant) => Promise<void>;

async function measureReturn(world: DrillWorld, outage: Outage): Promise<Measured> {
  const proxy = await world.proxy();
  const { page, crowd, others } = await gather(world, { pageUrl: proxy.url });
  const { id, seat } = (await page.stats()).self!;
  await outage(proxy, page);
  const backMs = wallMs();
  const hearing = msUntilAllHeard([page], others, backMs, WAIT_MAX_MS);
  const heard = msUntilHeardBy(crowd.members, id, backMs, WAIT_MAX_MS);
  const [[hearsMs = Number.NaN], heardMs] = await Promise.all([hearing, heard]);
  const isSameSeat = (await page.stats()).self?.seat === seat;
  return [
    { what: 'hears all after return', value: hearsMs, unit: 'ms', atMost: REJOINED_MAX_MS },
    { what: 'heard by all after return', value: heardMs, unit: 'ms', atMost: REJOINED_MAX_MS },
    { what: 'same identity', value: Number((await idOf(page)) === id), unit: '', ...exactly(1) },
    { what: 'same seat', value: Number(isSameSeat), unit: '', ...exactly(1) },
  ];
}

async function setOffline({ devtools }: PageParticipant, offline: boolean): Promise<void> {
  await devtools.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
}

/** The lid is closed: nothing in the page runs, and the network is gone for longer than a stay lives. */
export const laptopAsleep: Drill = {
  name: 'laptop-asleep',
  passMark: 'rejoined <= 5 s after the network is back, same identity',
  needsServer: false,
  run: (world) =>
    measureReturn(world, async (proxy, page) => {
      await page.devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      proxy.leave();
      await sleep(world.scale.asleepMs);
      proxy.comeBack();
      await page.devtools.send('Page.setWebLifecycleState', { state: 'active' });
    }),
};

/** Another network: for a moment there is none, and what was open before is dead without a word. */
export const networkChanged: Drill = {
  name: 'network-changed',
  passMark: 'rejoined <= 5 s after the network is back, same identity',
  needsServer: false,
  run: (world) =>
    measureReturn(world, async (proxy, page) => {
      await page.devtools.send('Network.enable');
      proxy.leave();
      await setOffline(page, true);
      await sleep(CHANGING_MS);
      proxy.comeBack();
      await setOffline(page, false);
    }),
};

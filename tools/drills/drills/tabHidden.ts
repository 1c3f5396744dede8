import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, exactly } from '../drill';
import type { CrowdMember } from '../support/crowd';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import { gather, idOf, msUntilHeardBy } from './meeting';

const HIDDEN_MS = 10_000;
const WAIT_MAX_MS = 10_000;

/** Browsers without a window have no tab that could be behind another: the page is told that it is. */
const setVisibility = (state: 'hidden' | 'visible') => `
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} });
  document.dispatchEvent(new Event('visibilitychange'));
`;

/** Whether `member` is told that `personId`'s page is hidden. */
function seesHidden({ bot }: CrowdMember, personId: string): boolean {
  const { hidden, endpoints } = bot.transport;
  return [...hidden].some((endpointId) => endpoints.get(endpointId)?.personId === personId);
}

function knows({ bot }: CrowdMember, personId: string): boolean {
  return [...bot.transport.endpoints.values()].some((endpoint) => endpoint.personId === personId);
}

/** The tab goes behind another and comes back. */
export const tabHidden: Drill = {
  name: 'tab-hidden',
  passMark: 'marked idle, not gone; live <= 500 ms after return',
  needsServer: false,
  async run(world) {
    const { page, crowd, others } = await gather(world);
    const id = await idOf(page);
    const told = (wanted: boolean) => () => crowd.members.every((member) => seesHidden(member, id) === wanted);
    const marked = msUntil('marked idle', told(true), WAIT_MAX_MS);
    await page.evaluate(setVisibility('hidden'));
    const markedMs = await marked;
    await sleep(Math.min(HIDDEN_MS, world.scale.steadyMs));
    const gone = crowd.members.filter((member) => !knows(member, id)).length;
    const returnedMs = wallMs();
    const shown = msUntil('no longer idle', told(false), WAIT_MAX_MS);
    await page.evaluate(setVisibility('visible'));
    const hearing = msUntilAllHeard([page], others, returnedMs, WAIT_MAX_MS);
    const heard = msUntilHeardBy(crowd.members, id, returnedMs, WAIT_MAX_MS);
    const [shownMs, [hearsMs = Number.NaN], heardMs] = await Promise.all([shown, hearing, heard]);
    return [
      { what: 'marked idle', value: markedMs, unit: 'ms', atMost: 2_000 },
      { what: 'gone for', value: gone, unit: 'people', ...exactly(0) },
      { what: 'no longer idle', value: shownMs, unit: 'ms', atMost: 500 },
      { what: 'heard by all after return', value: heardMs, unit: 'ms', atMost: 500 },
      { what: 'hears all after return', value: hearsMs, unit: 'ms', atMost: 500 },
    ];
  },
};

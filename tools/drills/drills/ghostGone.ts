import { type Drill, exactly } from '../drill';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';

const GONE_MAX_MS = 15_000;
const WAIT_MAX_MS = 60_000;

/** Somebody's machine dies: no socket is closed, nothing is said. */
export const ghostGone: Drill = {
  name: 'ghost-gone',
  passMark: 'gone for everybody, and the seat free, <= 15 s',
  needsServer: false,
  async run(world) {
    const meetingId = await world.createMeeting();
    const proxy = await world.proxy();
    const crowd = await world.crowd({ url: world.url, meetingId, count: Math.min(4, world.scale.people) });
    const ghost = await world.crowd({ url: proxy.url, meetingId, count: 1, namePrefix: 'Ghost' });
    const count = crowd.members.length;
    await msUntilAllHeard(crowd.members, count, wallMs(), WAIT_MAX_MS);
    const id = ghost.bots[0]!.stats().personId!;
    proxy.leave();
    const knowsGhost = () =>
      crowd.bots.some((bot) => [...bot.transport.endpoints.values()].some(({ personId }) => personId === id));
    const isSeated = async () =>
      (await world.client.meeting.get({ id: meetingId })).people.some((person) => person.id === id);
    const [goneMs, freeMs] = await Promise.all([
      msUntil('the ghost is gone', () => !knowsGhost(), WAIT_MAX_MS),
      msUntil('its seat is free', async () => !(await isSeated()), WAIT_MAX_MS),
    ]);
    return [
      { what: 'gone from the conference', value: goneMs, unit: 'ms', atMost: GONE_MAX_MS },
      { what: 'seat free', value: freeMs, unit: 'ms', atMost: GONE_MAX_MS },
      {
        what: 'others still there',
        value: crowd.bots[0]!.stats().others.length,
        unit: 'people',
        ...exactly(count - 1),
      },
    ];
  },
};

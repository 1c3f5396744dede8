import { STEADY_AFTER_MS } from '@/lib/transport/entrance';
import { HeadlessGroup } from './headlessGroup';
import { quantile } from './latencies';
import { ServerUnderTest } from './serverUnderTest';

const PEOPLE = 16;
const PROCESSES = 1;
const WAIT_MAX_MS = 60_000;

const wallMs = () => performance.timeOrigin + performance.now();

async function restartOnce(
  group: HeadlessGroup,
  server: ServerUnderTest,
): Promise<{
  readonly server: ServerUnderTest;
  readonly heardMs: readonly number[];
}> {
  await server.kill();
  const again = await ServerUnderTest.start({ kind: 'hub', port: server.port, hasMedia: false });
  return { server: again, heardMs: await group.msUntilAllHeard(PEOPLE - 1, wallMs(), WAIT_MAX_MS) };
}

/** p95, ms, from the killed hub's being ready again until every one of 16 participants hears all the others. */
export async function measureRestart(restarts: number, say: (line: string) => void): Promise<number> {
  let server = await ServerUnderTest.start({ kind: 'hub', port: 0, hasMedia: false });
  const group = new HeadlessGroup(PROCESSES);
  const all: number[] = [];
  try {
    await group.join({ port: server.port, room: 'restart', count: PEOPLE, speaks: false });
    await group.msUntilAllHeard(PEOPLE - 1, wallMs(), WAIT_MAX_MS);
    for (let restart = 1; restart <= restarts; restart += 1) {
      // A loss sooner than that would be the same outage to those who came back, with its long pauses.
      await new Promise((resolve) => setTimeout(resolve, STEADY_AFTER_MS + 1_000));
      const outcome = await restartOnce(group, server);
      server = outcome.server;
      all.push(...outcome.heardMs);
      say(`hub, restart ${restart}: p95 ${quantile(outcome.heardMs, 0.95).toFixed(0)} ms`);
    }
    return quantile(all, 0.95);
  } finally {
    await group.kill();
    await server.kill();
  }
}

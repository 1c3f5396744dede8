import { describe, it } from 'vitest';
import { TRANSPORT_CASES } from './transportCases';
import { type TransportHarness, TransportWorld } from './transportWorld';

export { MEDIA_CASES } from './transportCases';
export { CHANNEL_CASES } from './transportChannelCases';
export { IDENTITY_CASES } from './transportIdentityCases';
export type { TransportHarness } from './transportWorld';

/**
 * Runs cases of the transport contract, by default all, in this process. They mostly wait, so several run at a time where
 * each has a server of its own; otherwise `inTurn`, since faults hit the whole server. Skips those whose fault the harness
 * lacks.
 */
export function transportContract(
  name: string,
  createHarness: () => Promise<TransportHarness>,
  cases = TRANSPORT_CASES,
  order: 'sideBySide' | 'inTurn' = 'sideBySide',
): void {
  const group = order === 'sideBySide' ? describe.concurrent : describe;
  group(`the transport contract: ${name}`, () => {
    for (const { id, title, needs, run } of cases) {
      it(`${id} ${title}`, { timeout: 120_000 }, async (context) => {
        const world = new TransportWorld(await createHarness());
        try {
          if (needs && !world.harness[needs]) context.skip(`this conference has no way to ${needs}`);
          await run(world);
        } finally {
          await world.close();
        }
      });
    }
  });
}

import { afterEach, describe, it } from 'vitest';
import { TRANSPORT_CASES } from './transportCases';
import { type TransportHarness, TransportWorld } from './transportWorld';

export { MEDIA_CASES } from './transportCases';
export { CHANNEL_CASES } from './transportChannelCases';
export { IDENTITY_CASES } from './transportIdentityCases';
export type { TransportHarness } from './transportWorld';

/** Runs cases of the transport contract, by default all, in this process. Skips those whose fault the harness lacks. */
export function transportContract(
  name: string,
  createHarness: () => Promise<TransportHarness>,
  cases = TRANSPORT_CASES,
): void {
  describe(`the transport contract: ${name}`, () => {
    let world: TransportWorld | null = null;

    afterEach(async () => {
      await world?.close();
      world = null;
    });

    for (const { id, title, needs, run } of cases) {
      it(`${id} ${title}`, { timeout: 60_000 }, async (context) => {
        world = new TransportWorld(await createHarness());
        if (needs && !world.harness[needs]) context.skip(`this conference has no way to ${needs}`);
        await run(world);
      });
    }
  });
}

import { afterEach, describe, it } from 'vitest';
import { TRANSPORT_CASES } from './transportCases';
import { type TransportHarness, TransportWorld } from './transportWorld';

export type { TransportHarness } from './transportWorld';

/** What every transport must do, as tests of this process. What the harness cannot break is skipped, and says so. */
export function transportContract(name: string, createHarness: () => Promise<TransportHarness>): void {
  describe(`the transport contract: ${name}`, () => {
    let world: TransportWorld | null = null;

    afterEach(async () => {
      await world?.close();
      world = null;
    });

    for (const { id, title, needs, run } of TRANSPORT_CASES) {
      it(`${id} ${title}`, { timeout: 60_000 }, async (context) => {
        world = new TransportWorld(await createHarness());
        if (needs && !world.harness[needs]) context.skip(`this conference has no way to ${needs}`);
        await run(world);
      });
    }
  });
}

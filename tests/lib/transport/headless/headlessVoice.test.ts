import { afterEach, describe, expect, it } from 'vitest';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { HeadlessWorld } from './headlessWorld';
import { encodeTone, readOpus, wrapOpus } from './madeVoice';

const SOON = { timeout: 10_000, interval: 50 };

let world: HeadlessWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const tone = async (): Promise<OpusSource> => readOpus(await wrapOpus(encodeTone(0.4), 'ogg'));

describe.each(['websocket', 'datachannel'] as const)(
  'voices among headless participants, with a %s',
  (bridgeChannel) => {
    it('headless voices reach every other participant without loss, also later ones', async () => {
      world = await HeadlessWorld.start({ media: LOOPBACK_MEDIA, bridgeChannel });
      const hub = world.hub.hub;
      const [ann, bob] = await world.live(['ann', 'bob'], { media: 'voice' });
      ann!.speak(await tone());
      const idOfAnn = () => [...bob!.endpoints.values()].find(({ personId }) => personId === 'ann')?.endpointId ?? '';
      const heardBy = (transport: typeof ann) => transport!.voiceStats().get(idOfAnn());
      await expect.poll(() => heardBy(bob)?.packets ?? 0, SOON).toBeGreaterThan(50);
      const [cy] = await world.live(['cy'], { media: 'voice' });
      await expect.poll(() => heardBy(cy)?.packets ?? 0, SOON).toBeGreaterThan(50);
      ann!.speak(null);
      for (const transport of [bob, cy]) expect(heardBy(transport)).toMatchObject({ lost: 0, levelDbov: -30 });
      expect(ann!.voiceStats().size).toBe(0);
      expect(ann!.channelKind).toBe(bridgeChannel);
      expect(hub.stats().media?.connected).toBe(3);
    });

    it('headless voices are received again after a server restart', async () => {
      world = await HeadlessWorld.start({ media: LOOPBACK_MEDIA, bridgeChannel });
      const [ann, bob] = await world.live(['ann', 'bob'], { media: 'voice' });
      ann!.speak(await tone());
      const packets = () => Math.max(0, ...[...bob!.voiceStats().values()].map((voice) => voice.packets));
      await expect.poll(packets, SOON).toBeGreaterThan(20);
      const ids = new Set(bob!.voiceStats().keys());
      await world.restartServer();
      const fresh = () => [...bob!.voiceStats()].filter(([id]) => !ids.has(id)).map(([, voice]) => voice.packets);
      await expect.poll(() => Math.max(0, ...fresh()), SOON).toBeGreaterThan(20);
    });
  },
);

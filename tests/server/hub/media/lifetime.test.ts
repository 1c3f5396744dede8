import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { MediaError, type MediaLink, type TransportParameters } from '@/server/hub/media/mediaContract';
import { createNullMediaLink } from '@/server/hub/media/mediaLink';
import { MediaRouter } from '@/server/hub/media/mediaRouter';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { ManualClock } from '@/tests/support/manualClock';

function scene() {
  const clock = new ManualClock(1_000);
  const router = new MediaRouter({ settings: LOOPBACK_MEDIA, clock, log: silentLog });
  const open = () =>
    router.open({
      conferenceId: 'c',
      endpointId: 'a',
      maySend: true,
      onChannel: () => {
        throw new Error('no channel was expected');
      },
    });
  return { clock, router, open };
}

/** Whether the hub has freed the port, so that a router with only that port gets it. */
async function isFreed({ local }: MediaLink): Promise<boolean> {
  const { port } = local.candidates[0]!;
  const settings = { addresses: ['127.0.0.1'], ports: [port, port] as const, announcedAddresses: null };
  const router = new MediaRouter({ settings, clock: new ManualClock(), log: silentLog });
  try {
    await router.open({
      conferenceId: 'c',
      endpointId: 'a',
      maySend: true,
      onChannel: () => ({ onFrame() {}, onClose() {} }),
    });
    return true;
  } catch (error) {
    if (error instanceof MediaError && error.reason === 'noFreePort') return false;
    throw error;
  } finally {
    await router.close();
  }
}

const answer: TransportParameters = { ...createNullMediaLink().local, setup: 'active' };

describe('lifetime of a connection', () => {
  it('H-63 a connection that is not up 15 s after the answer ends', async () => {
    const { clock, router, open } = scene();
    const link = await open();
    link.setRemote(answer);
    clock.advance(14_900);
    router.sweep();
    expect(await isFreed(link)).toBe(false);
    clock.advance(200);
    router.sweep();
    expect(await isFreed(link)).toBe(true);
    await router.close();
  });

  it('H-63 a connection that is not answered within 45 s ends', async () => {
    const { clock, router, open } = scene();
    const link = await open();
    clock.advance(44_900);
    router.sweep();
    expect(await isFreed(link)).toBe(false);
    clock.advance(200);
    router.sweep();
    expect(await isFreed(link)).toBe(true);
    await router.close();
  });

  it('H-61 closing the router frees every port', async () => {
    const { router, open } = scene();
    const links = [await open(), await open()];
    await router.close();
    expect(await Promise.all(links.map(isFreed))).toEqual([true, true]);
  });

  it('H-76 the link of data-only mode has credentials, no candidates, and ignores everything', () => {
    const [link, other] = [createNullMediaLink(), createNullMediaLink()];
    expect(link.local.candidates).toEqual([]);
    expect(link.local.fingerprint.value).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(link.local.password).not.toBe(other.local.password);
    link.setRemote(answer);
    link.setSources([{ ssrc: 1, kind: 'audio' }]);
    link.close();
    link.close();
  });
});

import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import type { TransportParameters } from '@/server/hub/media/mediaContract';
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
      personId: 'ann',
      endpointId: 'a',
      maySend: true,
      onChannel: () => {
        throw new Error('no channel was expected');
      },
    });
  return { clock, router, open };
}

const answer: TransportParameters = { ...createNullMediaLink().local, setup: 'active' };

describe('lifetime of a connection', () => {
  it('H-63 a connection that is not up 60 s after the answer ends', async () => {
    const { clock, router, open } = scene();
    const link = await open();
    link.setRemote(answer);
    clock.advance(59_900);
    router.sweep();
    expect(router.stats().open).toBe(1);
    clock.advance(200);
    router.sweep();
    expect(router.stats().open).toBe(0);
    await router.close();
  });

  it('H-63 a connection that is not answered within 45 s ends', async () => {
    const { clock, router, open } = scene();
    await open();
    clock.advance(44_900);
    router.sweep();
    expect(router.stats().open).toBe(1);
    clock.advance(200);
    router.sweep();
    expect(router.stats().open).toBe(0);
    await router.close();
  });

  it('H-89 an endpoint with something to send is said not to be reached if its connection never comes up', async () => {
    const { clock, router, open } = scene();
    const told: unknown[] = [];
    router.events.on('reach', (change) => told.push(change));
    const link = await open();
    link.setRemote(answer);
    link.setSources([{ ssrc: 1, kind: 'audio' }]);
    clock.advance(15_100);
    router.sweep();
    expect(told).toEqual([{ conferenceId: 'c', endpointId: 'a', isReached: false }]);
    const quiet = await open();
    quiet.setRemote(answer);
    clock.advance(15_100);
    router.sweep();
    expect(told).toHaveLength(1);
    quiet.setSources([{ ssrc: 2, kind: 'audio' }]);
    expect(told).toHaveLength(2);
    quiet.close();
    quiet.setSources([{ ssrc: 2, kind: 'audio' }]);
    expect(told).toHaveLength(2);
    await router.close();
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

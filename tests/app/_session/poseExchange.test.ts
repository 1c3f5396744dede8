import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PoseExchange } from '@/app/_session/poseExchange';
import { createIdleSource } from '@/lib/motion/idleSource';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference } from '@/lib/transport/loopback';

describe('pose exchange', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function packetsInASecond(starts: number): Promise<number> {
    const conference = new LoopbackConference();
    const [mine, theirs] = [conference.createEndpoint('me'), conference.createEndpoint('them')];
    await Promise.all([mine.connect(), theirs.connect()]);
    let packets = 0;
    theirs.events.on('packet', () => {
      packets += 1;
    });
    const exchange = new PoseExchange(mine);
    const source = createIdleSource(1);
    for (let start = 0; start < starts; start += 1) exchange.startSending('me', source);
    for (let ms = 0; ms < 1000; ms += 10) {
      await vi.advanceTimersByTimeAsync(10);
      conference.deliverDue();
    }
    exchange.close();
    return packets;
  }

  it("sends at the tier's rate", async () => {
    expect(Math.abs((await packetsInASecond(1)) - TIERS.high.fps)).toBeLessThanOrEqual(2);
  });

  it('goes on with the one sender where a transport that came back begins it again', async () => {
    expect(Math.abs((await packetsInASecond(2)) - TIERS.high.fps)).toBeLessThanOrEqual(2);
  });
});

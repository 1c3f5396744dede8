import { describe, expect, it } from 'vitest';
import type { PoseEncoder } from '@/lib/codec/codec';
import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { ManualClock } from '@/lib/core/clock';
import { PoseSender } from '@/lib/meeting/sender';
import type { MotionSource } from '@/lib/motion/motionSource';
import { HIPS_OFFSET, PosePart } from '@/lib/pose/pose';
import { TIERS } from '@/lib/quality/tiers';
import { LoopbackConference, type LoopbackTransport } from '@/lib/transport/loopback';
import type { SendOutcome, Transport } from '@/lib/transport/transport';

/** The hips rise by a metre a second from the source's beginning. */
const rising: MotionSource = {
  sample: (timeMs, out) => {
    out.values[HIPS_OFFSET + 1] = timeMs / 1000;
    out.parts = PosePart.hips;
    return out;
  },
};

/** The encoder itself, watched. */
class WatchedEncoder extends SimpleEncoder {
  encoded = 0;
  keyframes = 0;

  override encode(...args: Parameters<PoseEncoder['encode']>): number {
    this.encoded += 1;
    return super.encode(...args);
  }

  override requestKeyframe(): void {
    this.keyframes += 1;
  }
}

/** Sends two frames in one packet, as a batching codec does. */
class BatchingEncoder extends WatchedEncoder {
  override encode(...args: Parameters<PoseEncoder['encode']>): number {
    const size = super.encode(...args);
    return this.encoded % 2 === 0 ? size : 0;
  }
}

interface Stage {
  clock: ManualClock;
  encoder: WatchedEncoder;
  sender: PoseSender;
  transport: LoopbackTransport;
  heard: Uint8Array[];
}

async function stage(encoder = new WatchedEncoder()): Promise<Stage> {
  const clock = new ManualClock(10_000.4);
  const conference = new LoopbackConference();
  const transport = conference.createEndpoint('ann');
  const listener = conference.createEndpoint('bob');
  await listener.connect();
  const heard: Uint8Array[] = [];
  listener.events.on('packet', ({ bytes }) => heard.push(bytes));
  const sender = new PoseSender({ source: rising, encoder, transport, tier: TIERS.medium, clock });
  return { clock, encoder, sender, transport, heard };
}

/** A transport whose outcomes are given, one after the other; the last stays. */
function answering(transport: Transport, outcomes: SendOutcome[]): Transport {
  return {
    events: transport.events,
    endpoints: transport.endpoints,
    state: 'live',
    hidden: transport.hidden,
    connect: () => transport.connect(),
    setHidden: (isHidden) => transport.setHidden(isHidden),
    wake: () => transport.wake(),
    disconnect: () => transport.disconnect(),
    broadcast: () => (outcomes.length > 1 ? outcomes.shift()! : outcomes[0]!),
  };
}

describe('the pose sender', () => {
  it('sends the pose of the moment under the time of the moment', async () => {
    const { clock, sender, transport, heard } = await stage();
    await transport.connect();
    clock.advance(1500);
    expect(sender.tick()).toBe('sent');
    const frames: Array<{ timeMs: number; height: number }> = [];
    new SimpleDecoder().decode(heard[0]!, (pose, timeMs) =>
      frames.push({ timeMs, height: pose.values[HIPS_OFFSET + 1]! }),
    );
    expect(frames).toEqual([{ timeMs: 11_500, height: expect.closeTo(1.5, 2) }]);
    expect(sender.stats).toEqual({ posesSent: 1, bytesSent: heard[0]!.length, skipped: 0 });
  });

  it('skips before encoding while the transport is not live', async () => {
    const { encoder, sender, transport } = await stage();
    expect(sender.tick()).toBe('skipped');
    await transport.connect();
    expect(sender.tick()).toBe('sent');
    await transport.disconnect();
    expect(sender.tick()).toBe('skipped');
    expect(encoder.encoded).toBe(1);
    expect(sender.stats).toMatchObject({ posesSent: 1, skipped: 2 });
  });

  it('leaves out more and more ticks while the way is full, and sends again as soon as it is not', async () => {
    const { clock, encoder, transport } = await stage();
    const full = answering(transport, ['backlogged', 'backlogged', 'backlogged', 'sent']);
    const sender = new PoseSender({ source: rising, encoder, transport: full, tier: TIERS.high, clock });
    const encodedAt: number[] = [];
    for (let tick = 0; tick < 14; tick += 1) {
      const before = encoder.encoded;
      sender.tick();
      if (encoder.encoded > before) encodedAt.push(tick);
    }
    expect(encodedAt).toEqual([0, 2, 5, 10, 11, 12, 13]);
    expect(encoder.keyframes).toBe(3);
    expect(sender.stats).toMatchObject({ posesSent: 4, skipped: 10 });
  });

  it('never waits longer than 16 ticks', async () => {
    const { clock, encoder, transport } = await stage();
    const full = answering(transport, ['backlogged']);
    const sender = new PoseSender({ source: rising, encoder, transport: full, tier: TIERS.high, clock });
    for (let tick = 0; tick < 1000; tick += 1) sender.tick();
    expect(encoder.encoded).toBeGreaterThan(1000 / 18);
    expect(encoder.encoded).toBeLessThan(1000 / 15);
    expect(sender.stats.posesSent).toBe(0);
  });

  it('counts frames, not packets, of a codec that batches', async () => {
    const { sender, transport, heard } = await stage(new BatchingEncoder());
    await transport.connect();
    expect([sender.tick(), sender.tick(), sender.tick()]).toEqual(['pending', 'sent', 'pending']);
    expect(sender.stats.posesSent).toBe(2);
    expect(heard).toHaveLength(1);
  });

  it('gives the encoder the compression of the tier', async () => {
    const { encoder, sender } = await stage();
    expect(encoder.compression).toBe(TIERS.medium.compression);
    sender.setTier(TIERS.low);
    expect(encoder.compression).toBe(TIERS.low.compression);
    expect(sender.tier).toBe(TIERS.low);
  });

  it('starts another source from its beginning', async () => {
    const { clock, sender, transport, heard } = await stage();
    await transport.connect();
    clock.advance(5000);
    sender.setSource(rising);
    expect(sender.sourceStartMs).toBe(15_000.4);
    clock.advance(100);
    sender.tick();
    new SimpleDecoder().decode(heard[0]!, (pose) => expect(pose.values[HIPS_OFFSET + 1]).toBeCloseTo(0.1, 2));
    expect.assertions(2);
  });
});

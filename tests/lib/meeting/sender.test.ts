import { describe, expect, it } from 'vitest';
import type { PoseEncoder } from '@/lib/codec/codec';
import { PoseSender, type SendingQuality } from '@/lib/meeting/sender';
import type { MotionSource } from '@/lib/motion/motionSource';
import { HIPS_OFFSET, PosePart } from '@/lib/pose/pose';
import { messageBytes } from '@/lib/quality/budget';
import { TIERS } from '@/lib/quality/tiers';
import type { SendOutcome, Transport } from '@/lib/transport/transport';
import { LoopbackConference, type LoopbackTransport } from '@/tests/support/loopback';
import { ManualClock } from '@/tests/support/manualClock';
import { DELTA_CODEC, isKeyframe } from './deltaCodec';

/** The hips rise by one metre per second from the start of the source. */
const rising: MotionSource = {
  sample: (timeMs, out) => {
    out.values[HIPS_OFFSET + 1] = timeMs / 1000;
    out.parts = PosePart.hips;
    return out;
  },
};

/** Records the calls of an encoder. */
class WatchedEncoder implements PoseEncoder {
  encoded = 0;
  keyframes = 0;
  private readonly encoder = DELTA_CODEC.createEncoder();

  get compression(): number {
    return this.encoder.compression;
  }

  set compression(compression: number) {
    this.encoder.compression = compression;
  }

  get framesPerPacket(): number {
    return this.encoder.framesPerPacket;
  }

  set framesPerPacket(framesPerPacket: number) {
    this.encoder.framesPerPacket = framesPerPacket;
  }

  get packet(): Uint8Array {
    return this.encoder.packet;
  }

  encode(...args: Parameters<PoseEncoder['encode']>): number {
    this.encoded += 1;
    return this.encoder.encode(...args);
  }

  requestKeyframe(): void {
    this.keyframes += 1;
    this.encoder.requestKeyframe();
  }
}

const MEDIUM: SendingQuality = { tier: TIERS.medium, framesPerPacket: 1 };
const HIGH: SendingQuality = { tier: TIERS.high, framesPerPacket: 1 };

interface Stage {
  clock: ManualClock;
  encoder: WatchedEncoder;
  sender: PoseSender;
  transport: LoopbackTransport;
  heard: Uint8Array[];
}

async function stage(quality = MEDIUM): Promise<Stage> {
  const encoder = new WatchedEncoder();
  const clock = new ManualClock(10_000.4);
  const conference = new LoopbackConference();
  const transport = conference.createEndpoint('ann');
  const listener = conference.createEndpoint('bob');
  await listener.connect();
  const heard: Uint8Array[] = [];
  listener.events.on('packet', ({ bytes }) => heard.push(bytes));
  const sender = new PoseSender({ source: rising, encoder, transport, quality, clock });
  return { clock, encoder, sender, transport, heard };
}

/** A transport with given outcomes, in order; the last one repeats. */
function answering(transport: Transport, outcomes: SendOutcome[]): Transport {
  return {
    events: transport.events,
    endpoints: transport.endpoints,
    state: 'live',
    hidden: transport.hidden,
    unheard: transport.unheard,
    mediaPath: transport.mediaPath,
    connect: () => transport.connect(),
    setHidden: (isHidden) => transport.setHidden(isHidden),
    wake: () => transport.wake(),
    disconnect: () => transport.disconnect(),
    endpointId: transport.endpointId,
    isChannelOpen: true,
    backlogBytes: null,
    downlinkBps: null,
    trouble: 'none',
    sendTo: () => 'notOpen',
    broadcast: () => (outcomes.length > 1 ? outcomes.shift()! : outcomes[0]!),
  };
}

describe('the pose sender', () => {
  it('a sender sends the current pose with the current time', async () => {
    const { clock, sender, transport, heard } = await stage();
    await transport.connect();
    clock.advance(1500);
    expect(sender.tick()).toBe('sent');
    const frames: Array<{ timeMs: number; height: number }> = [];
    DELTA_CODEC.createDecoder().decode(heard[0]!, (pose, timeMs) =>
      frames.push({ timeMs, height: pose.values[HIPS_OFFSET + 1]! }),
    );
    expect(frames).toEqual([{ timeMs: 11_500, height: expect.closeTo(1.5, 2) }]);
    expect(sender.stats).toEqual({ posesSent: 1, bytesSent: heard[0]!.length, skipped: 0, keyframes: 1 });
  });

  it('M-16 a sender skips frames before encoding while the channel is not open', async () => {
    const { encoder, sender, transport } = await stage();
    expect(sender.tick()).toBe('skipped');
    await transport.connect();
    expect(sender.tick()).toBe('sent');
    transport.setChannelOpen(false);
    expect(sender.tick()).toBe('skipped');
    await transport.disconnect();
    expect(sender.tick()).toBe('skipped');
    expect(encoder.encoded).toBe(1);
    expect(sender.stats).toMatchObject({ posesSent: 1, skipped: 3 });
  });

  it('M-16 a sender skips frames before encoding while too much waits in the channel, and resumes as soon as it does not', async () => {
    const { clock, encoder, transport } = await stage();
    const full = { ...answering(transport, ['sent']), backlogBytes: 2049 };
    const sender = new PoseSender({ source: rising, encoder, transport: full, quality: HIGH, clock });
    expect([sender.tick(), sender.tick(), encoder.encoded]).toEqual(['skipped', 'skipped', 0]);
    full.backlogBytes = 2048;
    expect([sender.tick(), encoder.encoded]).toEqual(['sent', 1]);
  });

  it('M-16 a sender skips more and more ticks while the channel is full, and sends again as soon as it is not', async () => {
    const { clock, encoder, transport } = await stage();
    const full = answering(transport, ['backlogged', 'backlogged', 'backlogged', 'sent']);
    const sender = new PoseSender({ source: rising, encoder, transport: full, quality: HIGH, clock });
    const encodedAt: number[] = [];
    for (let tick = 0; tick < 14; tick += 1) {
      const before = encoder.encoded;
      sender.tick();
      if (encoder.encoded > before) encodedAt.push(tick);
    }
    expect(encodedAt).toEqual([0, 2, 5, 10, 11, 12, 13]);
    // The first, and one after each packet that could not be sent.
    expect(encoder.keyframes).toBe(4);
    expect(sender.stats).toMatchObject({ posesSent: 4, skipped: 10, keyframes: 1 });
  });

  it('M-15 the frame after one that could not be sent is a keyframe, and no other', async () => {
    const { clock, encoder, transport } = await stage();
    const outcomes: SendOutcome[] = ['sent', 'sent', 'notOpen', 'sent', 'sent'];
    const packets: boolean[] = [];
    const closing = answering(transport, outcomes);
    const broadcast = closing.broadcast.bind(closing);
    closing.broadcast = (bytes, sizeBytes) => {
      packets.push(isKeyframe(bytes));
      return broadcast(bytes, sizeBytes);
    };
    const sender = new PoseSender({ source: rising, encoder, transport: closing, quality: HIGH, clock });
    for (let tick = 0; tick < 5; tick += 1) sender.tick();
    expect(packets).toEqual([true, false, false, true, false]);
    expect(sender.stats).toMatchObject({ posesSent: 4, skipped: 1, keyframes: 2 });
  });

  it('M-16 a sender never pauses for more than 16 ticks', async () => {
    const { clock, encoder, transport } = await stage();
    const full = answering(transport, ['backlogged']);
    const sender = new PoseSender({ source: rising, encoder, transport: full, quality: HIGH, clock });
    for (let tick = 0; tick < 1000; tick += 1) sender.tick();
    expect(encoder.encoded).toBeGreaterThan(1000 / 18);
    expect(encoder.encoded).toBeLessThan(1000 / 15);
    expect(sender.stats.posesSent).toBe(0);
  });

  it('a sender counts frames, not packets, when a packet holds several', async () => {
    const { sender, transport, heard } = await stage({ tier: TIERS.medium, framesPerPacket: 3 });
    await transport.connect();
    const outcomes = Array.from({ length: 5 }, () => sender.tick());
    expect(outcomes).toEqual(['sent', 'pending', 'pending', 'sent', 'pending']);
    expect(sender.stats).toMatchObject({ posesSent: 4, skipped: 0 });
    expect(heard).toHaveLength(2);
  });

  it('M-12 frames that a keyframe overtakes count as skipped', async () => {
    const { sender, transport, heard } = await stage({ tier: TIERS.medium, framesPerPacket: 3 });
    await transport.connect();
    sender.tick();
    expect([sender.tick(), sender.tick()]).toEqual(['pending', 'pending']);
    sender.keyframes.joined('bob');
    expect(sender.tick()).toBe('sent');
    expect(heard.map(isKeyframe)).toEqual([true, true]);
    expect(sender.stats).toMatchObject({ posesSent: 2, skipped: 2, keyframes: 2 });
  });

  it('a sender gives the encoder compression and frames per packet', async () => {
    const { encoder, sender } = await stage();
    expect([encoder.compression, encoder.framesPerPacket]).toEqual([TIERS.medium.compression, 1]);
    sender.setQuality({ tier: TIERS.low, framesPerPacket: 2 });
    expect([encoder.compression, encoder.framesPerPacket]).toEqual([TIERS.low.compression, 2]);
    expect([sender.tier, sender.framesPerPacket]).toEqual([TIERS.low, 2]);
  });

  it('a sender measures what its packets take on the wire at one receiver', async () => {
    const { clock, sender, transport, heard } = await stage();
    await transport.connect();
    for (let tick = 0; tick < 100; tick += 1) {
      sender.tick();
      clock.advance(50);
    }
    expect(sender.wireBps).toBeCloseTo(20 * 8 * messageBytes(heard.at(-1)!.length), -3);
  });

  it('a sender starts a new source from its beginning', async () => {
    const { clock, sender, transport, heard } = await stage();
    await transport.connect();
    clock.advance(5000);
    sender.setSource(rising);
    expect(sender.sourceStartMs).toBe(15_000.4);
    clock.advance(100);
    sender.tick();
    DELTA_CODEC.createDecoder().decode(heard[0]!, (pose) => expect(pose.values[HIPS_OFFSET + 1]).toBeCloseTo(0.1, 2));
    expect.assertions(2);
  });
});

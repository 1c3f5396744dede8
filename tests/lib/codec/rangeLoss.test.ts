import { describe, expect, it } from 'vitest';
import { isKeyframe, SEQUENCES } from '@/lib/codec/packetHeader';
import { createPose } from '@/lib/pose/pose';
import { CodecSession, calmPoses, placesOf } from './session';

/** A long stream of packets, with a keyframe requested before each frame of `keyframesAt`. */
function stream(frames: number, keyframesAt: readonly number[] = [], gapMs = 33): Uint8Array[] {
  const session = new CodecSession();
  session.encoder.framesPerPacket = 1;
  const poses = calmPoses(Math.min(frames, 90));
  return Array.from({ length: frames }, (_, frame) => {
    if (keyframesAt.includes(frame)) session.encoder.requestKeyframe();
    return session.encode(poses[frame % poses.length]!, frame * gapMs)!;
  });
}

describe('losses', () => {
  it('C-4: after a gap nothing is decoded before a keyframe, and missing packets are counted', () => {
    const packets = stream(12, [8]);
    const { decoder } = new CodecSession();
    const answers = packets.map((packet, index) => {
      if (index === 3 || index === 4) return 'left out';
      const failure = decoder.decode(packet, () => {});
      return failure ?? (decoder.awaitsKeyframe ? 'awaits' : 'decoded');
    });
    expect(answers).toEqual([
      ...Array(3).fill('decoded'),
      ...Array(2).fill('left out'),
      ...Array(3).fill('awaitingKeyframe'),
      ...Array(4).fill('decoded'),
    ]);
    expect(decoder.lost).toBe(2);
  });

  it('C-4: a decoder awaits a keyframe at the start and after a gap', () => {
    const packets = stream(6);
    const { decoder } = new CodecSession();
    expect(decoder.awaitsKeyframe).toBe(true);
    expect(decoder.decode(packets[1]!, () => {})).toBe('awaitingKeyframe');
    decoder.decode(packets[0]!, () => {});
    expect(decoder.awaitsKeyframe).toBe(false);
    decoder.decode(packets[3]!, () => {});
    expect(decoder.awaitsKeyframe).toBe(true);
  });

  it('C-4: old packets, keyframes included, are dropped without harm', () => {
    const packets = stream(12, [5]);
    const { decoder } = new CodecSession();
    for (const packet of packets.slice(0, 8)) expect(decoder.decode(packet, () => {})).toBeNull();
    for (const old of [7, 6, 5, 0, 3]) expect(decoder.decode(packets[old]!, () => {})).toBe('stale');
    for (const packet of packets.slice(8)) expect(decoder.decode(packet, () => {})).toBeNull();
    expect(decoder.lost).toBe(0);
  });

  it('C-4: decoding continues over the wrap of the sequence', () => {
    const { decoder } = new CodecSession();
    for (const packet of stream(SEQUENCES + 300)) expect(decoder.decode(packet, () => {})).toBeNull();
    expect(decoder.lost).toBe(0);
  });

  it.each([1, 63, 64, 65, 500, 959, 960, 1000, 1021])(
    'C-4: a decoder notices that %i packets are missing',
    (missing) => {
      const packets = stream(20 + missing + 3);
      const { decoder } = new CodecSession();
      for (const packet of packets.slice(0, 20)) decoder.decode(packet, () => {});
      const next = packets.slice(20 + missing).filter((packet) => !isKeyframe(packet));
      for (const packet of next) expect(decoder.decode(packet, () => {})).not.toBeNull();
      expect(next.length).toBeGreaterThan(0);
    },
  );

  it('C-4, C-26: the running hash shows that a whole round of the sequence is missing', () => {
    const packets = stream(20 + SEQUENCES * 2);
    let unnoticed = 0;
    let tried = 0;
    for (let heard = 1; heard < 60; heard += 1) {
      const packet = packets[heard + SEQUENCES]!;
      if (isKeyframe(packet)) continue;
      const { decoder } = new CodecSession();
      for (const sound of packets.slice(0, heard)) decoder.decode(sound, () => {});
      tried += 1;
      if (decoder.decode(packet, () => {}) === null) unnoticed += 1;
    }
    // With four bits of the hash, one gap in sixteen goes unnoticed for a packet.
    expect(unnoticed / tried).toBeLessThan(0.25);
  });

  it('C-4: after any absence decoding resumes with the next keyframe', () => {
    for (const missing of [50, 480, 990, 1023]) {
      const packets = stream(missing + 200, [missing + 40]);
      const { decoder } = new CodecSession();
      for (const packet of packets.slice(0, 10)) decoder.decode(packet, () => {});
      const after = packets.slice(10 + missing);
      const first = after.findIndex(isKeyframe);
      const answers = after.map((packet) => decoder.decode(packet, () => {}));
      expect(answers.slice(first).every((failure) => failure === null)).toBe(true);
    }
  });

  it('C-26: a packet damaged after its header is dropped, and then everything up to a keyframe', () => {
    const packets = stream(30, [20]);
    let accepted = 0;
    for (let at = 1; at < 15; at += 1) {
      const session = new CodecSession();
      for (const packet of packets.slice(0, at)) session.decode(packet);
      const damaged = packets[at]!.slice();
      damaged[2 + (at % Math.max(1, damaged.length - 2))]! ^= 0x40;
      if (session.decode(damaged) === null) {
        accepted += 1;
        continue;
      }
      const frames = session.frames.length;
      expect(session.decoder.awaitsKeyframe).toBe(true);
      expect(session.decode(packets[at + 1]!)).toBe('awaitingKeyframe');
      expect(session.frames).toHaveLength(frames);
      for (const packet of packets.slice(20)) expect(session.decode(packet)).toBeNull();
    }
    expect(accepted).toBeLessThan(5);
  });

  it('C-14: encoder and decoder hold the same lattice after every packet', () => {
    for (const framesPerPacket of [1, 2, 3]) {
      const session = new CodecSession();
      session.encoder.framesPerPacket = framesPerPacket;
      calmPoses(400, framesPerPacket).forEach((pose, frame) => {
        if (frame % 90 === 50) session.encoder.compression = (frame / 10) % 10;
        if (frame % 70 === 30) pose.parts &= 0b1010111;
        const packet = session.encode(pose, frame * 33 + (frame % 5));
        if (!packet) return;
        expect(session.decode(packet)).toBeNull();
        expect(placesOf(session.decoder.stream.lattice)).toEqual(placesOf(session.encoder.stream.lattice));
      });
    }
  });

  it('C-1, C-3: an empty packet, one of a single byte and one of another version are refused', () => {
    const { decoder } = new CodecSession();
    const answer = (...bytes: number[]) => decoder.decode(Uint8Array.from(bytes), () => {});
    expect(answer()).toBe('truncated');
    expect(answer(0x40)).toBe('truncated');
    expect(answer(0x50, 0, 0, 0, 0, 0, 127)).toBe('truncated');
    expect(answer(0x20, 0)).toBe('unknownVersion');
    expect(answer(0x60, 0)).toBe('unknownVersion');
    expect(answer(0x50, 0, 0, 0, 0, 0, 128, 3)).toBe('malformed');
    expect(answer(0x50, 0, 0, 0, 0, 0, 127, 10)).toBe('malformed');
    expect(answer(0x54, 0, 0, 0, 0, 0, 127, 3)).toBe('malformed');
    expect(answer(0x4c, 0, 0)).toBe('malformed');
    expect(decoder.decode(new Uint8Array(1025), () => {})).toBe('tooLarge');
    expect(decoder.decode(new CodecSession().encode(createPose(), 0)!, () => {})).toBeNull();
  });
});

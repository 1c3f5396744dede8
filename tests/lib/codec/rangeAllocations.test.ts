import { describe, expect, it } from 'vitest';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { expectBytesPerCallBelow } from '../allocations';
import { calmPoses, packetsOf } from './session';

const CALLS = 2000;

// In a file of its own: what other tests call the code with decides which numbers the engine boxes.
describe('in steady state', () => {
  const poses = calmPoses(64);

  it('encoding makes no object a frame', () => {
    const encoder = new RangePoseEncoder();
    let frame = 0;
    const encodeNext = () => {
      encoder.encode(poses[frame % 64]!, frame * 33);
      frame += 1;
    };
    expectBytesPerCallBelow(200, encodeNext, CALLS);
  });

  it('decoding makes no object a packet', () => {
    const long = Array.from({ length: 3600 }, (_, frame) => poses[Math.abs((frame % 126) - 63)]!);
    const packets = packetsOf(new RangePoseEncoder(), long);
    const decoders = Array.from({ length: 50 }, () => new RangePoseDecoder());
    const sink = () => {};
    let calls = 0;
    const decodeNext = () => {
      decoders[Math.floor(calls / packets.length)]!.decode(packets[calls % packets.length]!, sink);
      calls += 1;
    };
    expectBytesPerCallBelow(200, decodeNext, CALLS);
    expect(decoders[0]!.lost).toBe(0);
  });
});

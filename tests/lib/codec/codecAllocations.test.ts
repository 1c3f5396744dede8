import { expect, it } from 'vitest';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { expectBytesPerCall } from '../../support/allocations';
import { calmPoses, packetsOf } from './session';

const poses = calmPoses(64);

it('encoding a frame allocates nothing', () => {
  const encoder = new RangePoseEncoder();
  expectBytesPerCall(0, (frame) => encoder.encode(poses[frame % 64]!, frame * 33));
});

it('decoding a packet allocates nothing', () => {
  const long = Array.from({ length: 3600 }, (_, frame) => poses[Math.abs((frame % 126) - 63)]!);
  const packets = packetsOf(new RangePoseEncoder(), long);
  const decoders = Array.from({ length: 50 }, () => new RangePoseDecoder());
  const sink = () => {};
  let calls = 0;
  expectBytesPerCall(0, () => {
    decoders[Math.floor(calls / packets.length)]!.decode(packets[calls % packets.length]!, sink);
    calls += 1;
  });
  expect(decoders[0]!.lost).toBe(0);
});

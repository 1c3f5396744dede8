import { expect, it } from 'vitest';
import { BOXED_NUMBER_BYTES, expectBytesPerCall } from '../../support/allocations';
import { makeRecording } from './recordingWorld';

/** Sixteen people, as fast as they may send; a segment ends every 800 calls. */
const PEOPLE = 16;
const people = Array.from({ length: PEOPLE }, (_, k) => `person-${k}`);

/** A writer whose segments go nowhere, and its clock, which runs on over all calls. */
function busyWriter() {
  const { writer } = makeRecording({ onSegment: () => {} });
  let calls = 0;
  return { writer, next: () => Math.floor(calls++ / PEOPLE) };
}

it('R-33: writing a pose packet allocates nothing', () => {
  const { writer, next } = busyWriter();
  const tracks = people.map((person) => writer.trackOf('pose', person, 'e1'));
  const packet = new Uint8Array(60).fill(0x41);
  expectBytesPerCall(0, (index) => {
    const timeMs = next();
    writer.appendPose(tracks[index % PEOPLE]!, timeMs, packet, false);
  });
  expect(writer.drops.full).toBe(0);
});

it('R-34: writing an Opus packet allocates nothing but its timestamp as a number', () => {
  const { writer, next } = busyWriter();
  const tracks = people.map((person) => writer.trackOf('voice', person, 'e1'));
  const packet = new Uint8Array(70).fill(0x78);
  expectBytesPerCall(2 * BOXED_NUMBER_BYTES, (index) => {
    const timeMs = next();
    writer.appendVoice(tracks[index % PEOPLE]!, timeMs, packet, timeMs & 0xffff, (timeMs * 960) % 2 ** 32, false);
  });
  expect(writer.drops.full).toBe(0);
});

it('R-35: writing a fragment of a screen allocates nothing but its timestamp as a number', () => {
  const { writer, next } = busyWriter();
  const tracks = people.map((person) => writer.trackOf('screen', person, 'e1'));
  const fragment = new Uint8Array(120).fill(0x9d);
  const place = { isFirst: true, isLast: true, isKeyframe: false };
  expectBytesPerCall(2 * BOXED_NUMBER_BYTES, (index) => {
    const timeMs = next();
    writer.appendFragment(tracks[index % PEOPLE]!, timeMs, fragment, timeMs & 0xffff, timeMs * 90, place);
  });
  expect(writer.drops.full).toBe(0);
});

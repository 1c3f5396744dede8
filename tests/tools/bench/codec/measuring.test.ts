import { describe, expect, it } from 'vitest';
import { BODY_BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  copyPose,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { quatFromAxisAngle } from '@/lib/pose/quat';
import type { BenchClip } from '@/tools/bench/codec/benchClip';
import { figuresAtError } from '@/tools/bench/codec/codecResults';
import type { CodecSession, CodecUnderTest } from '@/tools/bench/codec/codecUnderTest';
import { ErrorMeter, type ErrorSummary } from '@/tools/bench/codec/errorMeter';
import {
  dataChannelWireBytes,
  endpointMessage,
  measureRate,
  type RateMeasurement,
  webSocketWireBytes,
} from '@/tools/bench/codec/measureRate';

const DEGREES = Math.PI / 180;
const ALL_MOVING = Array.from({ length: BODY_BONE_COUNT }, () => true);

function whole() {
  const pose = createPose();
  pose.parts = ALL_PARTS;
  return pose;
}

const turned = (bone: number, degrees: number) => {
  const pose = whole();
  quatFromAxisAngle(0, 0, 1, degrees * DEGREES, pose.values, ROTATIONS_OFFSET + bone * 4);
  return pose;
};

function errorsOf(to: ReturnType<typeof whole>, isMoving = ALL_MOVING): ErrorSummary {
  const meter = new ErrorMeter();
  meter.add(whole(), to, isMoving);
  return meter.summary();
}

describe('errors', () => {
  it('rotation errors are the mean angle over the bones', () => {
    const errors = errorsOf(turned(BONE_INDEX.head, 11));
    expect(errors.bodyDeg).toBeCloseTo(11 / 22, 4);
    expect(errors.bodyMaxDeg).toBeCloseTo(11, 3);
    expect(errors.allDeg).toBeCloseTo(11 / 52, 4);
    expect(errors.fingersDeg).toBe(0);
    expect(errorsOf(turned(BONE_INDEX.leftIndexProximal, 3)).fingersDeg).toBeCloseTo(3 / 30, 4);
  });

  it('errors over moving bones leave out those that stand still', () => {
    const isMoving = ALL_MOVING.map((_, bone) => bone === BONE_INDEX.head);
    expect(errorsOf(turned(BONE_INDEX.head, 2), isMoving).movingDeg).toBeCloseTo(2, 3);
  });

  it('position errors are millimetres of joints, crown and fingertips', () => {
    // An upper arm turned by a degree moves the joints after it: elbow 270 mm away, wrist 520, fingertip 672.
    const errors = errorsOf(turned(BONE_INDEX.leftUpperArm, 1));
    const chord = 2 * Math.sin(0.5 * DEGREES);
    expect(errors.bodyMm).toBeCloseTo((chord * (270 + 520 + 672)) / 25, 2);
    expect(errors.tipsMm).toBeCloseTo((chord * 672) / 2, 2);
    const moved = whole();
    moved.values[HIPS_OFFSET] = 0.004;
    expect(errorsOf(moved).bodyMm).toBeCloseTo(4, 3);
    expect(errorsOf(turned(BONE_INDEX.head, 1)).bodyMm).toBeCloseTo((chord * 200) / 25, 2);
  });

  it('face and gaze have errors of their own', () => {
    const pose = whole();
    pose.values[FACE_OFFSET + 3] = 0.52;
    pose.values[GAZE_OFFSET] = 3 * DEGREES;
    pose.values[GAZE_OFFSET + 1] = 4 * DEGREES;
    expect(errorsOf(pose)).toMatchObject({
      faceWeight: expect.closeTo(0.01, 6),
      gazeDeg: expect.closeTo(5, 4),
      allDeg: 0,
    });
  });

  it('the error meter refuses NaN', () => {
    const pose = whole();
    pose.values[FACE_OFFSET] = Number.NaN;
    expect(() => errorsOf(pose)).toThrow(/finite/);
  });
});

/** A codec with packets of a fixed size that returns what it was given, except for frames that `lose` drops. */
function fakeCodec(packetBytes: number, change: Partial<Pick<CodecSession, 'decode'>> = {}): CodecUnderTest {
  return {
    name: 'fake',
    levels: [0],
    isReadable: true,
    open(_level, framesPerPacket) {
      let frames: Array<readonly [ReturnType<typeof whole>, number]> = [];
      return {
        encode(pose, timeMs) {
          if (frames.length === framesPerPacket) frames = [];
          frames.push([copyPose(pose, createPose()), timeMs]);
          return frames.length === framesPerPacket;
        },
        packet: () => new Uint8Array(packetBytes),
        decode: (_packet, sink) => {
          for (const [pose, timeMs] of frames) sink(pose, Math.round(timeMs));
        },
        ...change,
      };
    },
  };
}

const clipOf = (frames: number, fps = 30): BenchClip => ({
  fps,
  poses: Array.from({ length: frames }, whole),
  isMoving: ALL_MOVING,
});

describe('rates', () => {
  it('a rate counts all bytes handed to the transport at 30 frames a second', () => {
    const measured = measureRate(fakeCodec(60), 0, 2, [clipOf(10), clipOf(4)]);
    expect(measured).toMatchObject({ frames: 14, packets: 7, bytesPerFrame: 30, packetMaxBytes: 60 });
    expect(measured.kbps).toBeCloseTo((30 * 30 * 8) / 1000, 9);
    expect(measured.wireKbps).toBeCloseTo((webSocketWireBytes(new Uint8Array(60)) * 15 * 8) / 1000, 9);
  });

  it('a rate leaves out frames of an unfinished last packet', () => {
    expect(measureRate(fakeCodec(60), 0, 3, [clipOf(10)])).toMatchObject({ frames: 9, packets: 3, bytesPerFrame: 20 });
  });

  it('a codec that drops or invents frames has no rate', () => {
    const silent = fakeCodec(1, { decode: () => {} });
    expect(() => measureRate(silent, 0, 1, [clipOf(3)])).toThrow(/left out/);
    const inventive = fakeCodec(1, { decode: (_packet, sink) => sink(whole(), 10_000) });
    expect(() => measureRate(inventive, 0, 1, [clipOf(3)])).toThrow(/never sent/);
  });
});

describe('the wire', () => {
  it('wire bytes count an endpoint message as the bridge writes it', () => {
    expect(JSON.parse(endpointMessage(Uint8Array.of(1, 2, 3)))).toEqual({
      colibriClass: 'EndpointMessage',
      from: 'a1b2c3d4',
      to: '',
      msgPayload: { parley: 'AQID' },
    });
    expect(JSON.parse(endpointMessage('[{"t":1}]')).msgPayload).toEqual({ parley: [{ t: 1 }] });
  });

  it('wire bytes add WebSocket, TLS and TCP/IP headers, and further segments for long messages', () => {
    const empty = endpointMessage(new Uint8Array(0)).length;
    expect(webSocketWireBytes(new Uint8Array(0))).toBe(empty + 2 + 22 + 52);
    expect(webSocketWireBytes(new Uint8Array(60))).toBe(empty + 80 + 4 + 22 + 52);
    expect(webSocketWireBytes(new Uint8Array(1200))).toBe(empty + 1600 + 4 + 22 + 2 * 52);
  });

  it('wire bytes over a data channel add SCTP, DTLS and UDP headers', () => {
    const text = endpointMessage(new Uint8Array(60)).length;
    expect(dataChannelWireBytes(new Uint8Array(60))).toBe(Math.ceil(text / 4) * 4 + 28 + 37 + 28);
  });
});

describe('figures at an error', () => {
  const at = (level: number, allDeg: number, kbps: number): RateMeasurement => ({
    level,
    framesPerPacket: 2,
    frames: 1,
    packets: 1,
    bytesPerFrame: 1,
    kbps,
    wireKbps: 2 * kbps,
    dataChannelKbps: 1,
    packetMaxBytes: 1,
    errors: { ...errorsOf(whole()), allDeg, bodyMm: allDeg * 4 },
  });
  const allDeg = (errors: ErrorSummary) => errors.allDeg;

  it('figures at an error lie on a straight line between two levels on logarithmic axes', () => {
    const figures = figuresAtError([at(0, 0.1, 16), at(1, 0.25, 8), at(2, 1, 2)], allDeg, 0.5);
    expect(figures).toMatchObject({ level: 1.5, isOutside: null });
    expect(figures.kbps).toBeCloseTo(4, 9);
    expect(figures.wireKbps).toBeCloseTo(8, 9);
    expect(figures.bodyMm).toBeCloseTo(2, 9);
    expect(figures.errors.allDeg).toBeCloseTo(0.5, 9);
  });

  it('figures at an error are those of a level that has exactly this error', () => {
    expect(figuresAtError([at(0, 0.1, 16), at(1, 0.5, 8)], allDeg, 0.5)).toMatchObject({ kbps: 8, isOutside: null });
  });

  it('figures at an error outside all levels are those of the nearest and say so', () => {
    expect(figuresAtError([at(0, 0.6, 9), at(1, 0.7, 8)], allDeg, 0.5)).toMatchObject({ kbps: 9, isOutside: 'above' });
    expect(figuresAtError([at(0, 0.1, 9), at(1, 0.2, 8)], allDeg, 0.5)).toMatchObject({ kbps: 8, isOutside: 'below' });
  });
});

import { decode, Encoder } from '@msgpack/msgpack';
import type { FrameSink } from '@/lib/codec/codec';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import {
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { type CodecSession, type CodecUnderTest, PacketBatch } from './codecUnderTest';

interface QuaternionFrame {
  readonly t: number;
  readonly parts: number;
  readonly hips: readonly number[];
  readonly bones: Readonly<Record<string, readonly number[]>>;
  readonly face?: readonly number[];
  readonly gaze?: readonly number[];
}

const isFull = ({ parts }: Pose) => (parts & PosePart.face) !== 0;

type Round = (value: number) => number;
const exactly: Round = (value) => value;
const fourDecimals: Round = (value) => Math.round(value * 1e4) / 1e4;

function quaternionFrame(pose: Pose, timeMs: number, round: Round): QuaternionFrame {
  const at = (offset: number, count: number) => Array.from(pose.values.subarray(offset, offset + count), round);
  const boneCount = isFull(pose) ? BONE_COUNT : BODY_BONE_COUNT;
  const bones = Object.fromEntries(
    BONES.slice(0, boneCount).map((bone, index) => [bone, at(ROTATIONS_OFFSET + index * 4, 4)]),
  );
  const body = { t: Math.round(timeMs), parts: pose.parts, hips: at(HIPS_OFFSET, 3), bones };
  return isFull(pose) ? { ...body, face: at(FACE_OFFSET, ARKIT_COUNT), gaze: at(GAZE_OFFSET, 2) } : body;
}

function readQuaternionFrame(frame: QuaternionFrame, out: Pose): Pose {
  const { values } = resetPose(out);
  out.parts = frame.parts;
  values.set(frame.hips, HIPS_OFFSET);
  for (const [bone, rotation] of Object.entries(frame.bones)) {
    values.set(rotation, ROTATIONS_OFFSET + BONE_INDEX[bone as BoneName] * 4);
  }
  if (frame.face) values.set(frame.face, FACE_OFFSET);
  if (frame.gaze) values.set(frame.gaze, GAZE_OFFSET);
  return out;
}

/** The joints that MediaPipe's 33 pose landmarks lie nearest to: nose, eyes, ears and mouth are the head's. */
const LANDMARK_BONES: readonly BoneName[] = [
  ...Array.from({ length: 11 }, () => 'head' as const),
  ...(['UpperArm', 'LowerArm', 'Hand', 'Hand', 'Hand', 'Hand'] as const).flatMap(
    (bone) => [`left${bone}`, `right${bone}`] as const,
  ),
  ...(['UpperLeg', 'LowerLeg', 'Foot', 'Foot', 'Toes'] as const).flatMap(
    (bone) => [`left${bone}`, `right${bone}`] as const,
  ),
];
const HAND_LANDMARKS = 21;
const FINGERTIPS_A_HAND = 15;

const body = createBodyState();

function placeOf(bone: number) {
  const [x = 0, y = 0, z = 0] = body.positions.subarray(bone * 3, bone * 3 + 3);
  return { x, y, z };
}

function handLandmarks(hand: number) {
  return Array.from({ length: HAND_LANDMARKS }, (_, k) => {
    const finger = Math.min(FINGERTIPS_A_HAND - 1, Math.floor((k * FINGERTIPS_A_HAND) / HAND_LANDMARKS));
    return placeOf(BODY_BONE_COUNT + hand * FINGERTIPS_A_HAND + finger);
  });
}

/** What MediaPipe gives and many apps send as it is: 33 landmarks, for a full pose both hands and 52 scores. */
function landmarkFrame(pose: Pose, timeMs: number) {
  solveBody(pose, body);
  const landmarks = LANDMARK_BONES.map((bone) => {
    const place = placeOf(BONE_INDEX[bone]);
    return { ...place, visibility: Math.fround(0.9 + 0.099 * Math.abs(Math.sin(place.x * 50))) };
  });
  if (!isFull(pose)) return { t: Math.round(timeMs), landmarks };
  const blendshapes = Array.from(pose.values.subarray(FACE_OFFSET, FACE_OFFSET + ARKIT_COUNT));
  return { t: Math.round(timeMs), landmarks, hands: [handLandmarks(0), handLandmarks(1)], blendshapes };
}

function openJson(
  framesPerPacket: number,
  write: (pose: Pose, timeMs: number) => unknown,
  read: (frame: unknown, sink: FrameSink) => void,
): CodecSession {
  const batch = new PacketBatch(framesPerPacket);
  let text = '';
  return {
    encode(pose, timeMs) {
      if (!batch.add(pose, timeMs)) return false;
      text = JSON.stringify(batch.frames.map((frame) => write(frame.pose, frame.timeMs)));
      return true;
    },
    packet: () => text,
    decode(packet, sink) {
      for (const frame of JSON.parse(packet as string) as unknown[]) read(frame, sink);
    },
  };
}

function quaternionPeer(name: string, round: Round): CodecUnderTest {
  const open = (_level: number, framesPerPacket: number) => {
    const pose = createPose();
    return openJson(
      framesPerPacket,
      (from, timeMs) => quaternionFrame(from, timeMs, round),
      (frame, sink) => sink(readQuaternionFrame(frame as QuaternionFrame, pose), (frame as QuaternionFrame).t),
    );
  };
  return { name, levels: [0], isReadable: true, open };
}

export const JSON_QUATERNIONS = quaternionPeer('JSON quaternions', exactly);
export const JSON_QUATERNIONS_ROUNDED = quaternionPeer('JSON quaternions, 4 decimals', fourDecimals);

export const JSON_LANDMARKS: CodecUnderTest = {
  name: 'JSON landmarks',
  levels: [0],
  isReadable: false,
  open: (_level, framesPerPacket) => openJson(framesPerPacket, landmarkFrame, () => {}),
};

/** Numbers sent for a pose: all of them, or those of hips and body. */
function lengthOf(parts: number): number {
  return (parts & PosePart.face) !== 0 ? POSE_LENGTH : ROTATIONS_OFFSET + BODY_BONE_COUNT * 4;
}

type MsgpackFrame = readonly [timeMs: number, parts: number, ...values: number[]];

function openMsgpack(_level: number, framesPerPacket: number): CodecSession {
  const batch = new PacketBatch(framesPerPacket);
  const encoder = new Encoder({ forceFloat32: true });
  const out = createPose();
  let bytes = new Uint8Array(0);
  return {
    encode(pose, timeMs) {
      if (!batch.add(pose, timeMs)) return false;
      const frames = batch.frames.map(({ pose: { values, parts }, timeMs: at }) => [
        Math.round(at),
        parts,
        ...values.subarray(0, lengthOf(parts)),
      ]);
      bytes = Uint8Array.from(encoder.encodeSharedRef(frames));
      return true;
    },
    packet: () => bytes,
    decode(packet, sink) {
      for (const [timeMs, parts, ...values] of decode(packet as Uint8Array) as MsgpackFrame[]) {
        resetPose(out).values.set(values.slice(0, GAZE_OFFSET + 2));
        out.parts = parts;
        sink(out, timeMs);
      }
    },
  };
}

/** One flat array of float32 a frame, in msgpack. */
export const MSGPACK: CodecUnderTest = { name: 'msgpack float32', levels: [0], isReadable: true, open: openMsgpack };

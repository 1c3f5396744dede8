import type { FrameFigures } from '@/lib/core/frameFigures';
import type { MeetingRole, Participant, TierName } from '@/lib/core/meeting';
import { BONE_COUNT } from '@/lib/pose/bones';
import { HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { PoseReport, QualityReason } from '@/lib/quality/quality';
import type { MediaState } from '@/lib/transport/mediaPath';
import type { PoseReceiver } from './receiver';
import type { PoseSender } from './sender';

/** Where a page stands with its meeting, as `parley.stats()` names it. */
export type SessionPhase = 'lobby' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'failed';

/** Stats of the local participant, or of a spectator. */
export interface SelfStats {
  readonly id: string;
  /** Null for a spectator. */
  readonly seat: number | null;
  readonly role: MeetingRole;
  readonly tier: { readonly name: TierName; readonly fps: number; readonly compression: number };
  readonly posesSent: number;
  readonly bytesSent: number;
  /** Absent for a spectator. */
  readonly sending?: SendingStats;
}

/** How the local poses are sent, and how they arrive. */
export interface SendingStats {
  /** Why the tier is what it is. */
  readonly reason: QualityReason;
  /** Frames in one packet. */
  readonly framesPerPacket: number;
  /** What the local poses take on the wire at one receiver over the last two seconds, envelope modelled, bits a second. */
  readonly wireBps: number;
  /** Frames not sent because the channel was closed or full. */
  readonly skipped: number;
  /** Keyframes sent, not counting the codec's own. */
  readonly keyframes: number;
  /** Keyframes requested by others. */
  readonly keyframesAsked: number;
  /** Receivers whose report still counts. */
  readonly reports: number;
  /** The worst of these reports: p95 age as drawn, ms, and share of packets lost. */
  readonly worstAgeMs: number;
  readonly worstLostShare: number;
}

/** Stats of a remote participant. */
export interface ParticipantStats {
  readonly id: string;
  readonly name: string;
  readonly role: MeetingRole;
  readonly seat: number;
  /** Pose frames received from this person. */
  readonly posesReceived: number;
  /** Frames per second, over the last two seconds. */
  readonly poseFps: number;
  /** Age of the pose as drawn, less the fastest transit of the network, ms. */
  readonly poseAgeMs: number;
  /** How far behind the fastest frame this person is played, ms. */
  readonly playoutDelayMs: number;
  /** Packets that never arrived. */
  readonly lost: number;
  /** Keyframes requested from this person after losses. */
  readonly keyframesAsked: number;
  /** Level of detail, 0 the finest; -1 if not drawn. */
  readonly lod: number;
  /** x y z w of each of the 52 bones in the order of rule P-1, as drawn; empty if not drawn. */
  readonly bones: readonly number[];
  /** Hips offset as drawn, metres (rule P-3). */
  readonly hips: readonly [x: number, y: number, z: number];
}

/** Stats of voices and screens. */
export interface VoiceStats {
  /** The local microphone: `off`, `starting`, `live`, `denied`, `missing`, `busy` or `failed`. */
  readonly microphone: string;
  readonly isMuted: boolean;
  /** Whether voices come through this person's network. */
  readonly media: MediaState;
  /** People whose voice arrives, and how loud it is now: 0 (silent) to 1, before the listener's volumes. */
  readonly heard: readonly { readonly id: string; readonly level: number; readonly muted: boolean }[];
  /** Id of the person whose screen is shown; null if none is, or if it is not known whose. */
  readonly screen: string | null;
}

/** Stats of the local webcam. */
export interface WebcamStats {
  /** `starting`, `live`, or why it is off. */
  readonly phase: string;
  /** Which parts of the person are tracked. */
  readonly tracked: { readonly face: boolean; readonly body: boolean; readonly hands: boolean };
  /** How its pictures are processed; null before the first. */
  readonly reading: {
    /** Pictures processed per second. */
    readonly fps: number;
    /** Milliseconds per picture; NaN before the first. */
    readonly costs: { readonly faceMs: number; readonly bodyMs: number; readonly handsMs: number };
    /** `GPU` or `CPU`. */
    readonly delegate: string | null;
    /** Main-thread milliseconds per picture. */
    readonly mainThreadMs: number;
    /** Pictures skipped because newer ones arrived. */
    readonly replaced: number;
  } | null;
}

/** What `globalThis.parley.stats()` returns: plain data, a snapshot. */
export interface ParleyStats {
  readonly connection: SessionPhase;
  /** Why it ended or failed. */
  readonly reason?: string;
  /** Absent before joining. */
  readonly self?: SelfStats;
  /** Remote participants. */
  readonly participants: readonly ParticipantStats[];
  readonly spectators: number;
  /** Packets of others that were dropped on the current connection, by reason (`anonymous`: it is not known whose they are). */
  readonly dropped: Readonly<Record<string, number>>;
  readonly frame: Readonly<FrameFigures>;
  /** Absent before joining. */
  readonly voice?: VoiceStats;
  /** Absent while the webcam is off. */
  readonly camera?: WebcamStats;
}

/** What the scene draws of one person; `pose` is null if not drawn. */
export interface DrawnPerson {
  readonly lod: number;
  readonly pose: Pose | null;
}

function bonesOf(pose: Pose): number[] {
  return Array.from(pose.values.subarray(ROTATIONS_OFFSET, ROTATIONS_OFFSET + BONE_COUNT * 4));
}

function hipsOf(pose: Pose): [number, number, number] {
  return [pose.values[HIPS_OFFSET]!, pose.values[HIPS_OFFSET + 1]!, pose.values[HIPS_OFFSET + 2]!];
}

/** Stats of a remote participant: what was received, and what is drawn of it. */
export function participantStats(person: Participant, receiver: PoseReceiver, drawn: DrawnPerson): ParticipantStats {
  const stream = receiver.statsOf(person.id);
  return {
    id: person.id,
    name: person.name,
    role: 'participant',
    seat: person.seat,
    posesReceived: stream?.received ?? 0,
    poseFps: stream?.poseFps ?? 0,
    poseAgeMs: stream?.ageMs ?? 0,
    playoutDelayMs: stream?.delayMs ?? 0,
    lost: stream?.lost ?? 0,
    keyframesAsked: stream?.keyframesAsked ?? 0,
    lod: drawn.lod,
    bones: drawn.pose ? bonesOf(drawn.pose) : [],
    hips: drawn.pose ? hipsOf(drawn.pose) : [0, 0, 0],
  };
}

/** How the local poses are sent, and what `reports` say about them. */
export function sendingStats(sender: PoseSender, reason: QualityReason, reports: readonly PoseReport[]): SendingStats {
  const { skipped, keyframes } = sender.stats;
  return {
    reason,
    framesPerPacket: sender.framesPerPacket,
    wireBps: sender.wireBps,
    skipped,
    keyframes,
    keyframesAsked: sender.keyframes.asked,
    reports: reports.length,
    worstAgeMs: Math.max(0, ...reports.map(({ ageMs }) => ageMs)),
    worstLostShare: Math.max(0, ...reports.map(({ lostShare }) => lostShare)),
  };
}

/** Stats of the local participant. */
export function selfStats(id: string, seat: number, sender: PoseSender, sending: SendingStats): SelfStats {
  const { name, fps, compression } = sender.tier;
  const { posesSent, bytesSent } = sender.stats;
  return { id, seat, role: 'participant', tier: { name, fps, compression }, posesSent, bytesSent, sending };
}

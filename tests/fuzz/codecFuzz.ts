import type { DecodeFailure, PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import type { Pose } from '@/lib/pose/pose';
import { seededRandom } from '@/tools/seededRandom';
import { FuzzFailure } from './fuzzFailure';
import { PacketMutator } from './packetMutator';
import { recordTape, type TapePacket, TapeSender } from './packetTape';
import { faultOfFrame } from './poseCheck';

/** Options of a run. */
export interface CodecFuzzOptions {
  readonly seed: number;
  /** Damaged packets to decode in total. */
  readonly packets: number;
  readonly createEncoder: () => PoseEncoder;
  readonly createDecoder: () => PoseDecoder;
  /** First session; a failure names its session. */
  readonly firstSession?: number;
  /** Called after every session. */
  readonly onSession?: (report: CodecFuzzReport) => void;
}

/** Counts of a run so far. */
export interface CodecFuzzReport {
  readonly sessions: number;
  /** Damaged packets decoded, and packets decoded as they were sent. */
  readonly packets: number;
  readonly validPackets: number;
  /** Frames that came out of damaged packets; each one is checked. */
  readonly frames: number;
  readonly drops: Readonly<Record<DecodeFailure, number>>;
}

/** Receivers of each tape, before another is recorded. */
const RECEIVERS_A_TAPE = 8;
const DAMAGED_SHARE = 0.5;
/** Packets that depend on a damaged one are dropped unread; most of them need not be tried. */
const AWAITED_SHARE = 0.1;
const FRAMES_MAX = 3;
/** Keyframes after which a receiver must have recovered, whatever it was given before. */
const RECOVERY_KEYFRAMES = 128;

interface Counts {
  sessions: number;
  packets: number;
  validPackets: number;
  frames: number;
  readonly drops: Record<DecodeFailure, number>;
}

const noDrops = (): Record<DecodeFailure, number> => ({
  tooLarge: 0,
  truncated: 0,
  unknownVersion: 0,
  stale: 0,
  malformed: 0,
  awaitingKeyframe: 0,
});

/** One tape and its receivers, each of which gets different damage. */
class FuzzSession {
  private readonly random: () => number;
  private readonly mutator: PacketMutator;
  private framesOfPacket = 0;
  private fault: string | null = null;

  constructor(
    private readonly options: CodecFuzzOptions,
    private readonly session: number,
    private readonly counts: Counts,
  ) {
    this.random = seededRandom(options.seed ^ Math.imul(session + 1, 0x9e3779b1));
    this.mutator = new PacketMutator(this.random);
  }

  run(): void {
    const sender = new TapeSender(this.options.createEncoder(), this.random);
    const tape = recordTape(sender);
    for (let receiver = 0; receiver < RECEIVERS_A_TAPE; receiver += 1) this.play(tape);
    this.playThenRecover(tape, sender);
  }

  private play(tape: readonly TapePacket[], decoder = this.options.createDecoder()): void {
    // Before the first packet that is damaged or left out, nothing may be dropped.
    let isClean = true;
    tape.forEach(({ bytes, isKeyframe }, index) => {
      const isLeftOut = decoder.awaitsKeyframe && !isKeyframe && this.random() > AWAITED_SHARE;
      const isDamaged = !isLeftOut && this.random() < DAMAGED_SHARE;
      if (isDamaged) this.decodeDamaged(decoder, this.mutator.mutate(tape, index));
      else if (!isLeftOut) this.decodeSound(decoder, bytes, isClean);
      isClean &&= !isDamaged && !isLeftOut;
    });
  }

  private decodeSound(decoder: PoseDecoder, packet: Uint8Array, isClean: boolean): void {
    const failure = this.decode(decoder, packet);
    this.counts.validPackets += 1;
    if (isClean && failure !== null) throw this.failure(packet, `a packet as it was sent was dropped: ${failure}`);
  }

  private playThenRecover(tape: readonly TapePacket[], sender: TapeSender): void {
    const decoder = this.options.createDecoder();
    this.play(tape, decoder);
    let keyframe = sender.next(true).bytes;
    for (let k = 0; k < RECOVERY_KEYFRAMES; k += 1) {
      if (this.decode(decoder, keyframe) === null) return;
      keyframe = sender.next(true).bytes;
    }
    throw this.failure(keyframe, `no keyframe of ${RECOVERY_KEYFRAMES} was taken after damaged packets`);
  }

  private decodeDamaged(decoder: PoseDecoder, packet: Uint8Array): void {
    const failure = this.decode(decoder, packet);
    this.counts.packets += 1;
    if (failure === null) this.counts.frames += this.framesOfPacket;
    else this.counts.drops[failure] += 1;
  }

  private readonly look = (pose: Pose, timeMs: number): void => {
    this.framesOfPacket += 1;
    this.fault ??= faultOfFrame(pose, timeMs);
  };

  private decode(decoder: PoseDecoder, packet: Uint8Array): DecodeFailure | null {
    this.framesOfPacket = 0;
    this.fault = null;
    let failure: DecodeFailure | null;
    try {
      failure = decoder.decode(packet, this.look);
    } catch (error) {
      throw this.failure(packet, `decode threw: ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (this.fault !== null) throw this.failure(packet, `a frame that can't be: ${this.fault}`);
    if (failure !== null && !(failure in this.counts.drops)) throw this.failure(packet, `reason ${String(failure)}`);
    if (failure !== null && this.framesOfPacket > 0)
      throw this.failure(packet, `frames of a dropped packet (${failure})`);
    if (this.framesOfPacket > FRAMES_MAX) throw this.failure(packet, `${this.framesOfPacket} frames in one packet`);
    return failure;
  }

  private failure(packet: Uint8Array, detail: string): FuzzFailure {
    return new FuzzFailure(this.options.seed, this.session, packet, detail);
  }
}

/**
 * Decodes `packets` damaged packets of generated senders, the same in every run of a seed, and checks every frame that
 * comes out. @throws FuzzFailure with seed, session and packet where the decoder throws, yields an invalid frame, drops
 * an intact packet, or does not recover.
 */
export function fuzzCodec(options: CodecFuzzOptions): CodecFuzzReport {
  const counts: Counts = { sessions: 0, packets: 0, validPackets: 0, frames: 0, drops: noDrops() };
  for (let session = options.firstSession ?? 0; counts.packets < options.packets; session += 1) {
    new FuzzSession(options, session, counts).run();
    counts.sessions += 1;
    options.onSession?.(counts);
  }
  return counts;
}

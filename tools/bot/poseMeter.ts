import type { FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { systemClock } from '@/lib/core/clock';
import { POSE_CODEC, type PoseCodec } from '@/lib/meeting/poseExchange';
import type { Transport } from '@/lib/transport/transport';

/** How old poses were when they arrived. */
export interface PoseAgeStats {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Ages kept per person: three minutes at 20 fps. */
const KEPT = 4096;

/** The ages on arrival of one person's latest poses. */
class PoseAges {
  private readonly ring = new Float64Array(KEPT);
  private count = 0;
  private quickestMs = Number.POSITIVE_INFINITY;

  /** `ageMs`: the local clock on arrival less the sender's clock on capture. Their zeros may differ. */
  note(ageMs: number): void {
    this.ring[this.count % KEPT] = ageMs;
    this.count += 1;
    this.quickestMs = Math.min(this.quickestMs, ageMs);
  }

  /** The latest ages in no order, milliseconds: as noted if the clocks are the same, else relative to the fastest. */
  samples(sharesClock: boolean): number[] {
    const zeroMs = sharesClock ? 0 : this.quickestMs;
    return Array.from(this.ring.subarray(0, Math.min(this.count, KEPT)), (ageMs) => ageMs - zeroMs);
  }

  stats(sharesClock: boolean): PoseAgeStats {
    const sorted = this.samples(sharesClock).sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
  }
}

/** What was received from one person. */
interface PersonTraffic {
  readonly personId: string;
  /** Pose frames received. */
  readonly poses: number;
  readonly ages: PoseAges;
  /** When the newest arrived, on `systemClock`; 0 before the first. */
  readonly lastPoseAtMs: number;
}

interface Tally {
  poses: number;
  lastPoseAtMs: number;
  readonly ages: PoseAges;
}

/** What was received from each person, across all connections. */
export class PersonTallies {
  private readonly byPerson = new Map<string, Tally>();

  note(personId: string, arrivalMs: number, captureMs: number): void {
    const known = this.byPerson.get(personId);
    const tally = known ?? { poses: 0, lastPoseAtMs: 0, ages: new PoseAges() };
    if (!known) this.byPerson.set(personId, tally);
    tally.poses += 1;
    tally.lastPoseAtMs = arrivalMs;
    tally.ages.note(arrivalMs - captureMs);
  }

  of(personId: string): PersonTraffic {
    const tally = this.byPerson.get(personId);
    return {
      personId,
      poses: tally?.poses ?? 0,
      ages: tally?.ages ?? new PoseAges(),
      lastPoseAtMs: tally?.lastPoseAtMs ?? 0,
    };
  }
}

/**
 * The meetings' codec, made to note how long after its capture every frame arrived: the first of several in a packet is older
 * than the last. Make it before anything else listens to `transport`, so that it knows whose packet is being decoded.
 * Returns the codec and a function that stops listening.
 */
export function measuringCodec(transport: Transport, tallies: PersonTallies): { codec: PoseCodec; stop: () => void } {
  let fromPersonId = '';
  let arrivalMs = 0;
  const stop = transport.events.on('packet', ({ from }) => {
    fromPersonId = from.personId ?? '';
    arrivalMs = systemClock.nowMs();
  });
  const note = (timeMs: number) => tallies.note(fromPersonId, arrivalMs, timeMs);
  const createDecoder = () => measured(POSE_CODEC.createDecoder(), note);
  return { codec: { createEncoder: POSE_CODEC.createEncoder, createDecoder }, stop };
}

function measured(decoder: PoseDecoder, note: (timeMs: number) => void): PoseDecoder {
  let sink: FrameSink = () => {};
  const noting: FrameSink = (pose, timeMs) => {
    note(timeMs);
    sink(pose, timeMs);
  };
  return {
    decode: (packet, toPlayout) => {
      sink = toPlayout;
      return decoder.decode(packet, noting);
    },
    get lost() {
      return decoder.lost;
    },
    get awaitsKeyframe() {
      return decoder.awaitsKeyframe;
    },
  };
}

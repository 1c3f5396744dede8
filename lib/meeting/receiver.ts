import type { DecodeFailure, FrameSink, PoseDecoder } from '@/lib/codec/codec';
import type { Clock } from '@/lib/core/clock';
import { type Log, silentLog } from '@/lib/core/log';
import { Scope } from '@/lib/core/scope';
import type { MotionSource } from '@/lib/motion/motionSource';
import { Playout, type PlayoutState, type PlayoutStats } from '@/lib/playout/playout';
import { createPose, type Pose } from '@/lib/pose/pose';
import type { PoseReport } from '@/lib/quality/quality';
import type { Endpoint, Transport } from '@/lib/transport/transport';
import { type ControlKind, controlKindOf, type ReportEntry } from './controlMessages';
import { AgeHistogram } from './reports';

interface PoseReceiverParts {
  readonly transport: Transport;
  readonly createDecoder: () => PoseDecoder;
  readonly clock: Clock;
  /** Takes control messages, which are never decoded; without it they are dropped. */
  readonly control?: ControlTaker;
  readonly log?: Log;
  /** Called after each packet of poses with whether its stream needs a keyframe; call `onAsk` when requesting one. */
  readonly onDecoded?: (endpointId: string, awaitsKeyframe: boolean, onAsk: () => void) => void;
}

/** Takes control messages of remote endpoints. */
export interface ControlTaker {
  /** `isSeated`: `from` is the newest endpoint of a participant. Returns null, or why the message was dropped. */
  take(kind: ControlKind, from: Endpoint, bytes: Uint8Array, isSeated: boolean): DropReason | null;
}

/**
 * Why a packet was dropped, besides the decoder's reasons: the endpoint has no known person, the person has no seat, the
 * person has a newer endpoint, or it belongs to the local participant.
 */
export type DropReason = DecodeFailure | 'anonymous' | 'notSeated' | 'superseded' | 'own';

/** Poses of an unknown person that keep coming for this long are worth a warning, ms. */
const ANONYMOUS_WARN_MS = 5_000;
/** Poses keep coming as long as no pause between them is longer than this, ms. */
const ANONYMOUS_PAUSE_MAX_MS = 1_000;

interface OwnMotion {
  readonly personId: string;
  readonly source: MotionSource;
  readonly startMs: number;
}

/** Which endpoints belong to which person. Only the newest of a person counts, not older ones such as a tab left open. */
class PersonEndpoints {
  private readonly personByEndpoint = new Map<string, string>();
  private readonly endpointsByPerson = new Map<string, string[]>();

  /** An endpoint joined, or its person became known. */
  add({ endpointId, personId }: Endpoint): void {
    if ((this.personByEndpoint.get(endpointId) ?? null) === personId) return;
    this.remove(endpointId);
    if (personId === null) return;
    this.personByEndpoint.set(endpointId, personId);
    const theirs = this.endpointsByPerson.get(personId) ?? [];
    theirs.push(endpointId);
    this.endpointsByPerson.set(personId, theirs);
  }

  /** An endpoint left. */
  remove(endpointId: string): void {
    const personId = this.personByEndpoint.get(endpointId);
    if (personId === undefined) return;
    this.personByEndpoint.delete(endpointId);
    const left = (this.endpointsByPerson.get(personId) ?? []).filter((id) => id !== endpointId);
    if (left.length > 0) this.endpointsByPerson.set(personId, left);
    else this.endpointsByPerson.delete(personId);
  }

  /** Whether `endpointId` is the newest endpoint of `personId`. */
  isNewest(endpointId: string, personId: string): boolean {
    return this.endpointsByPerson.get(personId)?.at(-1) === endpointId;
  }
}

/** Figures of one person's stream of poses. */
export interface PersonStreamStats extends PlayoutStats {
  /** Packets that never arrived. */
  readonly lost: number;
  /** Keyframes requested from this person. */
  readonly keyframesAsked: number;
}

/** How often the age of the drawn pose is noted for the next report, ms. */
const AGE_NOTED_EVERY_MS = 100;

/** Turns one person's packets into poses: decoder -> playout. Survives a change of connection. */
class PersonStream {
  private readonly playout = new Playout();
  private readonly ages = new AgeHistogram();
  private readonly toPlayout: FrameSink = (pose, timeMs) => this.playout.push(pose, timeMs, this.arrivalMs);
  private decoder: PoseDecoder;
  private endpointId: string | null = null;
  private lostBefore = 0;
  private arrivalMs = 0;
  private keyframesAsked = 0;
  private ageNotedAtMs = Number.NEGATIVE_INFINITY;
  private packets = 0;
  private reportedPackets = 0;
  private reportedLost = 0;

  /** Counts a keyframe request. */
  readonly noteAsked = (): void => {
    this.keyframesAsked += 1;
  };

  constructor(private readonly createDecoder: () => PoseDecoder) {
    this.decoder = createDecoder();
  }

  /** The endpoint whose packets are decoded now; null before the first. */
  get from(): string | null {
    return this.endpointId;
  }

  /** Whether nothing can be decoded until the next keyframe. */
  get awaitsKeyframe(): boolean {
    return this.decoder.awaitsKeyframe;
  }

  /** Takes a packet that `endpointId` sent. Returns null, or why it was dropped. */
  receive(endpointId: string, packet: Uint8Array, arrivalMs: number): DecodeFailure | null {
    if (this.endpointId !== endpointId) this.follow(endpointId);
    this.arrivalMs = arrivalMs;
    this.packets += 1;
    return this.decoder.decode(packet, this.toPlayout);
  }

  /** Writes the pose to draw at `nowMs` into `out`. */
  sample(nowMs: number, out: Pose): PlayoutState {
    const state = this.playout.sample(nowMs, out);
    // A person who sends nothing is away, not late.
    if (state === 'live' && nowMs - this.ageNotedAtMs >= AGE_NOTED_EVERY_MS) this.noteAge(nowMs);
    return state;
  }

  stats(nowMs: number): PersonStreamStats {
    return { ...this.playout.stats(nowMs), lost: this.lost, keyframesAsked: this.keyframesAsked };
  }

  /** How this person's poses arrived since the last call; null if none of them was drawn. */
  report(): PoseReport | null {
    const lost = this.lost - this.reportedLost;
    const packets = this.packets - this.reportedPackets;
    const report = { ageMs: this.ages.p95Ms(), lostShare: lost > 0 ? lost / (lost + packets) : 0 };
    const wasDrawn = this.ages.count > 0;
    this.reportedLost = this.lost;
    this.reportedPackets = this.packets;
    this.ages.clear();
    return wasDrawn ? report : null;
  }

  private get lost(): number {
    return this.lostBefore + this.decoder.lost;
  }

  private noteAge(nowMs: number): void {
    this.ageNotedAtMs = nowMs;
    this.ages.note(this.playout.ageMs(nowMs));
  }

  /** Another endpoint has its own sequence numbers and its own clock. */
  private follow(endpointId: string): void {
    this.lostBefore += this.decoder.lost;
    this.decoder = this.createDecoder();
    if (this.endpointId !== null) this.playout.restart();
    this.endpointId = endpointId;
  }
}

/**
 * Transport -> decoder -> playout, for every participant. The frame loop reads it through `sample`, as the scene's
 * `PoseFeed`. The sender of a packet is the one the transport names, never one that the packet names.
 */
export class PoseReceiver {
  private readonly transport: Transport;
  private readonly createDecoder: () => PoseDecoder;
  private readonly clock: Clock;
  private readonly control: ControlTaker | undefined;
  private readonly onDecoded: PoseReceiverParts['onDecoded'];
  private readonly streams = new Map<string, PersonStream>();
  private readonly personEndpoints = new PersonEndpoints();
  private readonly drops = new Map<DropReason, number>();
  private readonly scope = new Scope();
  private readonly played = createPose();
  private own: OwnMotion | null = null;
  private readonly log: Log;
  private anonymousSinceMs = 0;
  private anonymousAtMs = Number.NEGATIVE_INFINITY;
  private hasWarned = false;

  constructor(parts: PoseReceiverParts) {
    this.transport = parts.transport;
    this.createDecoder = parts.createDecoder;
    this.clock = parts.clock;
    this.control = parts.control;
    this.onDecoded = parts.onDecoded;
    this.log = parts.log ?? silentLog;
    for (const endpoint of this.transport.endpoints.values()) this.personEndpoints.add(endpoint);
    const { events } = this.transport;
    this.scope.add(
      events.on('joined', (endpoint) => this.personEndpoints.add(endpoint)),
      events.on('left', ({ endpointId }) => this.personEndpoints.remove(endpointId)),
      events.on('packet', ({ from, bytes }) => this.handlePacket(from, bytes)),
    );
  }

  /** Packets dropped so far, by reason. */
  get dropped(): ReadonlyMap<DropReason, number> {
    return this.drops;
  }

  /** Sets who has a seat; packets from anyone else are dropped. Streams of people who keep their seat continue. */
  setSeated(personIds: Iterable<string>): void {
    const seated = new Set(personIds);
    for (const personId of this.streams.keys()) if (!seated.has(personId)) this.streams.delete(personId);
    for (const personId of seated) {
      if (!this.streams.has(personId)) this.streams.set(personId, new PersonStream(this.createDecoder));
    }
  }

  /**
   * Moves the local participant's avatar by `source` directly, without the network. `startMs` is when the source started
   * (`PoseSender.sourceStartMs`), so that the local view matches what the others see.
   */
  setOwn(personId: string, source: MotionSource, startMs: number = this.clock.nowMs()): void {
    this.own = { personId, source, startMs };
  }

  /** Forgets the local participant. */
  clearOwn(): void {
    this.own = null;
  }

  /** Writes the pose of `personId` at `nowMs` (the receiver's clock) into `out`; leaves it unchanged for `none`. */
  sample(personId: string, nowMs: number, out: Pose): PlayoutState {
    if (this.own?.personId === personId) {
      this.own.source.sample(nowMs - this.own.startMs, out);
      return 'live';
    }
    return this.streams.get(personId)?.sample(nowMs, out) ?? 'none';
  }

  /** Figures of `personId`'s stream; null if that person has no seat. */
  statsOf(personId: string): PersonStreamStats | null {
    return this.streams.get(personId)?.stats(this.clock.nowMs()) ?? null;
  }

  /** How remote poses arrived since the last call, by sending endpoint; hidden pages are left out. */
  report(): ReportEntry[] {
    const entries: ReportEntry[] = [];
    for (const stream of this.streams.values()) {
      const report = stream.report();
      if (report && stream.from !== null && !this.transport.hidden.has(stream.from)) {
        entries.push({ endpointId: stream.from, ...report });
      }
    }
    return entries;
  }

  /** Plays all streams up to `nowMs` as a frame loop would, for clients that report but do not render. */
  play(nowMs: number): void {
    for (const stream of this.streams.values()) stream.sample(nowMs, this.played);
  }

  /** Stops listening. */
  close(): void {
    this.scope.close();
    this.streams.clear();
  }

  private handlePacket(from: Endpoint, bytes: Uint8Array): void {
    const reason = this.take(from, bytes);
    if (reason === null) return;
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
    if (reason === 'anonymous') this.noteAnonymous(from.endpointId);
  }

  /** Warns once of poses that keep coming from an unknown person: an avatar that stays still would otherwise have no visible cause. */
  private noteAnonymous(endpointId: string): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.anonymousAtMs > ANONYMOUS_PAUSE_MAX_MS) this.anonymousSinceMs = nowMs;
    this.anonymousAtMs = nowMs;
    if (this.hasWarned || nowMs - this.anonymousSinceMs < ANONYMOUS_WARN_MS) return;
    this.hasWarned = true;
    this.log.warn('poses are dropped: it is not known whose they are', {
      endpointId,
      dropped: this.drops.get('anonymous'),
    });
  }

  private take(from: Endpoint, bytes: Uint8Array): DropReason | null {
    const kind = controlKindOf(bytes);
    if (kind === null) return this.takePoses(from, bytes);
    return this.control?.take(kind, from, bytes, this.isSeated(from)) ?? null;
  }

  private isSeated({ endpointId, personId }: Endpoint): boolean {
    return personId !== null && this.streams.has(personId) && this.personEndpoints.isNewest(endpointId, personId);
  }

  private takePoses({ endpointId, personId }: Endpoint, bytes: Uint8Array): DropReason | null {
    if (personId === null) return 'anonymous';
    if (personId === this.own?.personId) return 'own';
    const stream = this.streams.get(personId);
    if (!stream) return 'notSeated';
    if (!this.personEndpoints.isNewest(endpointId, personId)) return 'superseded';
    const failure = stream.receive(endpointId, bytes, this.clock.nowMs());
    this.onDecoded?.(endpointId, stream.awaitsKeyframe, stream.noteAsked);
    return failure;
  }
}

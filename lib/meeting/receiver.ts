import type { DecodeFailure, PoseDecoder } from '@/lib/codec/codec';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { PlayoutState } from '@/lib/playout/playout';
import { createPose, type Pose } from '@/lib/pose/pose';
import type { Endpoint, Transport } from '@/lib/transport/transport';
import { type ControlKind, controlKindOf, type ReportEntry } from './controlMessages';
import { PersonStream, type PersonStreamStats } from './personStream';

/** What a receiver is made of. */
export interface PoseReceiverParts {
  readonly transport: Transport;
  readonly createDecoder: () => PoseDecoder;
  readonly clock: Clock;
  /** Takes control messages, which come before any decoding; without it they are dropped. */
  readonly control?: ControlTaker;
  /** Told after each packet whether its sender's stream awaits a keyframe; `onAsk` is to be called if one is asked for. */
  readonly onDecoded?: (endpointId: string, awaitsKeyframe: boolean, onAsk: () => void) => void;
}

/** Takes the control messages of the others. */
export interface ControlTaker {
  /** `isSeated`: it is the newest connection of somebody with a seat. Returns null, or why the message was dropped. */
  take(kind: ControlKind, from: Endpoint, bytes: Uint8Array, isSeated: boolean): DropReason | null;
}

/**
 * Why a packet was not used, besides what the decoder says: the deployment vouches for nobody, the person has no seat,
 * it is an older connection of the person, or one's own.
 */
export type DropReason = DecodeFailure | 'anonymous' | 'notSeated' | 'superseded' | 'own';

interface OwnMotion {
  readonly personId: string;
  readonly source: MotionSource;
  readonly startMs: number;
}

/** Who is connected how: the newest connection of a person is theirs, older ones (a tab left open) no longer count. */
class Connections {
  private readonly personByEndpoint = new Map<string, string>();
  private readonly endpointsByPerson = new Map<string, string[]>();

  /** An endpoint has come, or is known better than before. */
  add({ endpointId, personId }: Endpoint): void {
    if ((this.personByEndpoint.get(endpointId) ?? null) === personId) return;
    this.remove(endpointId);
    if (personId === null) return;
    this.personByEndpoint.set(endpointId, personId);
    const theirs = this.endpointsByPerson.get(personId) ?? [];
    theirs.push(endpointId);
    this.endpointsByPerson.set(personId, theirs);
  }

  /** An endpoint has gone. */
  remove(endpointId: string): void {
    const personId = this.personByEndpoint.get(endpointId);
    if (personId === undefined) return;
    this.personByEndpoint.delete(endpointId);
    const left = (this.endpointsByPerson.get(personId) ?? []).filter((id) => id !== endpointId);
    if (left.length > 0) this.endpointsByPerson.set(personId, left);
    else this.endpointsByPerson.delete(personId);
  }

  /** Whether `endpointId` is the newest connection of `personId`. */
  isNewest(endpointId: string, personId: string): boolean {
    return this.endpointsByPerson.get(personId)?.at(-1) === endpointId;
  }
}

/**
 * Transport -> decoder -> playout, for everybody with a seat. The frame loop reads it through `sample`, which has the
 * form of the scene's `PoseFeed`. Who a packet is from is what the transport says, never what the packet says.
 */
export class PoseReceiver {
  private readonly transport: Transport;
  private readonly createDecoder: () => PoseDecoder;
  private readonly clock: Clock;
  private readonly control: ControlTaker | undefined;
  private readonly onDecoded: PoseReceiverParts['onDecoded'];
  private readonly streams = new Map<string, PersonStream>();
  private readonly connections = new Connections();
  private readonly drops = new Map<DropReason, number>();
  private readonly unsubscribe: ReadonlyArray<() => void>;
  private readonly looked = createPose();
  private own: OwnMotion | null = null;

  constructor(parts: PoseReceiverParts) {
    this.transport = parts.transport;
    this.createDecoder = parts.createDecoder;
    this.clock = parts.clock;
    this.control = parts.control;
    this.onDecoded = parts.onDecoded;
    for (const endpoint of this.transport.endpoints.values()) this.connections.add(endpoint);
    const { events } = this.transport;
    this.unsubscribe = [
      events.on('joined', (endpoint) => this.connections.add(endpoint)),
      events.on('left', ({ endpointId }) => this.connections.remove(endpointId)),
      events.on('packet', ({ from, bytes }) => this.handlePacket(from, bytes)),
    ];
  }

  /** How many packets were dropped so far, by reason. */
  get dropped(): ReadonlyMap<DropReason, number> {
    return this.drops;
  }

  /** Says who has a seat; packets of all others are dropped. Streams of those who stay go on. */
  setSeated(personIds: Iterable<string>): void {
    const seated = new Set(personIds);
    for (const personId of this.streams.keys()) if (!seated.has(personId)) this.streams.delete(personId);
    for (const personId of seated) {
      if (!this.streams.has(personId)) this.streams.set(personId, new PersonStream(this.createDecoder));
    }
  }

  /**
   * Lets one's own avatar be moved by `source` directly, without a detour over the network. `startMs` is the clock's time
   * at which the source began (`PoseSender.sourceStartMs`), so that one sees oneself as the others do.
   */
  setOwn(personId: string, source: MotionSource, startMs: number = this.clock.nowMs()): void {
    this.own = { personId, source, startMs };
  }

  /** Nobody is oneself any more. */
  clearOwn(): void {
    this.own = null;
  }

  /** Writes the pose of `personId` at `nowMs` (the receiver's clock) into `out`; leaves it alone for `none`. */
  sample(personId: string, nowMs: number, out: Pose): PlayoutState {
    if (this.own?.personId === personId) {
      this.own.source.sample(nowMs - this.own.startMs, out);
      return 'live';
    }
    return this.streams.get(personId)?.sample(nowMs, out) ?? 'none';
  }

  /** What can be told of `personId`'s stream, or null where that person has no seat. */
  statsOf(personId: string): PersonStreamStats | null {
    return this.streams.get(personId)?.stats(this.clock.nowMs()) ?? null;
  }

  /** What came of the others' poses since the last call, by the connection they came from; of hidden pages nothing. */
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

  /** Plays everybody up to `nowMs` as a frame loop would, for who draws nothing but reports all the same. */
  look(nowMs: number): void {
    for (const stream of this.streams.values()) stream.sample(nowMs, this.looked);
  }

  /** Stops listening. */
  close(): void {
    for (const stop of this.unsubscribe) stop();
    this.streams.clear();
  }

  private handlePacket(from: Endpoint, bytes: Uint8Array): void {
    const reason = this.take(from, bytes);
    if (reason !== null) this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
  }

  private take(from: Endpoint, bytes: Uint8Array): DropReason | null {
    const kind = controlKindOf(bytes);
    if (kind === null) return this.takePoses(from, bytes);
    return this.control?.take(kind, from, bytes, this.isSeated(from)) ?? null;
  }

  private isSeated({ endpointId, personId }: Endpoint): boolean {
    return personId !== null && this.streams.has(personId) && this.connections.isNewest(endpointId, personId);
  }

  private takePoses({ endpointId, personId }: Endpoint, bytes: Uint8Array): DropReason | null {
    if (personId === null) return 'anonymous';
    if (personId === this.own?.personId) return 'own';
    const stream = this.streams.get(personId);
    if (!stream) return 'notSeated';
    if (!this.connections.isNewest(endpointId, personId)) return 'superseded';
    const failure = stream.receive(endpointId, bytes, this.clock.nowMs());
    this.onDecoded?.(endpointId, stream.awaitsKeyframe, stream.noteAsked);
    return failure;
  }
}

import { ParleyApiError } from '@/lib/api';
import type { Attendance } from '@/lib/attend/attendance';
import type { AttendanceState, Granted } from '@/lib/attend/attendanceState';
import type { Connection } from '@/lib/attend/connection';
import { attendHeadless } from '@/lib/attend/headless';
import type { SeatedPerson } from '@/lib/core/meeting';
import type { Scope } from '@/lib/core/scope';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import type { PoseSenderStats } from '@/lib/meeting/sender';
import type { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { BotOptions, BotStats, OtherStats, Received } from './botStats';
import { measuringCodec, PersonTallies } from './poseMeter';

const SENT_NOTHING: PoseSenderStats = { posesSent: 0, bytesSent: 0, skipped: 0, keyframes: 0 };

/** An attendance without a browser that measures what it sends and receives, across all its connections. */
export class BotParticipant {
  readonly attendance: Attendance<HeadlessTransport>;
  private readonly tallies = new PersonTallies();
  private connection: Connection<HeadlessTransport> | null = null;
  private granted: Granted | null = null;
  private wasLive = false;
  private timesLost = 0;
  private sentBefore = SENT_NOTHING;

  constructor(private readonly options: BotOptions) {
    const createExchange = (transport: HeadlessTransport, scope: Scope) => this.createExchange(transport, scope);
    this.attendance = attendHeadless({ ...options, createExchange });
    this.attendance.events.on('connection', (connection) => this.onConnection(connection));
    this.attendance.events.on('state', (state) => this.onState(state));
  }

  /** The current transport, or the last one. Throws before `join`. */
  get transport(): HeadlessTransport {
    if (!this.connection) throw new Error('A bot has no transport before it joins.');
    return this.connection.transport;
  }

  /** Why it failed, or null. */
  get error(): Error | null {
    const { state } = this.attendance;
    return state.phase === 'failed' ? state.failure : null;
  }

  /** Joins; resolves once it is live, or has left meanwhile. @throws ParleyApiError, TransportError */
  async join(): Promise<void> {
    await this.attendance.join();
    const { state } = this.attendance;
    if (state.phase === 'failed') throw state.failure;
    if (state.phase === 'ended' && state.by === 'host') {
      throw new ParleyApiError({ reason: 'ended' }, 'This meeting has ended.');
    }
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    await this.attendance.leave();
  }

  /** Id of its person; null before it has a stay. */
  get personId(): string | null {
    return this.granted?.self.id ?? null;
  }

  /** How often the connection was lost. */
  get reconnects(): number {
    return this.timesLost;
  }

  /** How much it has received from each other participant: what `stats` knows too, without the ages, which it sorts. */
  received(): readonly Received[] {
    return this.others().map(({ id }) => this.receivedFrom(id));
  }

  stats(): BotStats {
    const { granted } = this;
    const exchange = this.connection?.exchange;
    const { posesSent, bytesSent, skipped } = this.sentSoFar();
    return {
      phase: this.attendance.state.phase,
      personId: this.personId,
      seat: granted?.self.role === 'participant' ? granted.self.seat : null,
      tier: exchange?.quality?.tier ?? granted?.meeting.tier ?? null,
      posesSent,
      posesSkipped: skipped,
      bytesSent,
      sending: exchange?.sendingStats() ?? null,
      others: this.others().map((person) => this.otherStats(person)),
      dropped: Object.fromEntries(exchange?.feed.dropped ?? []),
      voices: this.connection?.transport.voiceStats() ?? new Map(),
      reconnects: this.reconnects,
    };
  }

  private others(): readonly SeatedPerson[] {
    return this.granted?.meeting.people.filter(({ id }) => id !== this.granted?.self.id) ?? [];
  }

  private receivedFrom(personId: string): Received & { readonly poseFps: number } {
    const { poses, lastPoseAtMs } = this.tallies.of(personId);
    const { lost, poseFps } = this.connection?.exchange.feed.statsOf(personId) ?? { lost: 0, poseFps: 0 };
    return { personId, poses, poseFps, lost, lastPoseAtMs };
  }

  private otherStats({ id, name }: SeatedPerson): OtherStats {
    const poseAgeMs = this.tallies.of(id).ages.stats(this.options.sharesClock ?? false);
    return { name, ...this.receivedFrom(id), poseAgeMs };
  }

  private createExchange(transport: HeadlessTransport, scope: Scope): PoseExchange {
    const { codec, stop } = measuringCodec(transport, this.tallies);
    scope.add(stop);
    return new PoseExchange({ transport, codec, log: this.options.log });
  }

  private onConnection(connection: Connection<HeadlessTransport>): void {
    this.sentBefore = this.sentSoFar();
    this.connection = connection;
  }

  private onState(state: AttendanceState<HeadlessTransport>): void {
    if ('granted' in state && state.granted) this.granted = state.granted;
    if (this.wasLive && state.phase === 'reconnecting') this.timesLost += 1;
    this.wasLive = state.phase === 'live';
  }

  private sentSoFar(): PoseSenderStats {
    const { posesSent, bytesSent, skipped, keyframes } = this.connection?.exchange.sent ?? SENT_NOTHING;
    return {
      posesSent: this.sentBefore.posesSent + posesSent,
      bytesSent: this.sentBefore.bytesSent + bytesSent,
      skipped: this.sentBefore.skipped + skipped,
      keyframes: this.sentBefore.keyframes + keyframes,
    };
  }
}

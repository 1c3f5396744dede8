import type { ParleyApiError } from '@/lib/api/parleyApiError';
import type { UploadChoice } from '@/lib/api/uploadAvatar';
import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { type Log, silentLog } from '@/lib/core/log';
import type { Appearance, JoinGrant, MeetingEvent, StoredAvatarView } from '@/lib/core/meeting';
import { Scope } from '@/lib/core/scope';
import type { PoseExchange } from '@/lib/meeting/poseExchange';
import { lost, type Transport, TransportError, type TransportEvents } from '@/lib/transport/transport';
import { AttendanceMeter } from './attendanceMeter';
import { type AttendanceState, type Granted, grantedOf, reduceGranted } from './attendanceState';
import { Connection, type ConnectionParts, pause } from './connection';
import {
  type AttendanceFailure,
  admitFreshStart,
  attemptMaxMs,
  factsOf,
  failureOf,
  isMeetingOver,
  nextTryDelayMs,
  remedyFor,
  type TryContext,
} from './policy';

/** What an attendance is made of. Scheduler, random numbers and log have defaults. */
export interface AttendanceParts<T extends Transport> extends Omit<ConnectionParts<T>, 'scheduler' | 'log'> {
  readonly scheduler?: Scheduler;
  /** 0 .. 1 */
  readonly random?: () => number;
  readonly log?: Log;
}

export interface AttendanceEvents<T extends Transport> {
  state: AttendanceState<T>;
  /** A connection was made and is about to connect. What listeners add to its scope ends with it. */
  connection: Connection<T>;
}

/**
 * One person's whole time in a meeting, for pages and programs alike: enters at the API, connects to Jitsi, exchanges
 * poses, and comes back by itself with the same identity and therefore the same seat. `policy.ts` decides when it comes
 * back and when it gives up.
 */
export class Attendance<T extends Transport = Transport> {
  readonly events = new Emitter<AttendanceEvents<T>>();
  private readonly parts: ConnectionParts<T>;
  private readonly random: () => number;
  private readonly meter: AttendanceMeter;
  private readonly whole = new Scope();
  private current: AttendanceState<T> = { phase: 'idle' };
  private freshStartsMs: readonly number[] = [];
  private nap: Scope | null = null;
  private isHidden = false;

  constructor({ scheduler = systemScheduler, random = Math.random, log = silentLog, ...parts }: AttendanceParts<T>) {
    this.parts = { ...parts, scheduler, log };
    this.random = random;
    this.meter = new AttendanceMeter(scheduler);
    parts.stay.reportWith(() => this.meter.take(this.exchange?.arrivals ?? null));
    const { events } = parts.stay;
    this.whole.add(
      events.on('granted', (grant) => this.onGranted(grant)),
      events.on('event', (event) => this.onEvent(event)),
      events.on('refused', (error) => void this.fail(error)),
      events.on('expired', (error) => this.onExpired(error)),
    );
  }

  get state(): AttendanceState<T> {
    return this.current;
  }

  /** The current connection; null if there is none. */
  get connection(): Connection<T> | null {
    return connectionOf(this.current);
  }

  /** The current exchange; null if there is none. */
  get exchange(): PoseExchange | null {
    return this.connection?.exchange ?? null;
  }

  /** Whether it has ended or failed. */
  get isOver(): boolean {
    return this.current.phase === 'ended' || this.current.phase === 'failed';
  }

  /** Joins. Resolves once live, ended or failed, which `state` tells. Call it once. */
  async join(): Promise<void> {
    if (this.current.phase !== 'idle') throw new Error('An attendance joins once.');
    const tries = new Scope();
    this.enter({ phase: 'connecting', tries, connection: null, granted: null });
    await this.tryUntilLive(tries, 'join');
  }

  /** Changes name and avatar of the local participant. @throws ParleyApiError, leaving both unchanged */
  async changeAppearance(appearance: Appearance): Promise<void> {
    await this.parts.stay.change(appearance);
  }

  /** Uploads a custom avatar, to change into. @throws ParleyApiError */
  uploadAvatar(bytes: Uint8Array<ArrayBuffer>, choice: UploadChoice): Promise<StoredAvatarView> {
    return this.parts.stay.uploadAvatar(bytes, choice);
  }

  /** Tells the others whether the page is hidden, now and after every reconnection. A hidden page sends nothing. */
  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.connection?.setHidden(isHidden);
  }

  /** The network or the machine has just come back: checks the connection now, or makes the next attempt now. */
  wake(): void {
    this.connection?.transport.wake();
    this.parts.stay.beat();
    this.nap?.close();
  }

  /** The page is closing, which may be a reload: the seat is kept for a moment. */
  leaveOnClose(): void {
    this.parts.stay.leaveOnClose();
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    await this.finish({ phase: 'ended', by: 'self' });
  }

  private async tryUntilLive(tries: Scope, kind: TryContext['kind']): Promise<void> {
    const { scheduler, log } = this.parts;
    const sinceMs = scheduler.nowMs();
    let admittedAtMs = sinceMs;
    for (let attempts = 0; !tries.isClosed; attempts += 1) {
      const beforeMs = scheduler.nowMs() - sinceMs;
      const failure = await this.tryOnce(tries, attemptMaxMs(kind, beforeMs));
      if (failure === null || tries.isClosed) return;
      const nowMs = scheduler.nowMs();
      if (this.connection?.hasEntered) admittedAtMs = nowMs;
      const elapsedMs = nowMs - sinceMs;
      const spans = { elapsedMs, unadmittedMs: nowMs - admittedAtMs, tookMs: elapsedMs - beforeMs };
      const delayMs = nextTryDelayMs({ kind, attempts, ...spans, failure, random: this.random() });
      if (delayMs === null) return this.fail(failure);
      log.info('tries again', { kind, ...factsOf(failure), delayMs: Math.round(delayMs) });
      await this.rest(delayMs, tries);
    }
  }

  /** Replaces the connection. Resolves with null once it is live, else with why it is not. */
  private async tryOnce(tries: Scope, maxMs: number): Promise<AttendanceFailure | null> {
    await this.letGo();
    if (tries.isClosed) return null;
    return this.createConnection().connect(maxMs);
  }

  private async rest(delayMs: number, tries: Scope): Promise<void> {
    const nap = new Scope();
    this.nap = nap;
    tries.add(() => nap.close());
    await pause(this.parts.scheduler, delayMs, nap);
  }

  private async letGo(): Promise<void> {
    const { connection } = this;
    if (!connection) return;
    this.hold(null);
    await connection.close();
  }

  private createConnection(): Connection<T> {
    const connection = new Connection(this.parts, (from, change) => this.onTransport(from, change));
    this.hold(connection);
    const granted = grantedIn(this.current);
    if (granted) connection.grant(granted);
    this.events.emit('connection', connection);
    connection.setHidden(this.isHidden);
    return connection;
  }

  private hold(connection: Connection<T> | null): void {
    const state = this.current;
    if (state.phase === 'connecting' || state.phase === 'reconnecting') this.enter({ ...state, connection });
  }

  private onGranted(grant: JoinGrant): void {
    this.note(grantedOf(grant));
  }

  private onEvent(event: MeetingEvent): void {
    const granted = grantedIn(this.current);
    if (granted) this.note(reduceGranted(granted, event));
  }

  private note(granted: Granted): void {
    const state = this.current;
    if (state.phase !== 'connecting' && state.phase !== 'live' && state.phase !== 'reconnecting') return;
    this.enter({ ...state, granted });
    this.connection?.grant(granted);
    if (granted.meeting.endedAt !== null) void this.finish({ phase: 'ended', by: 'host' });
  }

  private onTransport(connection: Connection<T>, { state, error }: TransportEvents['state']): void {
    switch (state) {
      case 'live':
        this.onLive(connection);
        return;
      case 'reconnecting':
        this.onTransportLost(connection);
        return;
      case 'failed':
        // During an attempt, `connect` rejects with it.
        if (!triesIn(this.current)) void this.onCutOff(connection, failureOf(error ?? lost()));
        return;
      case 'idle':
      case 'connecting':
      case 'closed':
        return;
    }
  }

  private onLive(connection: Connection<T>): void {
    const granted = grantedIn(this.current);
    // A transport enters with a pass, and a pass comes with a grant.
    if (!granted) return;
    triesIn(this.current)?.close();
    this.parts.log.info('live', { personId: granted.self.id, role: granted.self.role });
    this.enter({ phase: 'live', connection, granted });
  }

  private onTransportLost(connection: Connection<T>): void {
    if (this.current.phase !== 'live') return;
    this.parts.log.info('the connection is lost; it comes back by itself');
    this.enter({ phase: 'reconnecting', tries: null, connection, granted: this.current.granted });
  }

  /** Jitsi cut off a connection that was live. The API knows whether that is meant. */
  private async onCutOff(connection: Connection<T>, failure: AttendanceFailure): Promise<void> {
    this.parts.log.warn('cut off', factsOf(failure));
    // The transport itself has retried what may pass, until it gave up.
    if (remedyFor(failure) !== 'freshStart') return this.fail(failure);
    const refusal = await this.parts.stay.check().then(() => null, failureOf);
    // Meanwhile the user may have left, or the API may have caused a fresh start.
    if (connection.isClosed) return;
    if (refusal && remedyFor(refusal) === 'none') return this.fail(refusal);
    await this.startAfresh(failure);
  }

  private onExpired(error: ParleyApiError): void {
    const { connection } = this;
    if (!triesIn(this.current)) void this.startAfresh(error);
    // The stay of this attempt expired: closing fails the attempt as lost, and the next one enters again.
    else if (connection?.hasEntered) void connection.close();
  }

  /** Enters again from the beginning, with the same identity and therefore the same seat. */
  private async startAfresh(cause: AttendanceFailure): Promise<void> {
    const state = this.current;
    if (state.phase !== 'live' && state.phase !== 'reconnecting') return;
    const start = admitFreshStart(this.freshStartsMs, this.parts.scheduler.nowMs());
    if (!start) return this.fail(lostAgainAndAgain(cause));
    this.freshStartsMs = start.startsMs;
    this.parts.log.info('starts afresh', { ...factsOf(cause), delayMs: start.delayMs });
    const tries = new Scope();
    this.enter({ phase: 'reconnecting', tries, connection: state.connection, granted: state.granted });
    if (start.delayMs > 0) await this.rest(start.delayMs, tries);
    await this.tryUntilLive(tries, 'return');
  }

  private async fail(failure: AttendanceFailure): Promise<void> {
    if (isMeetingOver(failure)) await this.finish({ phase: 'ended', by: 'host' });
    else await this.finish({ phase: 'failed', failure });
  }

  private async finish(state: Extract<AttendanceState<T>, { phase: 'ended' | 'failed' }>): Promise<void> {
    if (this.isOver) return;
    const before = this.current;
    if (state.phase === 'ended') this.parts.log.info('ended', { by: state.by });
    else this.parts.log.warn('failed', factsOf(state.failure));
    this.whole.close();
    this.enter(state);
    triesIn(before)?.close();
    // In this order: the server throws a person whose stay is over out of the conference.
    await connectionOf(before)?.close();
    await this.parts.stay.leave();
  }

  private enter(state: AttendanceState<T>): void {
    this.current = state;
    this.meter.note(state);
    this.events.emit('state', state);
  }
}

function connectionOf<T extends Transport>(state: AttendanceState<T>): Connection<T> | null {
  switch (state.phase) {
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return state.connection;
    case 'idle':
    case 'ended':
    case 'failed':
      return null;
  }
}

function grantedIn<T extends Transport>(state: AttendanceState<T>): Granted | null {
  switch (state.phase) {
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return state.granted;
    case 'idle':
    case 'ended':
    case 'failed':
      return null;
  }
}

/** The scope of the attempts under way; null if there are none. */
function triesIn<T extends Transport>(state: AttendanceState<T>): Scope | null {
  switch (state.phase) {
    case 'connecting':
    case 'reconnecting':
      return state.tries;
    case 'idle':
    case 'live':
    case 'ended':
    case 'failed':
      return null;
  }
}

function lostAgainAndAgain(cause: AttendanceFailure): TransportError {
  return new TransportError('lost', 'The connection to the meeting was lost again and again.', { cause });
}

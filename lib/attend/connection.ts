import type { MeetingStay } from '@/lib/api/meetingStay';
import type { Scheduler } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { JoinGrant } from '@/lib/core/meeting';
import { Scope } from '@/lib/core/scope';
import type { PoseExchange } from '@/lib/meeting/poseExchange';
import type { MotionSource } from '@/lib/motion/motionSource';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import type { JitsiPass } from '@/lib/transport/link';
import { lost, type Transport, type TransportEvents, tooLate } from '@/lib/transport/transport';
import type { Granted } from './attendanceState';
import { type AttendanceFailure, askedWaitMs, asPassError, failureOf } from './policy';

/** What a connection is made of. */
export interface ConnectionParts<T extends Transport> {
  readonly stay: MeetingStay;
  createTransport(fetchPass: () => Promise<JitsiPass>, identities: EndpointIdentities): T;
  /** What is added to `scope` ends with the connection. */
  createExchange(transport: T, scope: Scope): PoseExchange;
  /** What moves the local participant. Called once per connection, and again with its next pass if it failed. */
  motionOf(personId: string): MotionSource | Promise<MotionSource>;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/** One attempt of an attendance: a transport, its pose exchange, and everything that listens to them. */
export class Connection<T extends Transport = Transport> {
  /** Closed with the connection, so that none of its callbacks can act on the next one. */
  readonly scope = new Scope();
  readonly transport: T;
  readonly exchange: PoseExchange;
  private readonly identities: EndpointIdentities;
  private fetches = 0;
  private hasStay = false;
  /** Milliseconds that the API has asked to wait, over all passes. */
  private askedMs = 0;
  /** Whether the local motion has loaded or is loading. */
  private hasMotion = false;

  constructor(
    private readonly parts: ConnectionParts<T>,
    onState: (connection: Connection<T>, change: TransportEvents['state']) => void,
  ) {
    const { stay, scheduler, log } = parts;
    this.identities = new EndpointIdentities({ claim: (endpoint) => stay.claim(endpoint), clock: scheduler, log });
    this.transport = parts.createTransport(() => this.fetchPass(), this.identities);
    this.exchange = parts.createExchange(this.transport, this.scope);
    this.scope.add(
      this.transport.events.on('state', (change) => onState(this, change)),
      this.transport.events.on('fault', ({ fault, said }) => stay.reportFault(fault, said)),
      () => this.exchange.close(),
    );
  }

  get isClosed(): boolean {
    return this.scope.isClosed;
  }

  /** Whether the API has granted a stay for this connection. */
  get hasEntered(): boolean {
    return this.hasStay;
  }

  /** Tells exchange and identities who is in the meeting, and the exchange how much bandwidth it may use. */
  grant({ meeting, bandwidthMaxBps }: Granted): void {
    this.exchange.setBandwidthMax(bandwidthMaxBps);
    this.exchange.follow(meeting);
    this.identities.follow(meeting.people);
  }

  setHidden(isHidden: boolean): void {
    this.transport.setHidden(isHidden);
    this.exchange.setPaused(isHidden);
  }

  /**
   * Enters the conference, or closes if that takes longer than `maxMs`, not counting waits that the API asks for. Resolves with
   * null once live, else with why it is not.
   */
  async connect(maxMs: number): Promise<AttendanceFailure | null> {
    const deadline = new Scope();
    try {
      return await Promise.race([this.transport.connect().then(() => null, failureOf), this.silence(maxMs, deadline)]);
    } finally {
      deadline.close();
    }
  }

  /** Closes the connection after `maxMs` and the waits that the API asks for, unless `deadline` closes before. */
  private async silence(maxMs: number, deadline: Scope): Promise<AttendanceFailure> {
    let obeyedMs = 0;
    await pause(this.parts.scheduler, maxMs, deadline);
    while (this.askedMs > obeyedMs) {
      const askedMs = this.askedMs - obeyedMs;
      obeyedMs = this.askedMs;
      await pause(this.parts.scheduler, askedMs, deadline);
    }
    if (!deadline.isClosed) void this.close();
    return tooLate();
  }

  /** Ends everything. Resolves once the transport has left; never rejects, for much else has to end after it. */
  async close(): Promise<void> {
    try {
      this.scope.close();
    } catch (error) {
      this.noteFault(error);
    }
    try {
      await this.transport.disconnect();
    } catch (error) {
      this.noteFault(error);
    }
  }

  private noteFault(error: unknown): void {
    this.parts.log.error('a connection did not close cleanly', { cause: String(error) });
  }

  /** Enters the meeting at the API, again before every link of the transport. @throws TransportError */
  private async fetchPass(): Promise<JitsiPass> {
    this.fetches += 1;
    const fetch = this.fetches;
    const isWanted = () => !this.isClosed && fetch === this.fetches;
    for (let waits = 0; isWanted(); waits += 1) {
      try {
        return this.passOf(await this.parts.stay.enter());
      } catch (error) {
        const waitMs = askedWaitMs(error, waits);
        if (waitMs === null) throw asPassError(error);
        this.parts.log.debug('the API asks to wait', { waitMs });
        this.askedMs += waitMs;
        await pause(this.parts.scheduler, waitMs, this.scope);
      }
    }
    throw lost();
  }

  private passOf({ jitsi, joinToken, personId, role }: JoinGrant): JitsiPass {
    if (this.isClosed) throw lost();
    // Not awaited: reaching Jitsi takes longer than loading what moves the avatar.
    if (role === 'participant' && !this.hasMotion) void this.startSending(personId);
    this.hasStay = true;
    return { coordinates: jitsi, joinToken };
  }

  private async startSending(personId: string): Promise<void> {
    this.hasMotion = true;
    try {
      const motion = await this.parts.motionOf(personId);
      if (!this.isClosed) this.exchange.startSending(personId, motion);
    } catch (error) {
      // The next pass tries again.
      this.hasMotion = false;
      this.parts.log.warn('the avatar stays still: its motion did not load', { cause: String(error) });
    }
  }
}

/** Resolves after `delayMs`, or as soon as `scope` closes. */
export function pause(scheduler: Scheduler, delayMs: number, scope: Scope): Promise<void> {
  return new Promise((resolve) => {
    const cancel = scheduler.schedule(resolve, delayMs);
    scope.add(() => {
      cancel();
      resolve();
    });
  });
}

import { MeetingStay, type ParleyClient } from '@/lib/api';
import { Attendance, type AttendanceParts } from '@/lib/attend/attendance';
import type { Connection } from '@/lib/attend/connection';
import type { Log, LogLevel } from '@/lib/core/log';
import type { MeetingRole } from '@/lib/core/meeting';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { JitsiPass } from '@/lib/transport/link';
import { lost, TransportError, type TransportErrorReason } from '@/lib/transport/transport';
import { FakeMeetingApi, personIdOf } from '@/tests/support/fakeMeetingApi';
import { LoopbackConference, LoopbackTransport } from '@/tests/support/loopback';
import { ManualScheduler } from '@/tests/support/manualScheduler';

/** Time passes in steps of this length, ms; pending promises settle in between. */
const STEP_MS = 50;

/** A loopback transport that needs a pass, and that the test refuses, cuts off or loses. */
export class ScriptedTransport extends LoopbackTransport {
  woken = 0;
  private hang: ((error: TransportError) => void) | null = null;

  constructor(
    private readonly world: AttendanceWorld,
    identity: string,
    private readonly fetchPass: () => Promise<JitsiPass>,
  ) {
    const endpointId = `endpoint-${world.transports.length + 1}`;
    super(world.conference, { endpointId, personId: personIdOf(identity) });
  }

  override async connect(): Promise<void> {
    try {
      await this.fetchPass();
      await this.world.jitsi(this);
    } catch (error) {
      this.events.emit('state', { state: 'failed', error: error as TransportError });
      throw error;
    }
    await super.connect();
  }

  override wake(): void {
    this.woken += 1;
  }

  override async disconnect(): Promise<void> {
    this.hang?.(lost());
    await super.disconnect();
  }

  /** Keeps `connect` pending until the transport is closed. */
  hangUntilClosed(): Promise<void> {
    return new Promise((_resolve, reject) => {
      this.hang = reject;
    });
  }

  /** Jitsi cuts it off for good. */
  fail(reason: TransportErrorReason): void {
    this.world.conference.release(this);
    this.setChannelOpen(false);
    this.events.emit('state', { state: 'failed', error: new TransportError(reason, reason) });
  }

  /** The conference is lost, and the transport starts reconnecting. */
  lose(): void {
    this.world.conference.release(this);
    this.setChannelOpen(false);
    this.events.emit('state', { state: 'reconnecting', error: lost() });
  }

  /** One attempt to reconnect, which fetches a pass like any other. */
  async comeBack(): Promise<void> {
    await this.fetchPass();
    this.world.conference.admit(this);
    this.setChannelOpen(true);
    this.events.emit('state', { state: 'live' });
  }
}

/** An attendance and its history. */
export interface Attendee {
  readonly attendance: Attendance<ScriptedTransport>;
  readonly phases: string[];
  readonly connections: Connection<ScriptedTransport>[];
  /** The current transport. */
  readonly transport: ScriptedTransport;
}

/** How many packets an attendee has received from the person with that identity. */
export function received({ attendance }: Attendee, identity: string): number {
  return attendance.exchange?.feed.statsOf(personIdOf(identity))?.received ?? 0;
}

/** A meeting within the process, with API, conference and time under the test's control. */
export class AttendanceWorld {
  readonly scheduler = new ManualScheduler();
  readonly api = new FakeMeetingApi(this.scheduler);
  readonly conference = new LoopbackConference();
  readonly transports: ScriptedTransport[] = [];
  readonly logged: Array<{ readonly level: LogLevel; readonly message: string }> = [];
  /** The fields of the last line of each message. */
  readonly facts = new Map<string, Parameters<Log['info']>[1]>();
  /** Runs when a transport that has its pass enters the conference. */
  jitsi: (transport: ScriptedTransport) => Promise<void> = async () => {};

  /** Who sits where: ids of people and numbers of seats. */
  seats(): [personId: string, seat: number][] {
    return this.api.people.map(({ id, seat }) => [id, seat]);
  }

  attendee(
    identity: string,
    role: MeetingRole = 'participant',
    parts: Partial<AttendanceParts<ScriptedTransport>> = {},
  ): Attendee {
    const { scheduler } = this;
    const connections: Connection<ScriptedTransport>[] = [];
    const phases: string[] = [];
    const attendance = new Attendance<ScriptedTransport>({
      stay: this.stayOf(identity, role),
      createTransport: (fetchPass) => {
        const transport = new ScriptedTransport(this, identity, fetchPass);
        this.transports.push(transport);
        return transport;
      },
      createExchange: (transport) => new PoseExchange({ transport, scheduler, random: () => 0.5 }),
      motionOf: () => createIdleSource(1),
      scheduler,
      random: () => 1,
      log: this.log(),
      ...parts,
    });
    attendance.events.on('state', ({ phase }) => phase !== phases.at(-1) && phases.push(phase));
    attendance.events.on('connection', (connection) => connections.push(connection));
    return {
      attendance,
      phases,
      connections,
      get transport() {
        return connections.at(-1)!.transport;
      },
    };
  }

  /** An attendee that has joined. */
  async joined(
    identity: string,
    role: MeetingRole = 'participant',
    parts: Partial<AttendanceParts<ScriptedTransport>> = {},
  ): Promise<Attendee> {
    const attendee = this.attendee(identity, role, parts);
    await attendee.attendance.join();
    await this.settle();
    return attendee;
  }

  /** Refuses the next `count` transports after they have their pass. */
  refuse(count: number, reason: TransportErrorReason): void {
    let left = count;
    this.jitsi = async () => {
      left -= 1;
      if (left >= 0) throw new TransportError(reason, reason);
    };
  }

  /** Lets pending promises settle. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets `spanMs` pass. */
  async pass(spanMs: number): Promise<void> {
    await this.settle();
    for (let leftMs = spanMs; leftMs > 0; leftMs -= STEP_MS) {
      this.scheduler.runFor(Math.min(STEP_MS, leftMs));
      await this.settle();
    }
  }

  private stayOf(identity: string, role: MeetingRole): MeetingStay {
    const client = this.api as unknown as ParleyClient;
    const appearance = role === 'participant' ? { name: identity, avatar: 'ada' } : {};
    return new MeetingStay(client, { id: 'round-table', role, identity, ...appearance }, (task, periodMs) => {
      let cancel = () => {};
      const next = () => {
        cancel = this.scheduler.schedule(() => {
          task();
          next();
        }, periodMs);
      };
      next();
      return () => cancel();
    });
  }

  private log(): Log {
    const at =
      (level: LogLevel): Log['info'] =>
      (message, fields) => {
        this.logged.push({ level, message });
        this.facts.set(message, fields);
      };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

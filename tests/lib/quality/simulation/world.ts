import type { TierName } from '@/lib/core/meeting';
import { CONTROL_WIRE_BPS, VOICE_WIRE_BPS } from '@/lib/quality/budget';
import { tierForSeated } from '@/lib/quality/tiers';
import { SimLink } from './link';
import { SimPerson } from './person';

const STEP_MS = 10;
const LOOK_EVERY_MS = 50;
const DECIDE_EVERY_MS = 500;
const REPORT_EVERY_MS = 2_000;
const WINDOW_MS = 1_000;

/** A meeting in simulated time: everyone sends to everyone through one bridge. Deterministic. */
export class SimWorld {
  nowMs = 0;
  readonly people: SimPerson[] = [];
  /** The link that all paths share: the bridge, or an office's one line. */
  readonly shared = new SimLink();
  /** The most that one receiver got within a second, poses, voices and control together, bits a second. */
  peakBps = 0;
  private readonly windowBytes = new Map<number, number>();

  constructor(
    readonly bandwidthMaxBps = 1_500_000,
    private readonly best: TierName = 'high',
  ) {}

  /** Lets `count` more people sit down. */
  join(count: number): SimPerson[] {
    const come = Array.from({ length: count }, (_, index) => new SimPerson(this.people.length + index));
    this.people.push(...come);
    return come;
  }

  /** The last `count` people leave. */
  leave(count: number): void {
    for (const gone of this.people.splice(this.people.length - count, count)) {
      for (const person of this.people) {
        person.views.delete(gone.index);
        person.reportsOfMe.delete(gone.index);
      }
    }
  }

  /** Lets time pass. */
  run(spanMs: number, each?: () => void): void {
    for (const endMs = this.nowMs + spanMs; this.nowMs < endMs; ) {
      this.nowMs += STEP_MS;
      each?.();
      this.step();
    }
  }

  private step(): void {
    for (const person of this.people) {
      if (this.isDue(person, DECIDE_EVERY_MS, 130)) this.decide(person);
      person.send(this.nowMs);
      person.uplink.advance(this.nowMs, STEP_MS, 0, (packet) => this.shared.push(packet));
    }
    this.shared.advance(this.nowMs, STEP_MS, 0, (packet) => {
      for (const person of this.people) if (person.index !== packet.from) this.offer(person, packet);
    });
    const voicesBps = this.others * VOICE_WIRE_BPS;
    for (const person of this.people) this.receive(person, voicesBps);
    if (this.nowMs % WINDOW_MS === 0) this.closeWindow();
  }

  private get others(): number {
    return this.people.length - 1;
  }

  private isDue({ index }: SimPerson, everyMs: number, offsetMs: number): boolean {
    return (this.nowMs + index * offsetMs) % everyMs === 0;
  }

  private decide(person: SimPerson): void {
    const seated = this.people.length;
    const { nowMs, bandwidthMaxBps, best } = this;
    person.decide({ nowMs, bandwidthMaxBps, seated, base: tierForSeated(seated, best) });
  }

  private offer(person: SimPerson, packet: Parameters<SimPerson['see']>[0]): void {
    this.windowBytes.set(person.index, (this.windowBytes.get(person.index) ?? 0) + packet.sizeBytes);
    person.downlink.push(packet);
  }

  private receive(person: SimPerson, voicesBps: number): void {
    person.downlink.advance(this.nowMs, STEP_MS, voicesBps, (packet) => person.see(packet));
    if (this.nowMs % LOOK_EVERY_MS === 0) for (const view of person.views.values()) view.look(this.nowMs);
    if (person.reports && this.isDue(person, REPORT_EVERY_MS, 310)) this.report(person);
  }

  private report(receiver: SimPerson): void {
    for (const sender of this.people) {
      if (sender === receiver) continue;
      if (sender.isHidden) receiver.viewOf(sender.index).forget();
      const report = receiver.viewOf(sender.index).report();
      if (report) sender.reportsOfMe.set(receiver.index, { atMs: this.nowMs, report });
    }
  }

  private closeWindow(): void {
    for (const bytes of this.windowBytes.values()) {
      const posesBps = (bytes * 8_000) / WINDOW_MS;
      this.peakBps = Math.max(this.peakBps, posesBps + this.others * (VOICE_WIRE_BPS + CONTROL_WIRE_BPS));
    }
    this.windowBytes.clear();
  }
}

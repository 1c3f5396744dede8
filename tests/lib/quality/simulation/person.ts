import { wireBpsOf } from '@/lib/quality/budget';
import type { PoseReport, QualityChoice, QualitySignals } from '@/lib/quality/quality';
import { QualityController } from '@/lib/quality/qualityController';
import { SimLink, type SimPacket } from './link';
import { SimView } from './view';

/** A sender skips frames while more waits (rule M-16). */
const BACKLOG_SKIP_BYTES = 2048;

export interface SimChange {
  readonly atMs: number;
  readonly choice: QualityChoice;
}

/** A bridge queues this many packets of one sender. */
const BRIDGE_QUEUE = 50;
const MEASURED_OVER = 4;

/** A person in the simulated meeting: a controller, an uplink, a downlink, and views of the others. */
export class SimPerson {
  readonly uplink = new SimLink();
  readonly downlink = new SimLink(Number.POSITIVE_INFINITY, BRIDGE_QUEUE);
  readonly views = new Map<number, SimView>();
  readonly reportsOfMe = new Map<number, { readonly atMs: number; readonly report: PoseReport }>();
  readonly changes: SimChange[] = [];
  readonly controller: QualityController;
  isHidden = false;
  frameMs: number | null = 16;
  downlinkBps: number | null = null;
  /** Whether the channel shows its backlog, and whether this person reports what it sees. */
  tellsBacklog = true;
  reports = true;
  /** How much larger this person's frames are than a calm talker's. */
  liveliness = 1;
  private sequence = 0;
  private nextPacketMs = 0;
  private readonly sentBytes: number[] = [0];

  constructor(readonly index: number) {
    this.controller = new QualityController(index * 7919 + 17);
  }

  get choice(): QualityChoice | null {
    return this.changes.at(-1)?.choice ?? null;
  }

  /** Sends a packet if one is due. */
  send(nowMs: number): void {
    if (!this.choice || this.isHidden || nowMs < this.nextPacketMs) return;
    const { tier, framesPerPacket } = this.choice;
    if (this.tellsBacklog && this.uplink.backlogBytes > BACKLOG_SKIP_BYTES) return;
    const spanMs = (1000 * framesPerPacket) / tier.fps;
    const sizeBytes = (wireBpsOf(tier, this.liveliness) * spanMs) / 8_000;
    this.nextPacketMs = Math.max(this.nextPacketMs + spanMs, nowMs);
    this.sentBytes[0]! += sizeBytes;
    this.sequence += 1;
    this.uplink.push({ from: this.index, sequence: this.sequence, sizeBytes, capturedMs: nowMs, spanMs });
  }

  decide(known: Pick<QualitySignals, 'nowMs' | 'base' | 'seated' | 'bandwidthMaxBps'>): void {
    const reports = [...this.reportsOfMe.values()].filter(({ atMs }) => known.nowMs - atMs <= 5_000);
    const bytes = this.sentBytes.reduce((sum, part) => sum + part, 0);
    const choice = this.controller.decide({
      ...known,
      backlogBytes: this.tellsBacklog ? this.uplink.backlogBytes : null,
      reports: reports.map(({ report }) => report),
      othersAgeMs: this.othersAgeMs(),
      downlinkBps: this.downlinkBps,
      wireBps: (bytes * 8) / (0.5 * this.sentBytes.length),
      isHidden: this.isHidden,
      frameMs: this.frameMs,
    });
    this.sentBytes.unshift(0);
    this.sentBytes.length = Math.min(this.sentBytes.length, MEASURED_OVER);
    if (choice !== this.choice) this.changes.push({ atMs: known.nowMs, choice });
  }

  private othersAgeMs(): number | null {
    const ages = [...this.views.values()].map(({ reportedAgeMs }) => reportedAgeMs).filter((age) => age !== null);
    return ages.sort((a, b) => a - b)[ages.length >> 1] ?? null;
  }

  see(packet: SimPacket): void {
    this.viewOf(packet.from).take(packet);
  }

  viewOf(sender: number): SimView {
    const known = this.views.get(sender) ?? new SimView();
    this.views.set(sender, known);
    return known;
  }

  /** Changes of the choice from `fromMs` on. */
  changesSince(fromMs: number): SimChange[] {
    return this.changes.filter(({ atMs }) => atMs >= fromMs);
  }
}

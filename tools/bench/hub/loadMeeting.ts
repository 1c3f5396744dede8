import { type Latencies, readStamp, type Stamp, stampText } from './latencies';
import type { Seat } from './seats';

const TICK_MS = 1;

/** Something that happens once a period, at its own moment. */
export interface Beat {
  /** Moment within the period, ms. */
  readonly phaseMs: number;
  strike(): void;
}

/** Strikes every beat once a period; late ones as soon as possible, none is skipped. */
export class Pacer {
  private readonly beats: readonly Beat[];
  private timer: NodeJS.Timeout | null = null;
  private next = 0;
  private periodStartMs = 0;

  constructor(
    beats: readonly Beat[],
    private readonly periodMs: number,
  ) {
    this.beats = [...beats].sort((a, b) => a.phaseMs - b.phaseMs);
  }

  start(): void {
    this.periodStartMs = performance.now();
    this.timer = setInterval(() => this.strikeDue(performance.now()), TICK_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private strikeDue(nowMs: number): void {
    while (this.periodStartMs + this.beats[this.next]!.phaseMs <= nowMs) {
      this.beats[this.next]!.strike();
      this.next += 1;
      if (this.next < this.beats.length) continue;
      this.next = 0;
      this.periodStartMs += this.periodMs;
    }
  }
}

/** 300 bytes in base64: the size of a pose packet of several frames. */
const PACKET_CHARACTERS = 400;

/** Sums over all meetings of a load, for messages sent at or after `fromMs`. */
export interface LoadCounts {
  fromMs: number;
  sent: number;
  expected: number;
  received: number;
  disordered: number;
  readonly latencies: Latencies;
}

/** The seats of one meeting: sends for each and checks what each receives. */
export class LoadMeeting {
  private readonly packet: string;
  private readonly sentSequence: Int32Array;
  private readonly heardSequence: Int32Array;
  private readonly stamp: Stamp = { sender: 0, sequence: 0, sentMs: 0 };

  constructor(
    private readonly seats: readonly Seat[],
    private readonly counts: LoadCounts,
    random: () => number,
  ) {
    this.packet = randomBase64(PACKET_CHARACTERS, random);
    this.sentSequence = new Int32Array(seats.length);
    this.heardSequence = new Int32Array(seats.length * seats.length);
    for (const [receiver, seat] of seats.entries()) {
      seat.onText = (bytes, start, end) => {
        if (readStamp(bytes, start, end, this.stamp)) this.hear(receiver, this.stamp);
      };
    }
  }

  /** Sends the next message of one seat. */
  send(sender: number): void {
    const sequence = ++this.sentSequence[sender]!;
    const sentMs = performance.now();
    this.seats[sender]!.broadcast(this.packet + stampText({ sender, sequence, sentMs }));
    if (sentMs < this.counts.fromMs) return;
    this.counts.sent += 1;
    this.counts.expected += this.seats.length - 1;
  }

  close(): void {
    for (const seat of this.seats) seat.close();
  }

  private hear(receiver: number, { sender, sequence, sentMs }: Stamp): void {
    // A stamp is written to 10 us.
    if (sentMs < this.counts.fromMs - 0.01) return;
    const pair = receiver * this.seats.length + sender;
    if (sequence <= this.heardSequence[pair]!) {
      this.counts.disordered += 1;
      return;
    }
    this.heardSequence[pair] = sequence;
    this.counts.received += 1;
    this.counts.latencies.add(performance.now() - sentMs);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function randomBase64(characters: number, random: () => number): string {
  return Array.from({ length: characters }, () => ALPHABET[Math.floor(random() * 64)]).join('');
}

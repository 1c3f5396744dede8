import { exactly, type Measured } from '../drill';
import { AgeMeter } from './ageMeter';
import type { Crowd } from './crowd';

/** Oldest that the newest pose of a packet may be, p95, in a meeting that is not disturbed, ms. */
const AGE_MAX_MS = 25;

/** What the members of a crowd notice of a fault between them, from its creation on. */
export class Disturbance {
  private readonly meter: AgeMeter;
  private readonly lostBefore: number;
  private readonly reconnectsBefore: number;

  constructor(private readonly crowd: Crowd) {
    this.meter = new AgeMeter(crowd.bots, crowd.bots);
    this.lostBefore = crowd.lost();
    this.reconnectsBefore = crowd.reconnects();
  }

  /** Packets counted so far. */
  get packets(): number {
    return this.meter.count;
  }

  /** Stops and returns the figures: late, lost, reconnected. */
  end(): Measured {
    const { crowd, lostBefore, reconnectsBefore } = this;
    return [
      { what: 'age of newest pose, p95', value: this.meter.endP95Ms(), unit: 'ms', atMost: AGE_MAX_MS },
      { what: 'lost meanwhile', value: crowd.lost() - lostBefore, unit: 'packets', loadDependent: true, ...exactly(0) },
      { what: 'reconnections', value: crowd.reconnects() - reconnectsBefore, unit: 'times', ...exactly(0) },
    ];
  }
}

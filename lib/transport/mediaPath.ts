import type { Clock } from '@/lib/core/clock';
import { AwakeTime } from './awakeTime';

/**
 * Whether voices and screens come through to the bridge and from it. `connecting`: not known yet, as long as no one else is
 * here, or for a transport that takes no part in the media.
 */
export type MediaState = 'connecting' | 'through' | 'blocked';

/** A transport's way to the media of its conference. */
export interface MediaPath {
  readonly state: MediaState;
  /** The bridge's UDP port, which a firewall must let through; null if unknown. */
  readonly udpPort: number | null;
}

/** What a link knows of its own media connection: none is wanted, it is being made or has broken off, it is up, or it has failed. */
export type MediaPhase = 'none' | 'connecting' | 'connected' | 'failed';

/** A media connection that has been tried for this long does not come through. */
const MEDIA_CONNECTS_WITHIN_MS = 10_000;

/**
 * Judges from the phases of one link after another whether media comes through. Once blocked, only a connection that is up
 * says otherwise: fresh sessions and links, which a focus may offer without end, are no news.
 */
export class MediaPathWatch {
  private state: MediaState = 'connecting';
  private triedMs = 0;
  private readonly time: AwakeTime;

  constructor(clock: Clock) {
    this.time = new AwakeTime(clock);
  }

  /** Looks at the current phase. To be called several times a second. Returns whether the state has changed. */
  look(phase: MediaPhase): boolean {
    const before = this.state;
    this.judge(phase, this.time.tick());
    return this.state !== before;
  }

  get current(): MediaState {
    return this.state;
  }

  private judge(phase: MediaPhase, passedMs: number): void {
    switch (phase) {
      case 'none':
        // Nothing is tried between two sessions, which is no reason to begin counting afresh.
        if (this.state === 'through') this.state = 'connecting';
        return;
      case 'connecting':
        this.triedMs += passedMs;
        if (this.triedMs > MEDIA_CONNECTS_WITHIN_MS) this.state = 'blocked';
        return;
      case 'connected':
        this.triedMs = 0;
        this.state = 'through';
        return;
      case 'failed':
        this.state = 'blocked';
    }
  }
}

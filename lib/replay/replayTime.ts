import { PlayedTime } from '@/lib/recording/playedTime';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import type { Replay } from './replay';

/** A replay by its played time, which counts from 0 and has no breaks. Follows a recording that grows. */
export class ReplayTime {
  private known = new PlayedTime([]);
  private knownRows = 0;

  constructor(
    private readonly replay: Pick<Replay, 'positionMs' | 'seek'>,
    private readonly rows: readonly IndexRow[],
  ) {}

  /** How the recording's time is played. */
  get played(): PlayedTime {
    if (this.knownRows !== this.rows.length) {
      this.known = new PlayedTime(this.rows);
      this.knownRows = this.rows.length;
    }
    return this.known;
  }

  /** How long all of it plays, ms. */
  get lengthMs(): number {
    return this.played.lengthMs;
  }

  /** What is shown, ms. */
  get positionMs(): number {
    return this.played.playedMsOf(this.replay.positionMs);
  }

  /** Goes to a played time, or to the beginning or the end. */
  seek(toMs: number): void {
    const { played } = this;
    void this.replay.seek(played.recordedMsOf(Math.max(0, Math.min(played.lengthMs - 1, toMs))));
  }

  /** Goes forwards, or back, over breaks. */
  seekBy(ms: number): void {
    this.seek(this.positionMs + ms);
  }
}

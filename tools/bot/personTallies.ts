import { PoseAges } from './poseAges';

/** What has come from one person. */
export interface PersonTraffic {
  readonly personId: string;
  /** Pose frames received. */
  readonly poses: number;
  readonly ages: PoseAges;
  /** `systemClock` at the newest; 0 before the first. */
  readonly lastPoseAtMs: number;
}

interface Tally {
  poses: number;
  lastPoseAtMs: number;
  readonly ages: PoseAges;
}

/** What has come from everybody, over all connections. */
export class PersonTallies {
  private readonly byPerson = new Map<string, Tally>();

  note(personId: string, arrivalMs: number, captureMs: number): void {
    const known = this.byPerson.get(personId);
    const tally = known ?? { poses: 0, lastPoseAtMs: 0, ages: new PoseAges() };
    if (!known) this.byPerson.set(personId, tally);
    tally.poses += 1;
    tally.lastPoseAtMs = arrivalMs;
    tally.ages.note(arrivalMs - captureMs);
  }

  of(personId: string): PersonTraffic {
    const tally = this.byPerson.get(personId);
    return {
      personId,
      poses: tally?.poses ?? 0,
      ages: tally?.ages ?? new PoseAges(),
      lastPoseAtMs: tally?.lastPoseAtMs ?? 0,
    };
  }
}

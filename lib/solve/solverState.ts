import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { createEasePose } from '@/lib/pose/easePose';
import { createPose, type Pose } from '@/lib/pose/pose';
import { ArmMemory } from './body/arm';
import { LegMemory } from './body/leg';
import { type Calibration, NEUTRAL_CALIBRATION } from './face/calibration';
import { Expression } from './face/expression';
import { GroupEases } from './groups';
import { BodyTrack, HandTrack } from './tracks/bodyTrack';
import { FaceTrack } from './tracks/faceTrack';

/** What the solver tracks at this moment. */
export interface Tracking {
  readonly body: boolean;
  readonly face: boolean;
  readonly leftHand: boolean;
  readonly rightHand: boolean;
  readonly legs: boolean;
}

/** Everything the solver remembers of one person between calls. */
export class SolverState {
  /**
   * Where parts go that are not tracked. Callers may rewrite its numbers before every call (breath, blinks); a part whose bit
   * is set is in the output even while nothing is tracked. Starts as a person at ease, without any part.
   */
  readonly idle: Pose = createEasePose();
  /** How the person looks at rest. A new one is eased in. */
  calibration: Calibration = NEUTRAL_CALIBRATION;

  /** The calibration that was in use at the last call. */
  calibrated: Calibration = this.calibration;
  /** */ readonly body = new BodyTrack();
  /** */ readonly face = new FaceTrack();
  /** */ readonly hands: readonly [HandTrack, HandTrack] = [new HandTrack(), new HandTrack()];
  /** */ readonly arms: readonly [ArmMemory, ArmMemory] = [new ArmMemory(), new ArmMemory()];
  /** */ readonly legs: readonly [LegMemory, LegMemory] = [new LegMemory(), new LegMemory()];
  /** */ readonly expression = new Expression();
  /** */ readonly eases = new GroupEases();
  /** Rotations in the root space, x y z w a body bone. */
  readonly world = new Float64Array(BODY_BONE_COUNT * 4);
  /** The person as last read, every group. */
  readonly tracked: Pose = createPose();
  /** The last output. */
  readonly shown: Pose = createEasePose();
  /** How far the hips are trusted, 0..1. */
  hipShare = 0;
  /** Time since the body was last solved. */
  sinceSolvedMs = 0;

  /** What is tracked now. */
  get tracking(): Tracking {
    const { body, face, hands } = this;
    return {
      body: body.presence.isPresent,
      face: face.presence.isPresent,
      leftHand: hands[0].presence.isPresent,
      rightHand: hands[1].presence.isPresent,
      legs: body.presence.isPresent && body.legs.isOpen,
    };
  }
}

/** A new state: no one seen yet, not calibrated. */
export function createSolverState(): SolverState {
  return new SolverState();
}

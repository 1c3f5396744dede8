import type { BodyReading, FaceReading, LandmarkFrame } from '@/lib/core/landmarks';
import { CostMeter } from '../costMeter';
import type { ReadCosts } from '../landmarkMessages';
import { areHandsDue, choosePlan, isBodyDue, READ_PLANS } from '../readPlan';
import { areWristsInSight } from '../wristsInSight';
import { type SidedHands, takeSides } from './handSides';
import type { LandmarkTasks } from './landmarkTasks';

const NO_HANDS: SidedHands = { leftHand: null, rightHand: null };

/** Reads one picture after another: the face in each, body and hands as often as their costs allow. */
export class PictureReader {
  private readonly meters = { face: new CostMeter(), body: new CostMeter(), hands: new CostMeter() };
  private plan = READ_PLANS[0]!;
  private picture = 0;
  private body: BodyReading | null = null;
  private hands: SidedHands = NO_HANDS;

  /** A wrist was seen last: hands are worth reading. */
  get wantsHands(): boolean {
    return areWristsInSight(this.body);
  }

  get costs(): ReadCosts {
    const { face, body, hands } = this.meters;
    return { faceMs: face.costMs, bodyMs: body.costMs, handsMs: hands.costMs };
  }

  /** Reads `picture` with `tasks`; `timeMs` is its capture time, later than the one before. */
  read(tasks: LandmarkTasks, picture: VideoFrame, timeMs: number): LandmarkFrame {
    const { displayWidth: imageWidthPx, displayHeight: imageHeightPx } = picture;
    const face: FaceReading | null = this.meter('face', () => tasks.readFace(picture, timeMs));
    if (isBodyDue(this.plan, this.picture)) this.body = this.meter('body', () => tasks.readBody(picture, timeMs));
    this.readHands(tasks, picture, timeMs, imageWidthPx / imageHeightPx);
    this.picture += 1;
    this.plan = choosePlan(this.costs, this.wantsHands, this.plan);
    return { timeMs, imageWidthPx, imageHeightPx, body: this.body, face, ...this.hands };
  }

  private readHands(tasks: LandmarkTasks, picture: VideoFrame, timeMs: number, aspect: number): void {
    const { body } = this;
    if (!body || !tasks.hasHands || !this.wantsHands) this.hands = NO_HANDS;
    else if (areHandsDue(this.plan, this.picture)) {
      const hands = this.meter('hands', () => tasks.readHands(picture, timeMs));
      this.hands = takeSides(hands, body, aspect);
    }
  }

  private meter<Reading>(part: keyof PictureReader['meters'], read: () => Reading): Reading {
    const startedMs = performance.now();
    const reading = read();
    this.meters[part].note(performance.now() - startedMs);
    return reading;
  }
}

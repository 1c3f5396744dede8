import type { BodyReading, FaceReading, LandmarkFrame } from '@/lib/core/landmarks';
import type { ReadCosts } from '../landmarkWorkerClient';
import type { LandmarkTasks } from './landmarkTasks';
import { areWristsInSight, type SidedHands, takeSides } from './readings';

/** Weight of the newest measurement. */
const NEWEST_SHARE = 0.15;

/** Running mean of how long one kind of reading takes. Leaves out the first one, which includes set-up. */
class CostMeter {
  private meanMs = Number.NaN;
  private count = 0;

  /** ms; NaN before the second reading. */
  get costMs(): number {
    return this.meanMs;
  }

  note(costMs: number): void {
    this.count += 1;
    if (this.count === 1) return;
    this.meanMs = this.count === 2 ? costMs : this.meanMs + NEWEST_SHARE * (costMs - this.meanMs);
  }
}

/** How many pictures there are for each reading of the body and of the hands; a face is read in every picture. */
interface ReadPlan {
  readonly bodyEvery: number;
  readonly handsEvery: number;
}

/** From the finest to the cheapest. */
export const READ_PLANS: readonly ReadPlan[] = [
  { bodyEvery: 1, handsEvery: 1 },
  { bodyEvery: 1, handsEvery: 2 },
  { bodyEvery: 2, handsEvery: 2 },
  { bodyEvery: 2, handsEvery: 3 },
  { bodyEvery: 2, handsEvery: 4 },
];

/** What a picture may take on average, ms: 20 pictures a second next to a page that renders. */
export const PICTURE_BUDGET_MS = 50;

/** A finer plan must fit this share of the budget, so that plans do not alternate with the noise of their costs. */
const FINER_SHARE = 0.85;

function known(costMs: number): number {
  return Number.isFinite(costMs) ? costMs : 0;
}

/** What a picture takes on average by `plan`, ms; costs that were never measured count as 0. */
export function meanCostMs({ bodyEvery, handsEvery }: ReadPlan, costs: ReadCosts, withHands: boolean): number {
  const hands = withHands ? known(costs.handsMs) / handsEvery : 0;
  return known(costs.faceMs) + known(costs.bodyMs) / bodyEvery + hands;
}

/**
 * The finest plan that fits the budget, else the cheapest. Stays at `before` while it fits and no finer one fits well.
 */
export function choosePlan(costs: ReadCosts, withHands: boolean, before: ReadPlan): ReadPlan {
  const fits = (plan: ReadPlan, shareOfBudget: number) =>
    meanCostMs(plan, costs, withHands) <= PICTURE_BUDGET_MS * shareOfBudget;
  const at = READ_PLANS.indexOf(before);
  const finer = READ_PLANS.findIndex((plan, index) => index < at && fits(plan, FINER_SHARE));
  if (finer >= 0) return READ_PLANS[finer]!;
  return READ_PLANS.slice(at).find((plan) => fits(plan, 1)) ?? READ_PLANS.at(-1)!;
}

/** Whether the body is read in the picture with this number, counted from 0. */
export function isBodyDue({ bodyEvery }: ReadPlan, picture: number): boolean {
  return picture % bodyEvery === 0;
}

/** Whether hands are read in it; with a coarse plan, in pictures whose body is not read. */
export function areHandsDue({ handsEvery }: ReadPlan, picture: number): boolean {
  return picture % handsEvery === handsEvery - 1;
}

const NO_HANDS: SidedHands = { leftHand: null, rightHand: null };

/** Reads pictures one after another: the face in each, body and hands as often as their costs allow. */
export class PictureReader {
  private readonly meters = { face: new CostMeter(), body: new CostMeter(), hands: new CostMeter() };
  private plan = READ_PLANS[0]!;
  private picture = 0;
  private body: BodyReading | null = null;
  private hands: SidedHands = NO_HANDS;

  /** Whether hands are worth reading: a wrist was seen last. */
  get wantsHands(): boolean {
    return areWristsInSight(this.body);
  }

  get costs(): ReadCosts {
    const { face, body, hands } = this.meters;
    return { faceMs: face.costMs, bodyMs: body.costMs, handsMs: hands.costMs };
  }

  /** Reads `picture` with `tasks`; `timeMs` is its capture time, later than the previous one. */
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

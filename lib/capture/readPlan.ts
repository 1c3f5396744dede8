import type { ReadCosts } from './landmarkMessages';

/** How seldom a body and hands are read, in pictures; a face is read in every one. */
export interface ReadPlan {
  readonly bodyEvery: number;
  readonly handsEvery: number;
}

/** From the finest to the one that costs least. */
export const READ_PLANS: readonly ReadPlan[] = [
  { bodyEvery: 1, handsEvery: 1 },
  { bodyEvery: 1, handsEvery: 2 },
  { bodyEvery: 2, handsEvery: 2 },
  { bodyEvery: 2, handsEvery: 3 },
  { bodyEvery: 2, handsEvery: 4 },
];

/** What a picture may take on average, ms: 20 pictures a second, beside a page that draws. */
export const PICTURE_BUDGET_MS = 50;

/** A finer plan must fit with so much to spare, so that plans don't alternate with the noise of their costs. */
const FINER_SHARE = 0.85;

function known(costMs: number): number {
  return Number.isFinite(costMs) ? costMs : 0;
}

/** What a picture takes on average by `plan`, ms; what was never measured counts nothing. */
export function meanCostMs({ bodyEvery, handsEvery }: ReadPlan, costs: ReadCosts, withHands: boolean): number {
  const hands = withHands ? known(costs.handsMs) / handsEvery : 0;
  return known(costs.faceMs) + known(costs.bodyMs) / bodyEvery + hands;
}

/** The finest plan that fits the budget, or the last; `before` stays unless it does not fit or a finer one fits well. */
export function choosePlan(costs: ReadCosts, withHands: boolean, before: ReadPlan): ReadPlan {
  const fits = (plan: ReadPlan, shareOfBudget: number) =>
    meanCostMs(plan, costs, withHands) <= PICTURE_BUDGET_MS * shareOfBudget;
  const at = READ_PLANS.indexOf(before);
  const finer = READ_PLANS.findIndex((plan, index) => index < at && fits(plan, FINER_SHARE));
  if (finer >= 0) return READ_PLANS[finer]!;
  return READ_PLANS.slice(at).find((plan) => fits(plan, 1)) ?? READ_PLANS.at(-1)!;
}

/** Whether the body is read in the picture with this number, from 0. */
export function isBodyDue({ bodyEvery }: ReadPlan, picture: number): boolean {
  return picture % bodyEvery === 0;
}

/** Whether hands are read in it; where that is seldom, in pictures whose body is not. */
export function areHandsDue({ handsEvery }: ReadPlan, picture: number): boolean {
  return picture % handsEvery === handsEvery - 1;
}

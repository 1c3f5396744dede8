import type { BodyReading } from '@/lib/core/landmarks';

const LEFT_WRIST = 15;
const RIGHT_WRIST = 16;
/** A wrist that the model is less sure of is behind the table or out of the picture. */
const VISIBILITY_LEAST = 0.5;

function isInSight({ image, visibility }: BodyReading, landmark: number): boolean {
  const x = image[landmark * 3]!;
  const y = image[landmark * 3 + 1]!;
  return visibility[landmark]! >= VISIBILITY_LEAST && x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/** Whether there may be a hand to read: a wrist is seen within the picture. */
export function areWristsInSight(body: BodyReading | null): boolean {
  return body !== null && (isInSight(body, LEFT_WRIST) || isInSight(body, RIGHT_WRIST));
}

import { type Bounds, bounds } from '../sdf/sdf';
import { carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';

const WRIST = restAt('leftHand');

/** Around a band near the left wrist. */
export const CUFF_BOUNDS: Bounds = carriedBounds(
  'leftLowerArm',
  bounds([WRIST[0] - 0.1, WRIST[1] - 0.06, -0.065], [WRIST[0] + 0.05, WRIST[1] + 0.06, 0.06]),
);

/** Around a whole top with sleeves. */
export const TOP_BOUNDS: Bounds = bounds(
  [-CUFF_BOUNDS.max[0], 0.69, -0.17],
  [CUFF_BOUNDS.max[0], 1.24, CUFF_BOUNDS.max[2]],
);

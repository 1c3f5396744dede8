import type { JointTurn } from '@/tools/avatars/skeleton/modelPose';
import { type ArkitWeights, EXPRESSIONS } from './expressions';
import { ARMS_CROSSED, HAND_AT_CHIN, SEATED, STANDING, WAVING } from './stances';

/** What a picture shows of an avatar. */
export type Framing = 'face' | 'bust' | 'whole';

/** One picture of an avatar. */
export interface AvatarShot {
  readonly name: string;
  readonly framing: Framing;
  /** How far the lens is turned about the avatar, to its left, degrees. */
  readonly turnDegrees: number;
  readonly stance: readonly JointTurn[];
  readonly face: ArkitWeights;
}

/** Turned faces show more of what sticks out; straight ones more of the eyes. */
const TURNED: Readonly<Partial<Record<keyof typeof EXPRESSIONS, number>>> = { surprise: 25, speech: 25, laughter: -20 };

function face(name: string, turnDegrees: number, weights: ArkitWeights): AvatarShot {
  return { name, framing: 'face', turnDegrees, stance: STANDING, face: weights };
}

function pose(name: string, framing: Framing, turnDegrees: number, stance: readonly JointTurn[]): AvatarShot {
  return { name, framing, turnDegrees, stance, face: {} };
}

/** The neutral face, ten expressions and five poses, one of them from behind. */
export const AVATAR_SHOTS: readonly AvatarShot[] = [
  face('neutral', 0, {}),
  ...Object.entries(EXPRESSIONS).map(([name, weights]) =>
    face(name, TURNED[name as keyof typeof EXPRESSIONS] ?? 0, weights),
  ),
  pose('standing, from behind', 'whole', 150, STANDING),
  pose('seated', 'whole', 35, SEATED),
  pose('waving', 'bust', -15, WAVING),
  pose('arms crossed', 'bust', 20, ARMS_CROSSED),
  pose('hand at the chin', 'bust', -30, HAND_AT_CHIN),
];

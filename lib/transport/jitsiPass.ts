import type { JitsiCoordinates } from '@/lib/core/meeting';

/** Where to go and what lets one in; the token lives for minutes, so each link asks for a fresh one. */
export interface JitsiPass {
  readonly coordinates: JitsiCoordinates;
  /** JWT, or '' where the deployment asks for none. */
  readonly joinToken: string;
}

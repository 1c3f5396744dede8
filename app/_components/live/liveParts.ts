/** What watching live takes, loaded while the page appears. */
export type LiveParts = typeof import('./liveParts');

export { findBroadcast } from './findBroadcast';
export { LiveRoom } from './LiveRoom';

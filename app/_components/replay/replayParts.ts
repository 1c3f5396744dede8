/** What replaying takes, loaded while the page appears. */
export type ReplayParts = typeof import('./replayParts');

export { openAddress, openFile } from '@/lib/replay/openRecording';
export { asReplayError } from '@/lib/replay/replayError';
export { ReplayRoom } from './ReplayRoom';

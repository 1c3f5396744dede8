import type { WebcamErrorReason } from '@/lib/capture/webcamError';
import type { Device } from '@/lib/devices/deviceManager';
import type { WebcamStats } from '@/lib/meeting/stats';
import type { MotionSource } from '@/lib/motion/motionSource';

/** Where one's own camera stands: not wanted, being opened, read, or why there is none. */
export type WebcamPhase = 'off' | 'starting' | 'live' | WebcamErrorReason;

/** What the camera shows of one now. */
export interface Tracked {
  readonly face: boolean;
  readonly body: boolean;
  readonly hands: boolean;
}

/** Everything React draws of the camera; a new object a change, never at the rate of its pictures. */
export interface WebcamSnapshot {
  readonly phase: WebcamPhase;
  /** The camera that is read or was wanted; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  readonly tracked: Tracked;
  /** It is read, but has seen neither face nor body for a while. */
  readonly isLost: boolean;
  /** How one looks at rest: not taken, being taken, taken, or not taken as no face was seen. */
  readonly calibration: 'none' | 'running' | 'done' | 'failed';
  /** What the camera shows, for a look at oneself; null while it is not read. Never leaves the page. */
  readonly stream: MediaStream | null;
}

/** One's own camera, over lobby and meeting. Read through `useSyncExternalStore`. */
export interface WebcamSession {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => WebcamSnapshot;
  /** Reads the camera `deviceId` ('' for the browser's choice) in place of the one before. Never rejects. */
  open(deviceId: string): Promise<void>;
  /** The same with the camera used last, where that asks the person nothing. Never rejects. */
  openIfAllowed(): Promise<void>;
  /** Lets the camera go. */
  close(): void;
  /** Opens the camera used last, or lets it go; remembered for the next meeting. */
  toggle(): void;
  /** Takes how one looks at rest: two seconds of sitting naturally. Never rejects. */
  calibrate(): Promise<void>;
  /** `rest`, with what the camera sees laid over it whenever there is one. */
  over(rest: MotionSource): MotionSource;
  /** Undefined while there is nothing to tell. */
  stats(): WebcamStats | undefined;
}

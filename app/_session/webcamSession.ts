import { recallWebcam, rememberWebcam } from '@/app/_memory/webcamMemory';
import type { Capture } from '@/lib/capture/capture';
import type { WebcamErrorReason } from '@/lib/capture/webcamError';
import { systemClock } from '@/lib/core/clock';
import { Scope } from '@/lib/core/scope';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { type Device, type DeviceManager, pageDevices } from '@/lib/devices/deviceManager';
import type { WebcamStats } from '@/lib/meeting/stats';
import type { WebcamMotion } from '@/lib/meeting/webcamMotion';
import type { MotionSource } from '@/lib/motion/motionSource';

/** State of the local webcam: not wanted, being opened, read, or why there is none. */
export type WebcamPhase = 'off' | 'starting' | 'live' | WebcamErrorReason;

/** What of the person the webcam shows now. */
export interface Tracked {
  readonly face: boolean;
  readonly body: boolean;
  readonly hands: boolean;
}

/** What React renders of the webcam; a new object for each change, never at the rate of its pictures. */
export interface WebcamSnapshot {
  readonly phase: WebcamPhase;
  /** The webcam that is read or was asked for; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  readonly tracked: Tracked;
  /** The webcam is read, but has shown neither face nor body for a while. */
  readonly isLost: boolean;
  /** State of the calibration; `failed` if no face was seen. */
  readonly calibration: 'none' | 'running' | 'done' | 'failed';
  /** What the webcam films, for a self-view; null while it is not read. Never leaves the page. */
  readonly stream: MediaStream | null;
}

/** The local webcam, across lobby and meeting. Read through `useSyncExternalStore`. */
export interface WebcamSession {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => WebcamSnapshot;
  /** Reads the webcam `deviceId` ('' for the browser's choice) in place of the previous one. Never rejects. */
  open(deviceId: string): Promise<void>;
  /** Opens the webcam used last, if the browser need not ask the user. Never rejects. */
  openIfAllowed(): Promise<void>;
  /** Releases the webcam. */
  close(): void;
  /** Opens the webcam used last, or releases it; remembered for the next meeting. */
  toggle(): void;
  /** Calibrates over two seconds of sitting naturally. Never rejects. */
  calibrate(): Promise<void>;
  /** `rest`, overlaid with what the webcam sees while there is one. */
  over(rest: MotionSource): MotionSource;
  /** Undefined while the webcam is off. */
  stats(): WebcamStats | undefined;
}

/** How often tracking is looked at, ms: as often as its lights may change. */
const LOOK_EVERY_MS = 200;

/** Being out of sight for less than this is not shown: the person may only have turned, or the models just started. */
const LOST_AFTER_MS = 3_000;

/** How long a calibration takes, ms. */
const CALIBRATION_MS = 2_000;

const NOTHING: Tracked = { face: false, body: false, hands: false };

const AT_FIRST: WebcamSnapshot = {
  phase: 'off',
  deviceId: '',
  devices: [],
  tracked: NOTHING,
  isLost: false,
  calibration: 'none',
  stream: null,
};

function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Loads the code for reading a webcam and solving its pictures, when a webcam is first wanted. */
async function loadWebcamKit() {
  const [{ Capture }, { WebcamMotion }, { readCalibration }] = await Promise.all([
    import('@/lib/capture/capture'),
    import('@/lib/meeting/webcamMotion'),
    import('@/lib/solve/face/calibration'),
  ]);
  return { Capture, WebcamMotion, readCalibration };
}

export type WebcamKit = Awaited<ReturnType<typeof loadWebcamKit>>;

/** The local webcam: one capture after another, all moving the same body. */
export class BrowserWebcamSession implements WebcamSession {
  private readonly store: SnapshotStore<WebcamSnapshot>;
  private capture: Capture | null = null;
  private motion: WebcamMotion | null = null;
  /** What ends with the capture. */
  private scope = new Scope();
  /** When a face or body was last seen. */
  private seenMs = 0;
  /** Counts the requests, so that a late answer to an earlier one changes nothing. */
  private attempt = 0;

  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => WebcamSnapshot;

  constructor(
    private readonly loadKit: () => Promise<WebcamKit> = loadWebcamKit,
    private readonly devices: Pick<DeviceManager, 'list' | 'permission' | 'watch'> = pageDevices,
  ) {
    const { deviceId, calibration } = recallWebcam();
    this.store = new SnapshotStore({ ...AT_FIRST, deviceId, calibration: calibration ? 'done' : 'none' });
    this.subscribe = this.store.subscribe;
    this.getSnapshot = this.store.getSnapshot;
  }

  async open(deviceId: string): Promise<void> {
    this.letGo();
    const attempt = this.attempt;
    this.store.change({ phase: 'starting', deviceId });
    try {
      const kit = await this.loadKit();
      if (attempt !== this.attempt) return;
      await this.begin(kit, deviceId, attempt);
    } catch (error) {
      if (attempt === this.attempt) this.fail((error as { reason?: WebcamPhase }).reason ?? 'failed');
    }
  }

  async openIfAllowed(): Promise<void> {
    const { attempt } = this;
    const isGranted = (await this.devices.permission('webcam')) === 'granted';
    if (isGranted && attempt === this.attempt) await this.open(this.getSnapshot().deviceId);
  }

  close(): void {
    this.letGo();
    this.store.change({ phase: 'off' });
  }

  toggle(): void {
    const { phase, deviceId } = this.getSnapshot();
    const isWanted = phase !== 'live' && phase !== 'starting';
    rememberWebcam({ isWanted });
    if (isWanted) void this.open(deviceId);
    else this.close();
  }

  async calibrate(): Promise<void> {
    const { motion, attempt } = this;
    if (!motion || this.getSnapshot().calibration === 'running') return;
    motion.beginCalibration();
    this.store.change({ calibration: 'running' });
    await wait(CALIBRATION_MS);
    const calibration = attempt === this.attempt ? motion.endCalibration() : null;
    if (calibration) rememberWebcam({ calibration });
    this.store.change({ calibration: calibration ? 'done' : 'failed' });
  }

  over(rest: MotionSource): MotionSource {
    return {
      sample: (timeMs, out) => (this.motion ? this.motion.sampleOver(rest, timeMs, out) : rest.sample(timeMs, out)),
    };
  }

  stats(): WebcamStats | undefined {
    const { phase, tracked } = this.getSnapshot();
    if (phase === 'off') return undefined;
    return { phase, tracked, reading: this.capture?.stats(systemClock.nowMs()) ?? null };
  }

  private async begin(kit: WebcamKit, deviceId: string, attempt: number): Promise<void> {
    const motion = this.needMotion(kit);
    const capture = new kit.Capture();
    this.capture = capture;
    this.scope.add(
      () => capture.close(),
      capture.events.on('landmarks', (frame) => motion.take(frame)),
      capture.events.on('failed', ({ reason }) => this.fail(reason)),
    );
    await capture.open(deviceId);
    if (attempt !== this.attempt) return;
    this.seenMs = systemClock.nowMs();
    const looking = setInterval(() => this.look(motion), LOOK_EVERY_MS);
    this.scope.add(
      () => clearInterval(looking),
      this.devices.watch(() => void this.readDevices(attempt)),
    );
    rememberWebcam({ isWanted: true, deviceId });
    this.store.change({ phase: 'live', deviceId: capture.deviceId, stream: capture.stream });
    await this.readDevices(attempt);
  }

  /** One for all webcams, so that nothing jumps from one to the next. */
  private needMotion({ WebcamMotion, readCalibration }: WebcamKit): WebcamMotion {
    if (!this.motion) {
      this.motion = new WebcamMotion();
      const calibration = readCalibration(recallWebcam().calibration);
      if (calibration) this.motion.calibration = calibration;
    }
    return this.motion;
  }

  private fail(phase: WebcamPhase): void {
    this.letGo();
    this.store.change({ phase });
  }

  private letGo(): void {
    this.attempt += 1;
    this.scope.close();
    this.scope = new Scope();
    this.capture = null;
    this.motion?.take(null);
    this.store.change({ tracked: NOTHING, isLost: false, stream: null });
  }

  private look({ tracking: { face, body, leftHand, rightHand } }: WebcamMotion): void {
    const hands = leftHand || rightHand;
    const nowMs = systemClock.nowMs();
    if (face || body) this.seenMs = nowMs;
    const { tracked } = this.getSnapshot();
    const isSame = tracked.face === face && tracked.body === body && tracked.hands === hands;
    this.store.change({
      tracked: isSame ? tracked : { face, body, hands },
      isLost: nowMs - this.seenMs > LOST_AFTER_MS,
    });
  }

  private async readDevices(attempt: number): Promise<void> {
    const devices = await this.devices.list('webcam');
    if (attempt === this.attempt) this.store.change({ devices });
  }
}

let webcam: WebcamSession | null = null;

/** The webcam of this page: shared by lobby and meeting, so that joining does not open it again. */
export function pageWebcam(): WebcamSession {
  webcam ??= new BrowserWebcamSession();
  return webcam;
}

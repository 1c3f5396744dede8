import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserWebcamSession, type WebcamKit } from '@/app/_session/webcamSession';
import type { CaptureEvents } from '@/lib/capture/capture';
import { WebcamError, type WebcamErrorReason } from '@/lib/capture/webcamError';
import { Emitter } from '@/lib/core/emitter';
import { WebcamMotion } from '@/lib/meeting/webcamMotion';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';
import { readCalibration } from '@/lib/solve/face/calibration';

/** Captures made so far, and how the next one opens. */
const made: FakeCapture[] = [];
let opening: () => Promise<void> = async () => {};

/** A capture without a webcam. */
class FakeCapture {
  readonly events = new Emitter<CaptureEvents>();
  readonly stream = {} as MediaStream;
  readonly deviceId = 'desk';
  isClosed = false;
  asked: string | null = null;

  constructor() {
    made.push(this);
  }

  open(deviceId: string): Promise<void> {
    this.asked = deviceId;
    return opening();
  }

  close(): void {
    this.isClosed = true;
  }

  stats() {
    return { fps: 20, costs: { faceMs: 1, bodyMs: 1, handsMs: 1 }, delegate: 'CPU', mainThreadMs: 1, replaced: 0 };
  }
}

let permission: PermissionState = 'prompt';

const KIT = {
  Capture: FakeCapture,
  WebcamMotion,
  readCalibration,
} as unknown as WebcamKit;

const DEVICES = {
  permission: async () => permission,
  list: async () => [{ deviceId: 'desk', label: 'Desk' }],
  watch: () => () => {},
};

describe('the webcam of a page', () => {
  let session: BrowserWebcamSession;

  beforeEach(() => {
    vi.useFakeTimers();
    made.length = 0;
    opening = async () => {};
    permission = 'prompt';
    session = new BrowserWebcamSession(async () => KIT, DEVICES);
  });

  afterEach(() => {
    session.close();
    vi.useRealTimers();
  });

  it('a webcam is off until it is wanted', async () => {
    expect(session.getSnapshot()).toMatchObject({ phase: 'off', stream: null });
    expect(session.stats()).toBeUndefined();
    await session.openIfAllowed();
    expect(made).toHaveLength(0);
    permission = 'granted';
    await session.openIfAllowed();
    expect(session.getSnapshot().phase).toBe('live');
  });

  it('the webcam session opens a webcam, shows which one it is, and releases it', async () => {
    await session.open('desk');
    expect(session.getSnapshot()).toMatchObject({ phase: 'live', deviceId: 'desk', devices: [{ label: 'Desk' }] });
    expect(session.stats()).toMatchObject({ phase: 'live', reading: { fps: 20 } });
    session.close();
    expect(made[0]!.isClosed).toBe(true);
    expect(session.getSnapshot()).toMatchObject({ phase: 'off', stream: null });
  });

  it.each(['denied', 'busy', 'modelMissing'] as WebcamErrorReason[])(
    'the webcam session shows that the webcam cannot be read: %s',
    async (reason) => {
      opening = async () => {
        throw new WebcamError(reason);
      };
      await session.open('');
      expect(session.getSnapshot().phase).toBe(reason);
      expect(made[0]!.isClosed).toBe(true);
    },
  );

  it('the webcam session shows that the webcam was unplugged, and can open it again', async () => {
    await session.open('');
    made[0]!.events.emit('failed', new WebcamError('unplugged'));
    expect(session.getSnapshot()).toMatchObject({ phase: 'unplugged', stream: null });
    await session.open('');
    expect(session.getSnapshot().phase).toBe('live');
  });

  it('the webcam session opens the newest of several webcams that are asked for', async () => {
    const first = session.open('desk');
    const second = session.open('window');
    await Promise.all([first, second]);
    expect(made.filter(({ isClosed }) => !isClosed).map(({ asked }) => asked)).toEqual(['window']);
    const closing = session.open('desk');
    session.close();
    await closing;
    expect(session.getSnapshot().phase).toBe('off');
    expect(made.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('the webcam session shows that the webcam sees no one, but not at once', async () => {
    await session.open('');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.getSnapshot().isLost).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.getSnapshot()).toMatchObject({ isLost: true, tracked: { face: false, body: false, hands: false } });
  });

  it('the webcam session shows that a calibration saw no face', async () => {
    await session.open('');
    const calibrating = session.calibrate();
    expect(session.getSnapshot().calibration).toBe('running');
    await vi.advanceTimersByTimeAsync(2_000);
    await calibrating;
    expect(session.getSnapshot().calibration).toBe('failed');
  });

  it('the webcam session leaves the body to its other motion source while no one is seen', async () => {
    const idle = createIdleSource(3);
    const moved = session.over(idle);
    const [expected, pose] = [createPose(), createPose()];
    moved.sample(500, pose);
    expect(pose.values).toEqual(idle.sample(500, expected).values);
    await session.open('');
    moved.sample(1_000, pose);
    moved.sample(9_000, pose);
    idle.sample(9_000, expected);
    expect(pose.parts).toBe(expected.parts);
    pose.values.forEach((value, at) => {
      expect(Math.abs(value - expected.values[at]!)).toBeLessThan(1e-4);
    });
  });
});

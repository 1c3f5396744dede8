import { systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { LandmarkFrame } from '@/lib/core/landmarks';
import { RateMeter } from '@/lib/core/rateMeter';
import { DeviceError } from '@/lib/devices/deviceError';
import { pageDevices, stopStream } from '@/lib/devices/deviceManager';
import { type CaptureFiles, findCaptureFiles } from './captureFiles';
import { type Delegate, LandmarkWorkerClient, type ReadCosts } from './landmarkWorkerClient';
import { WebcamError, webcamErrorOf } from './webcamError';

/** Takes over a picture and closes it. `timeMs` is its capture time, milliseconds of the page's clock. */
export type OnPicture = (picture: VideoFrame, timeMs: number) => void;

/** A capture time older than this is not from this page's clock, ms. */
const AGE_MAX_MS = 1_000;

/** When a picture was captured: the browser's own figure if it is plausible, else now. */
function captureTimeMs(captureTime: number | undefined, nowMs: number): number {
  if (captureTime === undefined || !(captureTime <= nowMs) || captureTime < nowMs - AGE_MAX_MS) return nowMs;
  return captureTime;
}

/** Plays a webcam's stream out of sight and passes on each of its pictures. */
export class FrameReader {
  private readonly video = document.createElement('video');
  private request = 0;
  /** Main-thread milliseconds spent here so far. */
  spentMs = 0;

  constructor(
    stream: MediaStream,
    private readonly onPicture: OnPicture,
  ) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.srcObject = stream;
    // Rejects only if it is closed meanwhile.
    this.video.play().catch(() => {});
    this.next();
  }

  close(): void {
    this.video.cancelVideoFrameCallback(this.request);
    this.video.srcObject = null;
  }

  private next(): void {
    this.request = this.video.requestVideoFrameCallback((_now, metadata) => this.read(metadata));
  }

  private read({ captureTime }: VideoFrameCallbackMetadata): void {
    const startedMs = systemClock.nowMs();
    this.next();
    const picture = this.shown();
    if (picture) this.onPicture(picture, captureTimeMs(captureTime, startedMs));
    this.spentMs += systemClock.nowMs() - startedMs;
  }

  /** The picture shown now; null if a busy page came so late that it is gone already. */
  private shown(): VideoFrame | null {
    try {
      return new VideoFrame(this.video);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'InvalidStateError') return null;
      throw error;
    }
  }
}

function canReadPictures(): boolean {
  return (
    typeof VideoFrame === 'function' &&
    typeof OffscreenCanvas === 'function' &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype
  );
}

/** Opens a webcam, unless this browser could not read it anyway. @throws DeviceError */
async function openReadable(deviceId: string): Promise<MediaStream> {
  if (!canReadPictures()) throw new DeviceError('unsupported', 'webcam');
  return pageDevices.open('webcam', deviceId);
}

/** What a capture is made of; the defaults are those of a page. */
export interface CaptureParts {
  readonly openWebcam: (deviceId: string) => Promise<MediaStream>;
  readonly findFiles: () => Promise<CaptureFiles>;
  readonly createClient: () => LandmarkWorkerClient;
  /** Null: the quicker one. */
  readonly delegate: Delegate | null;
}

const BROWSER_PARTS: CaptureParts = {
  openWebcam: openReadable,
  findFiles: findCaptureFiles,
  createClient: () => new LandmarkWorkerClient(),
  delegate: null,
};

export interface CaptureEvents {
  /** A picture has been read. */
  landmarks: LandmarkFrame;
  /** It has ended by itself and released the webcam. */
  failed: WebcamError;
}

/** Figures of a running capture. */
export interface CaptureStats {
  /** Pictures read a second, over the last two seconds. */
  readonly fps: number;
  readonly costs: ReadCosts;
  /** What computes the models; null before the first picture. */
  readonly delegate: Delegate | null;
  /** Main-thread milliseconds for each picture read, including everything that listens to landmarks. */
  readonly mainThreadMs: number;
  /** Pictures that were never read, as a newer one came before their turn. */
  readonly replaced: number;
}

const NO_COSTS: ReadCosts = { faceMs: Number.NaN, bodyMs: Number.NaN, handsMs: Number.NaN };

/** Reads one webcam, from `open` to `close` or `failed`. The pictures stay in the page and its worker. */
export class Capture {
  readonly events = new Emitter<CaptureEvents>();
  private readonly parts: CaptureParts;
  private readonly rate = new RateMeter();
  private webcam: MediaStream | null = null;
  private reader: FrameReader | null = null;
  private client: LandmarkWorkerClient | null = null;
  private costs = NO_COSTS;
  private delegate: Delegate | null = null;
  private read = 0;
  private isClosed = false;
  private stopWaiting: () => void = () => {};

  constructor(parts: Partial<CaptureParts> = {}) {
    this.parts = { ...BROWSER_PARTS, ...parts };
  }

  /** What the webcam films, for a self-view; null while it is not open. */
  get stream(): MediaStream | null {
    return this.webcam;
  }

  /** The id of the webcam that is open; '' while none is. */
  get deviceId(): string {
    return this.webcam?.getVideoTracks()[0]?.getSettings().deviceId ?? '';
  }

  /**
   * Opens the webcam `deviceId` ('' for the browser's choice) and loads the models; resolves once pictures are read, or when
   * it is closed meanwhile. Looks for the models first, so that no user is asked for a webcam that could not be read.
   * @throws WebcamError
   */
  async open(deviceId: string): Promise<void> {
    try {
      const files = await this.parts.findFiles();
      if (this.isClosed) return;
      this.webcam = await this.parts.openWebcam(deviceId);
      // It may have been closed while the browser asked the user.
      if (this.isClosed) {
        this.close();
        return;
      }
      this.watchEnd(this.webcam);
      await this.start(this.webcam, files);
    } catch (error) {
      this.close();
      throw webcamErrorOf(error);
    }
  }

  /** Releases the webcam and the models, for good. */
  close(): void {
    this.isClosed = true;
    this.stopWaiting();
    this.reader?.close();
    this.client?.close();
    if (this.webcam) stopStream(this.webcam);
    this.reader = null;
    this.client = null;
    this.webcam = null;
  }

  stats(nowMs: number): CaptureStats {
    const { costs, delegate, client, reader } = this;
    const spentMs = (client?.spentMs ?? 0) + (reader?.spentMs ?? 0);
    return {
      fps: this.rate.perSecond(nowMs),
      costs,
      delegate,
      mainThreadMs: this.read === 0 ? 0 : spentMs / this.read,
      replaced: client?.replaced ?? 0,
    };
  }

  private start(webcam: MediaStream, files: CaptureFiles): Promise<void> {
    const client = this.parts.createClient();
    this.client = client;
    return new Promise((resolve, reject) => {
      this.stopWaiting = resolve;
      client.events.on('ready', () => {
        this.reader = new FrameReader(webcam, (picture, timeMs) => client.offer(picture, timeMs));
        client.events.on('failed', (error) => this.fail(error));
        resolve();
      });
      client.events.on('failed', reject);
      client.events.on('landmarks', ({ frame, costs, delegate }) => {
        this.costs = costs;
        this.delegate = delegate;
        this.read += 1;
        this.rate.note(frame.timeMs);
        this.events.emit('landmarks', frame);
      });
      client.start(files, this.parts.delegate);
    });
  }

  private watchEnd(webcam: MediaStream): void {
    for (const track of webcam.getVideoTracks()) {
      track.addEventListener('ended', () => this.fail(new WebcamError('unplugged')));
    }
  }

  private fail(error: WebcamError): void {
    if (this.isClosed) return;
    this.close();
    this.events.emit('failed', error);
  }
}

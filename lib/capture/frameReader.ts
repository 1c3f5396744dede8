import { systemClock } from '@/lib/core/clock';

/** Told of a picture; whoever is told closes it. `timeMs` is its capture time, milliseconds of the page's clock. */
export type OnPicture = (picture: VideoFrame, timeMs: number) => void;

/** A capture time older than this is not of this page's clock (ms). */
const AGE_MAX_MS = 1_000;

/** When a picture was captured: as the browser says, where that is plausible, else now. */
export function captureTimeMs(captureTime: number | undefined, nowMs: number): number {
  if (captureTime === undefined || !(captureTime <= nowMs) || captureTime < nowMs - AGE_MAX_MS) return nowMs;
  return captureTime;
}

/** Plays a camera's stream out of sight and tells of each of its pictures. */
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
    // Rejects only where it is closed meanwhile.
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

  /** The picture shown now; null where a busy page was told of it so late that it is gone already. */
  private shown(): VideoFrame | null {
    try {
      return new VideoFrame(this.video);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'InvalidStateError') return null;
      throw error;
    }
  }
}

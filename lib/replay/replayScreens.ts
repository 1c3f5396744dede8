import { SnapshotStore } from '@/lib/core/snapshotStore';
import { type ScreenFrame, ScreenFrames } from '@/lib/recording/screenFrames';
import type { ScreenRecord } from '@/lib/recording/segmentReader';
import type { Replay, ReplayScreenSink } from './replay';

/** The screen that is shared at the shown moment. */
export interface ShownScreen {
  readonly personId: string;
  readonly name: string;
  readonly track: number;
}

interface ReplayScreensState {
  /** Null while nobody shares one. */
  readonly shown: ShownScreen | null;
}

/** Decodes VP8. Pictures come later, in order, one for each frame, unless something fails. */
export interface ScreenDecoder {
  decode(frame: ScreenFrame): void;
  /** Frames that were handed in and have given no picture yet. */
  readonly waiting: number;
  /** No more pictures come of what was handed in; what follows begins with a keyframe. */
  reset(): void;
  close(): void;
}

/** Makes a decoder that draws each picture on `canvas` and calls `onPicture`. */
export type CreateScreenDecoder = (canvas: HTMLCanvasElement, onPicture: () => void) => ScreenDecoder;

/** With WebCodecs. */
class CodecDecoder implements ScreenDecoder {
  private decoder: VideoDecoder | null = null;
  private asked = 0;
  private given = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onPicture: () => void,
  ) {}

  get waiting(): number {
    return this.asked - this.given;
  }

  decode({ bytes, isKeyframe, timeMs }: ScreenFrame): void {
    if (!this.decoder && !isKeyframe) return;
    this.decoder ??= this.open();
    this.asked += 1;
    this.decoder.decode(
      new EncodedVideoChunk({ type: isKeyframe ? 'key' : 'delta', timestamp: timeMs * 1000, data: bytes }),
    );
  }

  reset(): void {
    const { decoder } = this;
    this.decoder = null;
    this.asked = 0;
    this.given = 0;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }

  close(): void {
    this.reset();
  }

  private open(): VideoDecoder {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => {
        if (this.decoder === decoder) {
          this.given += 1;
          this.draw(frame);
        }
        frame.close();
      },
      // The decoder is closed by then; the next keyframe opens another one.
      error: () => {
        if (this.decoder === decoder) this.reset();
      },
    });
    decoder.configure({ codec: 'vp8', optimizeForLatency: true });
    return decoder;
  }

  private draw(frame: VideoFrame): void {
    const { canvas } = this;
    const { displayWidth, displayHeight } = frame;
    if (canvas.width !== displayWidth) canvas.width = displayWidth;
    if (canvas.height !== displayHeight) canvas.height = displayHeight;
    canvas.getContext('2d', { alpha: false })!.drawImage(frame, 0, 0);
    this.onPicture();
  }
}

const createCodecDecoder: CreateScreenDecoder = (canvas, onPicture) => new CodecDecoder(canvas, onPicture);

/** The screens of a replay: the one that is shared at the shown moment, drawn on a canvas. */
export class ReplayScreens implements ReplayScreenSink {
  readonly store = new SnapshotStore<ReplayScreensState>({ shown: null });
  readonly canvas: HTMLCanvasElement;
  private readonly decoder: ScreenDecoder;
  private readonly stop: () => void;
  private frames = new ScreenFrames();
  private pictures = 0;

  constructor(
    private readonly replay: Replay,
    createDecoder: CreateScreenDecoder = createCodecDecoder,
    canvas: HTMLCanvasElement = document.createElement('canvas'),
  ) {
    this.canvas = canvas;
    this.decoder = createDecoder(canvas, () => {
      this.pictures += 1;
    });
    this.stop = replay.store.subscribe(() => this.follow());
    this.follow();
    replay.watch(this);
  }

  /** Whether this browser decodes screens. */
  static get isSupported(): boolean {
    return typeof VideoDecoder === 'function';
  }

  /** Grows with each picture; 0 before the first of the screen that is shown. */
  get version(): number {
    return this.pictures;
  }

  /** Whether the picture of every frame that was due has been drawn. */
  get isCurrent(): boolean {
    return this.decoder.waiting === 0;
  }

  restart(): void {
    this.frames = new ScreenFrames();
    this.decoder.reset();
  }

  take(record: ScreenRecord): void {
    if (record.track.id !== this.store.getSnapshot().shown?.track) return;
    const frame = this.frames.take(record);
    if (frame) this.decoder.decode(frame);
  }

  close(): void {
    this.stop();
    this.replay.watch(null);
    this.decoder.close();
  }

  /** Of several that are shared, the one that began last. */
  private follow(): void {
    const sharing = this.replay.store
      .getSnapshot()
      .meeting.people.flatMap(({ person, name, screen }) =>
        screen === null ? [] : [{ personId: person, name, track: screen }],
      );
    const last = sharing.reduce<ShownScreen | null>((a, b) => (a && a.track > b.track ? a : b), null);
    const { shown } = this.store.getSnapshot();
    if (last?.track === shown?.track && last?.name === shown?.name) return;
    if (last?.track !== shown?.track) {
      this.restart();
      this.pictures = 0;
    }
    this.store.change({ shown: last });
  }
}

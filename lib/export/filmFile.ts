import {
  AudioSample,
  AudioSampleSource,
  CanvasSource,
  canEncodeAudio,
  canEncodeVideo,
  Mp4OutputFormat,
  Output,
  Quality,
  StreamTarget,
  WebMOutputFormat,
} from 'mediabunny';
import type { ExportSink } from './exportRequest';
import { RATE_HZ } from './roomMix';

/** The kinds of video files. */
export type FilmContainer = 'mp4' | 'webm';

/** How this browser makes a video file. */
export interface FilmCodecs {
  readonly container: FilmContainer;
  readonly video: 'avc' | 'vp9' | 'vp8';
  readonly audio: 'aac' | 'opus';
}

const QUALITY = new Quality('high');
const CHANNELS = 2;
const AUDIO = { numberOfChannels: CHANNELS, sampleRate: RATE_HZ, quality: QUALITY } as const;

/** Which codecs this browser has for a video file of a size in pixels; null if it has none for that file. */
export async function filmCodecsFor(
  container: FilmContainer,
  width: number,
  height: number,
): Promise<FilmCodecs | null> {
  const canDraw = (codec: FilmCodecs['video']) => canEncodeVideo(codec, { width, height, quality: QUALITY });
  const hasOpus = await canEncodeAudio('opus', AUDIO);
  if (container === 'mp4') {
    if (!(await canDraw('avc'))) return null;
    if (await canEncodeAudio('aac', AUDIO)) return { container, video: 'avc', audio: 'aac' };
    return hasOpus ? { container, video: 'avc', audio: 'opus' } : null;
  }
  if (!hasOpus) return null;
  if (await canDraw('vp9')) return { container, video: 'vp9', audio: 'opus' };
  return (await canDraw('vp8')) ? { container, video: 'vp8', audio: 'opus' } : null;
}

/** A video file that is made picture by picture, in a browser. What fails rejects; then it must be cancelled. */
export class FilmFile {
  private readonly output: Output;
  private readonly pictures: CanvasSource;
  private readonly sound: AudioSampleSource | null;

  /** `canvas` holds the pictures, always of the same size. Without `hasSound` there is no track for it. */
  constructor(canvas: HTMLCanvasElement, { container, video, audio }: FilmCodecs, hasSound: boolean, sink: ExportSink) {
    const writable = new WritableStream<{ data: Uint8Array; position: number }>({
      write: ({ data, position }) => sink(data, position),
    });
    const format = container === 'mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
    this.output = new Output({ format, target: new StreamTarget(writable, { chunked: true }) });
    this.pictures = new CanvasSource(canvas, { codec: video, quality: QUALITY, keyFrameInterval: 2 });
    this.sound = hasSound ? new AudioSampleSource({ codec: audio, quality: QUALITY }) : null;
  }

  /** `fps`: pictures a second. */
  async start(fps: number): Promise<void> {
    this.output.addVideoTrack(this.pictures, { frameRate: fps });
    if (this.sound) this.output.addAudioTrack(this.sound);
    await this.output.start();
  }

  /** Adds what the canvas shows, for `durationS` from `atS` on. Resolves once there is room for more. */
  addPicture(atS: number, durationS: number): Promise<void> {
    return this.pictures.add(atS, durationS);
  }

  /** Adds stereo of 16 bits at 48 kHz, left and right in turns, from `atS` on. */
  async addSound(samples: Int16Array<ArrayBuffer>, atS: number): Promise<void> {
    if (!this.sound || samples.length === 0) return;
    const format = { format: 's16', numberOfChannels: CHANNELS, sampleRate: RATE_HZ } as const;
    const sample = new AudioSample({ ...format, data: samples, timestamp: atS });
    await this.sound.add(sample);
    sample.close();
  }

  async finish(): Promise<void> {
    await this.output.finalize();
  }

  async cancel(): Promise<void> {
    await this.output.cancel();
  }
}

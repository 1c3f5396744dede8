import type { CaptureFiles } from '../captureFiles';
import type { Delegate, FromLandmarkWorker, ToLandmarkWorker } from '../landmarkWorkerClient';
import { WebcamError } from '../webcamError';
import { DelegateTrial } from './delegateTrial';
import { LandmarkTasks } from './landmarkTasks';
import { PictureReader } from './pictureReader';

/** Log lines of MediaPipe's program: `I1128 08:17:04.459 ...`, and TensorFlow's `INFO: ...`. */
const LOG_LINE = /^(?:INFO: |[IWEF]\d{4} )/;

/**
 * Passes those lines to `console.debug`. The program prints them as errors, which would hide the page's own; its real failures
 * are thrown.
 */
function quietConsole(target: Pick<Console, 'error' | 'warn' | 'log' | 'debug'>): void {
  for (const name of ['error', 'warn', 'log'] as const) {
    const print = target[name].bind(target);
    target[name] = (...words: unknown[]) => {
      if (LOG_LINE.test(String(words[0]))) target.debug(...words);
      else print(...words);
    };
  }
}

/** Renderer names of drivers that draw on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether WebGL is absent or drawn by the CPU: then models are far slower on it than on the CPU itself. */
function isSoftwareGraphics(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  const info = context?.getExtension('WEBGL_debug_renderer_info');
  const renderer = context && String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return !renderer || SOFTWARE.test(renderer);
}

/** Least time between two pictures of one stream, ms: the models need increasing times. */
const STEP_LEAST_MS = 1;

/** What the worker does: loads the models, chooses what runs them, and reads pictures in turn. */
class LandmarkService {
  private files: CaptureFiles | null = null;
  private tasks: LandmarkTasks | null = null;
  private trial = new DelegateTrial();
  private reader = new PictureReader();
  private lastTimeMs = Number.NEGATIVE_INFINITY;
  private handsFailed = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly send: (message: FromLandmarkWorker) => void) {}

  /** Handles a message once those before it are done. Never throws: failures are sent to the page. */
  handle(message: ToLandmarkWorker): void {
    this.turn = this.turn.then(() => this.work(message));
  }

  private async work(message: ToLandmarkWorker): Promise<void> {
    try {
      if (message.type === 'start') await this.start(message.files, message.delegate);
      else await this.read(message.picture, message.timeMs);
    } catch (error) {
      const known = error instanceof WebcamError ? error : new WebcamError('wasmFailed', String(error));
      this.send({ type: 'failed', reason: known.reason, detail: known.detail });
    }
  }

  private async start(files: CaptureFiles, wanted: Delegate | null): Promise<void> {
    this.files = files;
    this.trial = new DelegateTrial(wanted ?? (isSoftwareGraphics() ? 'CPU' : 'GPU'));
    this.tasks = await this.createTasks(files);
    this.send({ type: 'ready' });
  }

  private async createTasks(files: CaptureFiles): Promise<LandmarkTasks> {
    const { delegate } = this.trial;
    try {
      return await LandmarkTasks.create(files, delegate);
    } catch (error) {
      const isModel = error instanceof WebcamError && error.reason !== 'wasmFailed';
      if (delegate === 'CPU' || isModel) throw error;
      this.trial.giveUpGpu();
      return LandmarkTasks.create(files, 'CPU');
    }
  }

  private async read(picture: VideoFrame, capturedMs: number): Promise<void> {
    const { tasks } = this;
    if (!tasks) {
      picture.close();
      return;
    }
    const timeMs = Math.max(capturedMs, this.lastTimeMs + STEP_LEAST_MS);
    this.lastTimeMs = timeMs;
    const startedMs = performance.now();
    try {
      const frame = this.reader.read(tasks, picture, timeMs);
      this.send({ type: 'landmarks', frame, costs: this.reader.costs, delegate: this.trial.delegate });
    } finally {
      picture.close();
    }
    if (this.trial.note(performance.now() - startedMs)) await this.changeDelegate();
    else if (this.reader.wantsHands) await this.addHands(tasks);
  }

  private async changeDelegate(): Promise<void> {
    this.tasks?.close();
    this.tasks = null;
    this.reader = new PictureReader();
    this.tasks = await this.createTasks(this.files!);
  }

  /** Without a hand model, or with a broken one, face and body are still read. */
  private async addHands(tasks: LandmarkTasks): Promise<void> {
    if (tasks.hasHands || this.handsFailed || this.files?.models.hands === null) return;
    try {
      await tasks.addHands();
    } catch (error) {
      this.handsFailed = true;
      console.warn(error);
    }
  }
}

// The page sends the next picture once it has the landmarks of the previous one.
quietConsole(console);
const service = new LandmarkService((message: FromLandmarkWorker) => self.postMessage(message));

self.onmessage = ({ data }: MessageEvent<ToLandmarkWorker>) => service.handle(data);

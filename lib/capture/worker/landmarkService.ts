import type { CaptureFiles } from '../captureFiles';
import { DelegateTrial } from '../delegateTrial';
import type { Delegate, FromLandmarkWorker, ToLandmarkWorker } from '../landmarkMessages';
import { WebcamError } from '../webcamError';
import { LandmarkTasks } from './landmarkTasks';
import { PictureReader } from './pictureReader';
import { isSoftwareGraphics } from './softwareGraphics';

/** Between two pictures of one stream, ms: the models want times that grow. */
const STEP_LEAST_MS = 1;

/** What the worker does: makes the models' readers, chooses what computes them, and reads pictures in turn. */
export class LandmarkService {
  private files: CaptureFiles | null = null;
  private tasks: LandmarkTasks | null = null;
  private trial = new DelegateTrial();
  private reader = new PictureReader();
  private lastTimeMs = Number.NEGATIVE_INFINITY;
  private handsFailed = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly tell: (message: FromLandmarkWorker) => void) {}

  /** Takes a message, once those before are done with. Never throws: what goes wrong is told. */
  handle(message: ToLandmarkWorker): void {
    this.turn = this.turn.then(() => this.work(message));
  }

  private async work(message: ToLandmarkWorker): Promise<void> {
    try {
      if (message.type === 'start') await this.start(message.files, message.delegate);
      else await this.read(message.picture, message.timeMs);
    } catch (error) {
      const known = error instanceof WebcamError ? error : new WebcamError('wasmFailed', String(error));
      this.tell({ type: 'failed', reason: known.reason, detail: known.detail });
    }
  }

  private async start(files: CaptureFiles, wanted: Delegate | null): Promise<void> {
    this.files = files;
    this.trial = new DelegateTrial(wanted ?? (isSoftwareGraphics() ? 'CPU' : 'GPU'));
    this.tasks = await this.createTasks(files);
    this.tell({ type: 'ready' });
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
      this.tell({ type: 'landmarks', frame, costs: this.reader.costs, delegate: this.trial.delegate });
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

  /** Without a model of hands, or with a broken one, face and body are read all the same. */
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

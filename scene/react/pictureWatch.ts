import {
  CPU_PACE,
  fixedPicture,
  GPU_PACE,
  nextPicture,
  type PictureChoice,
  type PictureMachine,
  type PictureQuality,
  type PictureState,
  pictureLadder,
  startPicture,
} from '@/scene/frame/pictureQuality';
import { webGl2Support } from './webgl2';

const LOOK_EVERY_MS = 600;
/** The first frames compile and upload; they say nothing about speed. */
const WARM_UP_MS = 1500;
/** A longer gap is a hidden tab or a sleeping machine, not a slow frame. */
const GAP_MAX_MS = 5000;

/** What this machine can draw. */
export function machineHere(): PictureMachine {
  return { isSoftware: webGl2Support()?.isSoftware ?? true, devicePixelRatio: window.devicePixelRatio || 1 };
}

/** The finest picture for this machine. */
export function finestHere(): PictureQuality {
  return pictureLadder(machineHere())[0]!;
}

/** Decides how finely to draw by the time between the display's frames. */
export class PictureWatch {
  private readonly ladder: readonly PictureQuality[];
  private readonly fixed: Readonly<Record<Exclude<PictureChoice, 'auto'>, PictureQuality>>;
  private readonly pace;
  private state: PictureState = startPicture();
  private startedMs = Number.NaN;
  private lookedMs = 0;
  private lastMs = 0;
  private frames = 0;
  private sumMs = 0;

  constructor(machine: PictureMachine = machineHere()) {
    this.ladder = pictureLadder(machine);
    this.pace = { rungs: this.ladder.length, ...(machine.isSoftware ? CPU_PACE : GPU_PACE) };
    this.fixed = {
      low: fixedPicture('low', machine),
      medium: fixedPicture('medium', machine),
      high: fixedPicture('high', machine),
    };
  }

  /** Notes a frame at `nowMs` and returns how to draw it; the same object until that changes. */
  note(choice: PictureChoice, nowMs: number): PictureQuality {
    if (choice === 'auto') this.measure(nowMs);
    else this.startedMs = Number.NaN;
    return choice === 'auto' ? this.ladder[this.state.rung]! : this.fixed[choice];
  }

  private measure(nowMs: number): void {
    const gapMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    if (Number.isNaN(this.startedMs)) this.startedMs = nowMs;
    if (nowMs - this.startedMs < WARM_UP_MS || gapMs > GAP_MAX_MS) {
      this.restart(nowMs);
      return;
    }
    this.frames += 1;
    this.sumMs += gapMs;
    if (nowMs - this.lookedMs < LOOK_EVERY_MS) return;
    this.state = nextPicture(this.state, this.sumMs / this.frames, this.sumMs, this.pace);
    this.restart(nowMs);
  }

  private restart(nowMs: number): void {
    this.lookedMs = nowMs;
    this.frames = 0;
    this.sumMs = 0;
  }
}

import { useFrame, useThree } from '@react-three/fiber';
import { useRef } from 'react';
import {
  CPU_PACE,
  GPU_PACE,
  nextQuality,
  PIXEL_RATIO_MIN,
  type QualityLimits,
  type QualityState,
  startQuality,
} from '@/scene/frame/adaptiveQuality';
import { webGl2Support } from './webgl2';

/** What draws itself and can do without shadows. */
export interface DrawnWorld {
  frame(): void;
  setShadows(on: boolean): void;
}

const LOOK_EVERY_MS = 600;
/** The first frames compile and upload; they say nothing about speed. */
const WARM_UP_MS = 1500;
/** A longer gap is a hidden tab or a sleeping machine, not a slow frame. */
const GAP_MAX_MS = 5000;

function qualityLimits(): QualityLimits {
  const isSoftware = webGl2Support()?.isSoftware ?? true;
  return {
    pixelRatioMax: isSoftware ? 1 : Math.min(2, window.devicePixelRatio || 1),
    pixelRatioMin: PIXEL_RATIO_MIN,
    shadowsAllowed: !isSoftware,
    ...(isSoftware ? CPU_PACE : GPU_PACE),
  };
}

/** Watches how far apart frames come and settles how finely to draw. */
class QualityWatch {
  private readonly limits = qualityLimits();
  private state: QualityState = startQuality(this.limits);
  private startedMs = Number.NaN;
  private lookedMs = 0;
  private lastMs = 0;
  private frames = 0;
  private sumMs = 0;

  get quality(): QualityState {
    return this.state;
  }

  /** Notes a frame; true where the quality has changed. */
  note(nowMs: number): boolean {
    const gapMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    if (Number.isNaN(this.startedMs)) this.startedMs = nowMs;
    if (nowMs - this.startedMs < WARM_UP_MS || gapMs > GAP_MAX_MS) return this.restart(nowMs);
    this.frames += 1;
    this.sumMs += gapMs;
    return nowMs - this.lookedMs >= LOOK_EVERY_MS && this.look(nowMs);
  }

  private look(nowMs: number): boolean {
    const before = this.state;
    this.state = nextQuality(before, this.sumMs / this.frames, this.sumMs, this.limits);
    this.restart(nowMs);
    return before.pixelRatio !== this.state.pixelRatio || before.shadows !== this.state.shadows;
  }

  private restart(nowMs: number): false {
    this.lookedMs = nowMs;
    this.frames = 0;
    this.sumMs = 0;
    return false;
  }
}

/** Draws `world` every frame of the canvas and adapts its fineness to the machine. Calls `onFirst` after each world's first frame. */
export function useFrameDriver(world: DrawnWorld | null, onFirst: () => void): void {
  const setDpr = useThree((state) => state.setDpr);
  const watch = useRef<QualityWatch | null>(null);
  const drawn = useRef<DrawnWorld | null>(null);
  // A priority above 0 takes rendering over from react-three-fiber.
  useFrame(() => {
    if (!world) return;
    watch.current ??= new QualityWatch();
    if (drawn.current !== world) world.setShadows(watch.current.quality.shadows);
    // Before the frame is drawn: a new pixel ratio empties the canvas.
    if (watch.current.note(performance.now())) {
      setDpr(watch.current.quality.pixelRatio);
      world.setShadows(watch.current.quality.shadows);
    }
    world.frame();
    if (drawn.current === world) return;
    drawn.current = world;
    onFirst();
  }, 1);
}

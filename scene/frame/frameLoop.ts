import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { Crowd } from '@/scene/avatar/crowd';
import { type RowWriter, WebGlRowWriter } from '@/scene/avatar/rowTexture';
import type { Actor } from './actor';
import { CapsWatch } from './detailCaps';
import { cull, DetailScheduler } from './detailScheduler';
import type { PoseFeed, VoiceFeed } from './feeds';
import { FrameStats, type StepFigure, StepTimes } from './frameStats';
import { CPU_PACE, GPU_PACE } from './pictureQuality';

/** A part of the scene that moves by itself: camera, chairs, name plates. Must not allocate. */
export interface FramePart {
  update(nowMs: number, deltaMs: number): void;
}

/** Everything a frame touches. The fields React may change are not readonly. */
export interface FrameWorld {
  readonly clock: Clock;
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly actors: readonly Actor[];
  /** Draws the actors' avatars. */
  readonly crowd: Crowd;
  /** Moves the camera. */
  readonly director: FramePart;
  /** Furniture that follows the people. */
  readonly furniture: FramePart;
  readonly plates: FramePart;
  /** Reports where each person is heard from. */
  readonly hearing: FramePart;
  feed: PoseFeed;
  voices: VoiceFeed;
  /** Whether decorative motion is off. */
  isStill: boolean;
  /** See `LodView.coarseness`. */
  lodCoarseness: number;
  /** Who is not drawn: the local participant in first person. */
  hiddenId: string | null;
}

/** A longer pause (a hidden tab) counts as this much. */
const DELTA_MAX_MS = 100;

/** Draws frames: runs the steps of {@link FRAME} in order. */
export class FrameLoop {
  readonly stats = new FrameStats();
  readonly steps = new StepTimes(FRAME.map(({ name }) => name));
  readonly writer: RowWriter;
  private readonly lodView: { heightPx: number; fov: number; coarseness: number };
  private readonly details = new DetailScheduler();
  private readonly caps: CapsWatch;
  private lastMs = Number.NaN;

  constructor(readonly world: FrameWorld) {
    // A scene that begins with coarse detail is drawn by the CPU.
    this.caps = new CapsWatch(world.lodCoarseness > 1 ? CPU_PACE : GPU_PACE);
    this.writer = new WebGlRowWriter(world.renderer);
    this.lodView = { heightPx: 1, fov: 1, coarseness: world.lodCoarseness };
  }

  /** One frame. */
  frame(): void {
    const nowMs = this.world.clock.nowMs();
    const deltaMs = this.advance(nowMs);
    this.steps.begin(nowMs);
    // By index: an iterator would be a new object each frame.
    for (let i = 0; i < FRAME.length; i += 1) {
      FRAME[i]!.run(this, nowMs, deltaMs);
      if (this.steps.isOn) this.steps.end(i, this.world.clock.nowMs());
    }
    this.measure(nowMs);
  }

  /** Reads every actor's pose and voice. */
  sampleFeeds(nowMs: number, deltaMs: number): void {
    const { actors, feed, voices, isStill } = this.world;
    for (let i = 0; i < actors.length; i += 1) {
      const actor = actors[i]!;
      actor.sample(feed, nowMs, deltaMs);
      actor.hear(voices.level(actor.id), deltaMs, isStill);
    }
  }

  /** Decides who is drawn, how finely and how often. */
  chooseDetail(): void {
    const { actors, camera, hiddenId } = this.world;
    camera.updateMatrixWorld();
    cull(actors, camera, hiddenId);
    this.lodView.heightPx = this.world.renderer.domElement.clientHeight;
    this.lodView.fov = camera.fov;
    this.lodView.coarseness = this.world.lodCoarseness;
    this.details.schedule(actors, camera, this.lodView, this.caps.caps);
    for (let i = 0; i < actors.length; i += 1) actors[i]!.show();
  }

  /** Composes the poses that are due. */
  composePoses(nowMs: number): void {
    const { actors } = this.world;
    for (let i = 0; i < actors.length; i += 1) {
      actors[i]!.schedule(nowMs);
      actors[i]!.compose();
    }
  }

  /** Hands the composed poses to the crowd. */
  applyPoses(): void {
    const { actors } = this.world;
    for (let i = 0; i < actors.length; i += 1) actors[i]!.apply();
  }

  /** The time since the last frame, which is boxed here once and passed on as it is. */
  private advance(nowMs: number): number {
    const deltaMs = Number.isNaN(this.lastMs) ? 0 : nowMs - this.lastMs;
    this.lastMs = nowMs;
    return Math.min(DELTA_MAX_MS, Math.max(0, deltaMs));
  }

  private measure(startMs: number): void {
    const endMs = this.world.clock.nowMs();
    const { calls, triangles } = this.world.renderer.info.render;
    this.stats.add(endMs, endMs - startMs, calls, triangles);
    this.caps.note(startMs, endMs - startMs);
  }
}

/** One step of a frame. Must not allocate. */
interface FrameStep {
  readonly name: string;
  run(loop: FrameLoop, nowMs: number, deltaMs: number): void;
}

/** The frame: everything that happens at frame rate, in this order. */
const FRAME = [
  { name: 'sample', run: (loop, nowMs, deltaMs) => loop.sampleFeeds(nowMs, deltaMs) },
  { name: 'camera', run: ({ world }, nowMs, deltaMs) => world.director.update(nowMs, deltaMs) },
  { name: 'detail', run: (loop) => loop.chooseDetail() },
  { name: 'compose', run: (loop, nowMs) => loop.composePoses(nowMs) },
  { name: 'apply', run: (loop) => loop.applyPoses() },
  { name: 'solve', run: ({ world }) => world.crowd.solve() },
  { name: 'swing', run: ({ world }, _nowMs, deltaMs) => world.crowd.swing(deltaMs) },
  { name: 'furniture', run: ({ world }, nowMs, deltaMs) => world.furniture.update(nowMs, deltaMs) },
  { name: 'plates', run: ({ world }, nowMs, deltaMs) => world.plates.update(nowMs, deltaMs) },
  { name: 'upload', run: ({ world, writer }) => world.crowd.upload(writer) },
  { name: 'render', run: ({ world }) => world.renderer.render(world.scene, world.camera) },
  { name: 'hearing', run: ({ world }, nowMs, deltaMs) => world.hearing.update(nowMs, deltaMs) },
] as const satisfies readonly FrameStep[];

/** Name of a step of the frame. */
export type FrameStepName = (typeof FRAME)[number]['name'];

/** What each step takes, in their order. */
export type StepFigures = ReadonlyArray<StepFigure<FrameStepName>>;

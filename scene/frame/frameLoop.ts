import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { Crowd } from '@/scene/avatar/crowd';
import { type RowWriter, WebGlRowWriter } from '@/scene/avatar/rowTexture';
import type { Actor } from './actor';
import { CapsWatch } from './detailCaps';
import { cull, DetailScheduler } from './detailScheduler';
import type { PoseFeed, VoiceFeed } from './feeds';
import { FrameStats, StepTimes } from './frameStats';
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
  /** Tells the ears where everybody is heard from. */
  readonly hearing: FramePart;
  feed: PoseFeed;
  voices: VoiceFeed;
  /** Whether nothing that only decorates may move. */
  isStill: boolean;
  /** See `LodView.coarseness`. */
  lodCoarseness: number;
  /** Who is not drawn: oneself in first person. */
  hiddenId: string | null;
}

/** A pause longer than this (a hidden tab) counts as this much. */
const DELTA_MAX_MS = 100;

/** Draws frames, each as the list in {@link FrameLoop.frame}. Walks by index: iterators would be made anew each frame. */
export class FrameLoop {
  readonly stats = new FrameStats();
  readonly steps = new StepTimes();
  private readonly lodView: { heightPx: number; fov: number; coarseness: number };
  private readonly writer: RowWriter;
  private readonly details = new DetailScheduler();
  private readonly caps: CapsWatch;
  private lastMs = Number.NaN;

  constructor(private readonly world: FrameWorld) {
    // Where switching comes early, the CPU draws.
    this.caps = new CapsWatch(world.lodCoarseness > 1 ? CPU_PACE : GPU_PACE);
    this.writer = new WebGlRowWriter(world.renderer);
    this.lodView = { heightPx: 1, fov: 1, coarseness: world.lodCoarseness };
  }

  /** One frame. Everything at frame rate happens here, in this order: that of `FRAME_STEPS`. */
  frame(): void {
    const nowMs = this.world.clock.nowMs();
    const deltaMs = this.advance(nowMs);
    this.steps.begin(nowMs);
    this.sampleFeeds(nowMs, deltaMs);
    this.ended();
    this.world.director.update(nowMs, deltaMs);
    this.ended();
    this.chooseDetail();
    this.ended();
    this.composePoses(nowMs);
    this.ended();
    this.applyPoses();
    this.ended();
    this.world.crowd.solve();
    this.ended();
    this.world.crowd.swing(deltaMs);
    this.ended();
    this.world.furniture.update(nowMs, deltaMs);
    this.ended();
    this.world.plates.update(nowMs, deltaMs);
    this.ended();
    this.world.crowd.upload(this.writer);
    this.ended();
    this.render();
    this.ended();
    this.world.hearing.update(nowMs, deltaMs);
    this.ended();
    this.measure(nowMs);
  }

  private advance(nowMs: number): number {
    const deltaMs = Number.isNaN(this.lastMs) ? 0 : nowMs - this.lastMs;
    this.lastMs = nowMs;
    return Math.min(DELTA_MAX_MS, Math.max(0, deltaMs));
  }

  private sampleFeeds(nowMs: number, deltaMs: number): void {
    const { actors, feed, voices, isStill } = this.world;
    for (let i = 0; i < actors.length; i += 1) {
      const actor = actors[i]!;
      actor.sample(feed, nowMs, deltaMs);
      actor.hear(voices.level(actor.id), deltaMs, isStill);
    }
  }

  /** A step of the frame has ended; costs nothing while nobody wants to know. */
  private ended(): void {
    if (this.steps.isOn) this.steps.end(this.world.clock.nowMs());
  }

  private chooseDetail(): void {
    const { actors, camera, hiddenId } = this.world;
    camera.updateMatrixWorld();
    cull(actors, camera, hiddenId);
    this.lodView.heightPx = this.world.renderer.domElement.clientHeight;
    this.lodView.fov = camera.fov;
    this.lodView.coarseness = this.world.lodCoarseness;
    this.details.schedule(actors, camera, this.lodView, this.caps.caps);
    for (let i = 0; i < actors.length; i += 1) actors[i]!.show();
  }

  private composePoses(nowMs: number): void {
    const { actors } = this.world;
    for (let i = 0; i < actors.length; i += 1) {
      actors[i]!.schedule(nowMs);
      actors[i]!.compose();
    }
  }

  private applyPoses(): void {
    const { actors } = this.world;
    for (let i = 0; i < actors.length; i += 1) actors[i]!.apply();
  }

  private render(): void {
    this.world.renderer.render(this.world.scene, this.world.camera);
  }

  private measure(startMs: number): void {
    const endMs = this.world.clock.nowMs();
    const { calls, triangles } = this.world.renderer.info.render;
    this.stats.add(endMs, endMs - startMs, calls, triangles);
    this.caps.note(startMs, endMs - startMs);
  }
}

import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { Cast } from '@/scene/frame/cast';
import { SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import type { Placement } from '@/scene/frame/placement';
import { coarseAvatars } from './defaultAvatars';
import { createAvatarMaterial } from './matteMaterial';

/** What all booths of a canvas share. */
export interface BoothStudio {
  readonly clock: Clock;
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly standIn: AvatarModel;
}

const STILL: FramePart = { update: () => {} };
const SPOT: Placement = { x: 0, z: 0, yawRad: 0.16, standX: 0, standZ: 0, seatHeight: null };

/** Head and shoulders: the picture's middle below the top of the head, and half its height, metres. */
const MIDDLE_BELOW_TOP = 0.23;
const HALF_HEIGHT = 0.31;
const CAMERA_LIFT = 0.04;

/** One person before the camera, apart from all others: each booth draws into its own part of the canvas. */
export class PortraitBooth {
  private readonly crowd = new Crowd(createAvatarMaterial);
  private readonly cast: Cast;
  private readonly loop: FrameLoop;
  private source: MotionSource | undefined;
  private beganMs = Number.NaN;

  constructor({ standIn, ...studio }: BoothStudio) {
    this.crowd.root.visible = false;
    this.cast = new Cast({ crowd: this.crowd, avatars: coarseAvatars, standIn, placeOf: () => SPOT });
    this.loop = new FrameLoop({
      ...studio,
      actors: this.cast.actors,
      crowd: this.crowd,
      director: { update: () => this.frame(studio.camera) },
      furniture: STILL,
      plates: STILL,
      hearing: STILL,
      feed: { sample: (_id, nowMs, out) => this.sample(nowMs, out) },
      voices: SILENCE,
      isStill: true,
      lodCoarseness: 1,
      hiddenId: null,
    });
    studio.scene.add(this.crowd.root);
  }

  /** Who stands here, and what moves them; without, they rest. */
  setPerson(avatar: string, source: MotionSource | undefined): void {
    this.source = source;
    this.cast.setPeople([{ id: 'sitter', name: '', avatar, seat: 0 }]);
  }

  get isSettled(): boolean {
    return this.cast.actors.every((actor) => actor.isSettled);
  }

  /** Draws the person alone. */
  draw(): void {
    this.crowd.root.visible = true;
    this.loop.frame();
    this.crowd.root.visible = false;
  }

  dispose(): void {
    this.cast.dispose();
    this.crowd.dispose();
  }

  private sample(nowMs: number, out: Parameters<MotionSource['sample']>[1]): 'live' | 'none' {
    if (!this.source) return 'none';
    if (Number.isNaN(this.beganMs)) this.beganMs = nowMs;
    this.source.sample(nowMs - this.beganMs, out);
    return 'live';
  }

  private frame(camera: PerspectiveCamera): void {
    const middleY = (this.cast.actors[0]?.topY ?? 0) - MIDDLE_BELOW_TOP;
    const distance = HALF_HEIGHT / Math.tan((camera.fov * Math.PI) / 360);
    camera.position.set(0, middleY + CAMERA_LIFT, distance);
    camera.lookAt(0, middleY, 0);
  }
}

import { PerspectiveCamera, type Scene, Vector3, type WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Lighting } from '@/scene/room/lighting';
import { MOODS } from '@/scene/room/moods';
import type { DrawnWorld } from './frameDriver';
import { PortraitBooth } from './portraitBooth';

/** Where a picture lies on the canvas, CSS pixels from its upper left corner. Square. */
export interface PictureFrame {
  readonly leftPx: number;
  readonly topPx: number;
  readonly sizePx: number;
}

/** Somebody in one of the pictures. */
export interface PicturedPerson {
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  /** Moves them; without, they rest. */
  readonly source?: MotionSource;
}

const FOV = 20;
/** About where the camera stands before each of them, metres. */
const LOOKED_AT_FROM = new Vector3(0, 1.3, 1.8);

/** Several people in pictures of their own, drawn into frames of one canvas. */
export class PeopleWorld implements DrawnWorld {
  private readonly booths: PortraitBooth[] = [];
  private readonly lighting = new Lighting(1.5, 1.5);
  private readonly standIn = createStandInModel();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.1, 10);
  private frames: readonly PictureFrame[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly renderer: WebGLRenderer,
    private readonly clock: Clock,
  ) {
    this.lighting.setMood(MOODS.day, false);
    this.lighting.setShadows(false);
    this.lighting.follow(LOOKED_AT_FROM);
    scene.add(this.lighting.group);
    renderer.setScissorTest(true);
  }

  setPeople(people: readonly PicturedPerson[]): void {
    while (this.booths.length < people.length) this.booths.push(this.openBooth());
    for (const booth of this.booths.splice(people.length)) booth.dispose();
    people.forEach(({ avatar, source }, i) => {
      this.booths[i]!.setPerson(avatar, source);
    });
  }

  /** Where each person's picture lies, in the order of the people. */
  setFrames(frames: readonly PictureFrame[]): void {
    this.frames = frames;
  }

  setShadows(): void {
    // A face a thumb wide shows none.
  }

  /** Whether everybody has their avatar and has eased into their pose. */
  get isSettled(): boolean {
    return this.booths.length > 0 && this.booths.every((booth) => booth.isSettled);
  }

  frame(): void {
    const { booths, frames } = this;
    for (let i = 0; i < booths.length && i < frames.length; i += 1) {
      this.aim(frames[i]!);
      booths[i]!.draw();
    }
  }

  dispose(): void {
    for (const booth of this.booths) booth.dispose();
    this.booths.length = 0;
    this.standIn.dispose();
    this.lighting.group.removeFromParent();
  }

  private openBooth(): PortraitBooth {
    const { clock, renderer, scene, camera, standIn } = this;
    return new PortraitBooth({ clock, renderer, scene, camera, standIn });
  }

  private aim({ leftPx, topPx, sizePx }: PictureFrame): void {
    const bottomPx = this.renderer.domElement.clientHeight - topPx - sizePx;
    this.renderer.setViewport(leftPx, bottomPx, sizePx, sizePx);
    this.renderer.setScissor(leftPx, bottomPx, sizePx, sizePx);
  }
}

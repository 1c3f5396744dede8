import { DirectionalLight, Group, HemisphereLight, PerspectiveCamera, type Scene, type WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createStandInModel } from '@/scene/avatar/standInModel';
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

/** Light as in a photographer's studio, so that a face a thumb wide is readable: the same as in the portraits. */
function createStudioLight(): Group {
  const sky = new HemisphereLight('#ffffff', '#e2cdbb', 2.3);
  const key = new DirectionalLight('#fff4e6', 1.5);
  key.position.set(-1.2, 2.6, 2.4);
  return new Group().add(sky, key);
}

/** Several people in pictures of their own, drawn into frames of one canvas. */
export class PeopleWorld {
  /** Null where nobody is drawn. */
  private booths: (PortraitBooth | null)[] = [];
  private readonly light = createStudioLight();
  private readonly standIn = createStandInModel();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.1, 10);
  private frames: readonly PictureFrame[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly renderer: WebGLRenderer,
    private readonly clock: Clock,
  ) {
    scene.add(this.light);
    renderer.setScissorTest(true);
    // Three clears to opaque black until it has rendered once, and who comes first may be nobody.
    renderer.setClearAlpha(0);
  }

  /** Who is in which picture; null leaves one empty. */
  setPeople(people: readonly (PicturedPerson | null)[]): void {
    const before = this.booths;
    this.booths = people.map((person, i) => person && (before[i] ?? this.openBooth()));
    before.forEach((booth, i) => {
      if (this.booths[i] !== booth) booth?.dispose();
    });
    people.forEach((person, i) => {
      if (person) this.booths[i]!.setPerson(person.avatar, person.source);
    });
  }

  /** Where each person's picture lies, in the order of the people. */
  setFrames(frames: readonly PictureFrame[]): void {
    this.frames = frames;
  }

  /** Whether everybody has their avatar and has eased into their pose. */
  get isSettled(): boolean {
    return this.booths.every((booth) => booth === null || booth.isSettled);
  }

  frame(): void {
    const { booths, frames } = this;
    for (let i = 0; i < booths.length && i < frames.length; i += 1) {
      this.aim(frames[i]!);
      const booth = booths[i]!;
      if (booth) booth.draw();
      else this.renderer.clear();
    }
  }

  dispose(): void {
    for (const booth of this.booths) booth?.dispose();
    this.booths = [];
    this.standIn.dispose();
    this.light.removeFromParent();
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

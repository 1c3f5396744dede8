import { DirectionalLight, Group, HemisphereLight, PerspectiveCamera, type Scene, type WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Cast } from '@/scene/frame/cast';
import { SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import type { Placement } from '@/scene/frame/placement';
import { coarseAvatars } from '../defaultAvatars';
import { createAvatarMaterial } from '../matteMaterial';

/** A square picture's place on the canvas, CSS pixels from its upper left corner. */
export interface PictureFrame {
  readonly leftPx: number;
  readonly topPx: number;
  readonly sizePx: number;
}

/** A person in one of the pictures. */
export interface PicturedPerson {
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  /** Moves the person, who rests without one. */
  readonly source?: MotionSource;
}

const FOV = 20;

/** Light as in a photographer's studio, so that a face a thumb wide is readable; the same as in the portraits. */
function createStudioLight(): Group {
  const sky = new HemisphereLight('#ffffff', '#e2cdbb', 2.3);
  const key = new DirectionalLight('#fff4e6', 1.5);
  key.position.set(-1.2, 2.6, 2.4);
  return new Group().add(sky, key);
}

/** Several people, each in a picture of their own, drawn into frames of one canvas. */
export class PeopleWorld {
  /** Null for an empty picture. */
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
    // Three clears to opaque black until it has rendered once, and the first picture may be empty.
    renderer.setClearAlpha(0);
  }

  /** The person in each picture; null leaves it empty. */
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

  /** Whether all avatars are loaded and have eased into their poses. */
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

/** One person in front of a camera, apart from all others: each booth draws into its own part of the canvas. */
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

  /** Who stands here and what moves them; without a source they rest. */
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

import { createRoot, type ReconcilerRoot } from '@react-three/fiber';
import { NeutralToneMapping, PerspectiveCamera, WebGLRenderer } from 'three';
import type { Participant } from '@/lib/core/meeting';
import type { CameraPlace } from '@/scene/camera/cameraDirector';
import { fixedPicture } from '@/scene/frame/pictureQuality';
import { defaultAvatars } from './defaultAvatars';
import { Meeting } from './MeetingScene';
import type { MeetingWorld } from './meetingWorld';
import { machineHere } from './pictureWatch';
import type { MeetingSettings } from './sceneContract';

/** How a film is drawn. */
export interface FilmFormat {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Seats of the meeting. */
  readonly seats: number;
  /** Where the camera stays; null where the view moves it. */
  readonly camera: CameraPlace | null;
}

/** Steps in which everything comes to rest before the first picture, ms, and the most of them. */
const REST_STEP_MS = 50;
const REST_STEPS = 60;
const AVATAR_WAIT_MS = 15_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * The meeting's scene outside of the page's picture, on a clock of its own: draws a frame when told to, however long that takes.
 * Scene and name plates come as one picture.
 */
export class FilmStage {
  /** The picture that was drawn last. */
  readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private readonly host = document.createElement('div');
  private readonly renderer: WebGLRenderer;
  private readonly root: ReconcilerRoot<HTMLCanvasElement>;
  private readonly clock = { nowMs: () => this.atMs };
  private readonly worn = new Set<string>();
  private world: MeetingWorld | null = null;
  private people: readonly Participant[] = [];
  private atMs = 0;

  private constructor(
    scene: HTMLCanvasElement,
    private readonly format: FilmFormat,
  ) {
    const { width, height } = format;
    const { isSoftware } = machineHere();
    this.renderer = new WebGLRenderer({ canvas: scene, antialias: !isSoftware, stencil: false });
    this.context = this.canvas.getContext('2d', { alpha: false })!;
    Object.assign(this.canvas, { width, height });
    // It has a size, which plates and detail go by, and is not seen.
    Object.assign(this.host.style, { position: 'fixed', width: '0', height: '0', overflow: 'hidden' });
    const box = document.createElement('div');
    Object.assign(box.style, { position: 'relative', width: `${width}px`, height: `${height}px` });
    Object.assign(scene.style, { display: 'block', width: '100%', height: '100%' });
    this.host.inert = true;
    this.host.append(box);
    box.append(scene);
    document.body.append(this.host);
    this.root = createRoot(scene);
  }

  /** Opens a stage with `settings`, once its avatars are there. @throws Error where the browser can't draw */
  static async open(format: FilmFormat, settings: MeetingSettings): Promise<FilmStage> {
    const stage = new FilmStage(document.createElement('canvas'), format);
    try {
      await stage.begin(settings);
      return stage;
    } catch (error) {
      stage.close();
      throw error;
    }
  }

  /** Takes over other settings. Resolves once the next frame shows them, with the avatars of those who came. */
  async show(settings: MeetingSettings): Promise<void> {
    if (settings.people !== this.people) await this.dress(settings.people);
    this.people = settings.people;
    await new Promise<void>((resolve) => this.render(settings, () => resolve()));
  }

  /** Draws the next frame, `stepMs` after the one before. */
  draw(stepMs: number): void {
    this.step(stepMs);
    const { width, height } = this.format;
    // In the task of the frame: later the buffer is empty.
    for (const layer of this.host.querySelectorAll('canvas')) this.context.drawImage(layer, 0, 0, width, height);
  }

  close(): void {
    this.root.unmount();
    this.renderer.dispose();
    this.host.remove();
    for (const avatar of this.worn) defaultAvatars.release(avatar);
    this.worn.clear();
  }

  private async begin(settings: MeetingSettings): Promise<void> {
    const { width, height, camera } = this.format;
    const size = { width, height, top: 0, left: 0 };
    const eye = new PerspectiveCamera(40, width / height, 0.08, 60);
    await this.root.configure({ gl: this.renderer, camera: eye, size, frameloop: 'never', dpr: 1, flat: true });
    this.renderer.toneMapping = NeutralToneMapping;
    await this.show(settings);
    const world = this.world!;
    world.setPicture({ ...fixedPicture('high', machineHere()), pixelRatio: 1 });
    world.holdCamera(camera);
    await this.rest(world);
  }

  /** Until everybody wears their avatar and the camera stands: nothing of that is to be seen. */
  private async rest(world: MeetingWorld): Promise<void> {
    const { renderer } = this;
    const draw = renderer.render;
    renderer.render = () => {};
    for (let k = 0; k < REST_STEPS || !world.isSettled; k += 1) {
      this.step(REST_STEP_MS);
      if (k > 0 && k % REST_STEPS === 0) await pause(REST_STEP_MS);
      if (k > REST_STEPS * 20) break;
    }
    renderer.render = draw;
  }

  private step(stepMs: number): void {
    this.atMs += stepMs;
    this.world?.frame();
  }

  /** Has the avatars of people ready before they come, or gives up on those that take too long. */
  private async dress(people: readonly Participant[]): Promise<void> {
    const wanted = people.map(({ avatar }) => avatar).filter((avatar) => !this.worn.has(avatar));
    const loads = wanted.map((avatar) => {
      this.worn.add(avatar);
      return defaultAvatars.acquire(avatar).catch(() => null);
    });
    await Promise.race([Promise.all(loads), pause(AVATAR_WAIT_MS)]);
  }

  private render(settings: MeetingSettings, onShown: () => void): void {
    const onWorld = (world: MeetingWorld | null) => {
      this.world = world;
      if (world) onShown();
    };
    // A new function each time: it is called again once these settings are in the scene.
    this.root.render(<Meeting {...settings} seats={this.format.seats} clock={this.clock} onWorld={onWorld} />);
  }
}

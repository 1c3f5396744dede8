import type { Scene, Vector3, WebGLRenderer } from 'three';
import { smooth } from '@/lib/core/easing';
import { SCREEN_PICTURE, type WallScreen } from '@/scene/room/walls/wallScreen';
import type { ScreenCaption } from './namePlates';
import type { SharedScreen } from './sceneContract';
import { moveScreen, type ScreenMotion } from './screenMotion';
import { ScreenPicture } from './screenPicture';

/** The caption hangs this far over the picture, metres. */
const CAPTION_ABOVE = 0.03;

/** What somebody shares, on the room's screen: lets the cloth down, lights the picture, says whose it is. */
export class SharedScreenView {
  private readonly picture: ScreenPicture;
  private readonly motion: ScreenMotion = { roll: 0, light: 0 };
  private wanted: SharedScreen | null = null;
  private shown: SharedScreen | null = null;

  constructor(
    scene: Scene,
    private readonly cloth: WallScreen,
    private readonly caption: ScreenCaption,
    renderer: WebGLRenderer,
  ) {
    const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
    this.picture = new ScreenPicture(width, height, renderer.capabilities.getMaxAnisotropy());
    this.picture.mesh.position.set(x, y, z);
    this.picture.mesh.rotation.y = yawRad;
    placeCaption(caption.place);
    scene.add(this.picture.mesh);
  }

  /** What is to be shown from now on; null rolls the screen up. */
  set(screen: SharedScreen | null): void {
    this.wanted = screen;
  }

  /** Whether a picture is on the screen. */
  get isShown(): boolean {
    return this.picture.mesh.visible;
  }

  update(deltaMs: number, isStill: boolean): void {
    const isCurrent = this.wanted !== null && this.shown?.video === this.wanted.video;
    const { roll } = this.motion;
    moveScreen(this.motion, this.wanted !== null, isCurrent && this.picture.hasPicture, deltaMs, isStill);
    // Another picture comes once the one before has gone out.
    if (!isCurrent && this.motion.light === 0) this.take(this.wanted);
    else if (isCurrent) this.shown = this.wanted;
    if (roll !== this.motion.roll) this.cloth.setRoll(smooth(this.motion.roll));
    this.picture.setLight(this.motion.light);
    this.caption.opacity = this.motion.light;
    this.caption.name = this.shown?.name ?? '';
  }

  dispose(): void {
    this.picture.dispose();
  }

  private take(screen: SharedScreen | null): void {
    this.shown = screen;
    this.picture.setVideo(screen?.video ?? null);
  }
}

function placeCaption(out: Vector3): void {
  out.set(SCREEN_PICTURE.x, SCREEN_PICTURE.y + SCREEN_PICTURE.height / 2 + CAPTION_ABOVE, SCREEN_PICTURE.z);
}

import { type PerspectiveCamera, Vector2, Vector3 } from 'three';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';

/** A press that moves farther (CSS pixels) or lasts longer turns the camera and is no click. */
const CLICK_MOVES_MAX = 6;
const CLICK_LASTS_MAX_MS = 500;

const direction = new Vector3();

/** Whether the ray through `at` (picture coordinates -1..1) meets the picture of the room's screen. */
export function meetsScreen(camera: PerspectiveCamera, at: Vector2): boolean {
  const { x, y, z, width, height } = SCREEN_PICTURE;
  direction.set(at.x, at.y, 0.5).unproject(camera).sub(camera.position);
  // The screen looks along +X.
  const t = (x - camera.position.x) / direction.x;
  if (!(t > 0)) return false;
  const hitY = camera.position.y + direction.y * t;
  const hitZ = camera.position.z + direction.z * t;
  return Math.abs(hitY - y) <= height / 2 && Math.abs(hitZ - z) <= width / 2;
}

/** Clicks and taps on the room's screen, and the pointer's shape over it. */
export class ScreenPointer {
  private readonly ends = new AbortController();
  private readonly at = new Vector2();
  private pressed: { id: number; x: number; y: number; timeMs: number } | null = null;

  /** `isActive`: whether there is anything to be clicked now. */
  constructor(
    private readonly element: HTMLElement,
    private readonly camera: PerspectiveCamera,
    private readonly isActive: () => boolean,
    private readonly onClick: () => void,
  ) {
    const { signal } = this.ends;
    element.addEventListener('pointerdown', this.onDown, { signal });
    element.addEventListener('pointerup', this.onUp, { signal });
    element.addEventListener('pointermove', this.onMove, { signal });
  }

  dispose(): void {
    this.ends.abort();
    this.element.style.cursor = '';
  }

  private readonly onDown = (event: PointerEvent): void => {
    const isFirst = event.isPrimary && event.button === 0;
    this.pressed = isFirst
      ? { id: event.pointerId, x: event.clientX, y: event.clientY, timeMs: event.timeStamp }
      : null;
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed || pressed.id !== event.pointerId) return;
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (moved > CLICK_MOVES_MAX || event.timeStamp - pressed.timeMs > CLICK_LASTS_MAX_MS) return;
    if (this.isOver(event)) this.onClick();
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || event.buttons !== 0) return;
    this.element.style.cursor = this.isOver(event) ? 'pointer' : '';
  };

  private isOver(event: PointerEvent): boolean {
    if (!this.isActive()) return false;
    const box = this.element.getBoundingClientRect();
    this.at.set(((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2);
    return meetsScreen(this.camera, this.at);
  }
}

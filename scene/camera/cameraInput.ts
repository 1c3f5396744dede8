/** Movement since the last frame. */
interface CameraMotion {
  /** Turn: drag as a share of the picture's height. */
  turnX: number;
  turnY: number;
  /** Sideways and up: drag with two fingers or the right button, as a share of the picture's height. */
  slideX: number;
  slideY: number;
  /** Factor on the distance; below 1 moves closer. */
  zoom: number;
}

/** Keys that move the camera, by what they do. `code`s, so that they are in the same place on every keyboard. */
const KEYS = {
  forward: ['KeyW'],
  back: ['KeyS'],
  left: ['KeyA'],
  right: ['KeyD'],
  up: ['KeyE', 'PageUp'],
  down: ['KeyQ', 'PageDown'],
  turnLeft: ['ArrowLeft'],
  turnRight: ['ArrowRight'],
  turnUp: ['ArrowUp'],
  turnDown: ['ArrowDown'],
  closer: ['Equal', 'NumpadAdd'],
  farther: ['Minus', 'NumpadSubtract'],
} as const;

export type CameraKey = keyof typeof KEYS;

const KEY_OF_CODE = new Map<string, CameraKey>(
  Object.entries(KEYS).flatMap(([key, codes]) => codes.map((code) => [code, key as CameraKey] as const)),
);

const WHEEL_RATE = 0.0011;

interface Finger {
  x: number;
  y: number;
  slides: boolean;
}

/** Pointer, wheel and keyboard input of one canvas, summed up between frames. */
export class CameraInput {
  private readonly motion: CameraMotion = { turnX: 0, turnY: 0, slideX: 0, slideY: 0, zoom: 1 };
  private readonly taken: CameraMotion = { turnX: 0, turnY: 0, slideX: 0, slideY: 0, zoom: 1 };
  private readonly fingers = new Map<number, Finger>();
  private readonly keys = new Set<CameraKey>();
  private readonly ends = new AbortController();

  /** Listens on `element`; for keys while `element` or nothing has the focus. */
  constructor(private readonly element: HTMLElement) {
    const { signal } = this.ends;
    element.style.touchAction = 'none';
    element.addEventListener('pointerdown', this.onDown, { signal });
    element.addEventListener('pointermove', this.onMove, { signal });
    element.addEventListener('pointerup', this.onUp, { signal });
    element.addEventListener('pointercancel', this.onUp, { signal });
    element.addEventListener('wheel', this.onWheel, { signal, passive: false });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    window.addEventListener('keydown', this.onKeyDown, { signal });
    window.addEventListener('keyup', this.onKeyUp, { signal });
    window.addEventListener('blur', () => this.keys.clear(), { signal });
  }

  /** The movement since the last call; the same object every time. */
  take(): CameraMotion {
    Object.assign(this.taken, this.motion);
    this.motion.turnX = 0;
    this.motion.turnY = 0;
    this.motion.slideX = 0;
    this.motion.slideY = 0;
    this.motion.zoom = 1;
    return this.taken;
  }

  /** Whether a finger, button or key moves the camera right now. */
  get isHeld(): boolean {
    return this.fingers.size > 0 || this.keys.size > 0;
  }

  isDown(key: CameraKey): boolean {
    return this.keys.has(key);
  }

  /** -1, 0 or 1 from two opposite keys. */
  axis(negative: CameraKey, positive: CameraKey): number {
    return Number(this.isDown(positive)) - Number(this.isDown(negative));
  }

  dispose(): void {
    this.ends.abort();
  }

  private readonly onDown = (event: PointerEvent): void => {
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    const slides = event.button === 2 || event.button === 1 || event.shiftKey;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, slides });
  };

  private readonly onMove = (event: PointerEvent): void => {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const height = this.element.clientHeight || 1;
    const dx = (event.clientX - finger.x) / height;
    const dy = (event.clientY - finger.y) / height;
    const gapBefore = this.fingerGap();
    finger.x = event.clientX;
    finger.y = event.clientY;
    if (this.fingers.size >= 2) this.addPinch(dx, dy, gapBefore);
    else this.addDrag(dx, dy, finger.slides);
  };

  private readonly onUp = (event: PointerEvent): void => {
    this.fingers.delete(event.pointerId);
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.motion.zoom *= Math.exp(event.deltaY * lines * WHEEL_RATE);
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const key = KEY_OF_CODE.get(event.code);
    if (!key || event.ctrlKey || event.metaKey || event.altKey || !this.hasKeyboard()) return;
    this.keys.add(key);
    if (event.code.startsWith('Arrow') || event.code.startsWith('Page')) event.preventDefault();
  };

  private readonly onKeyUp = (event: KeyboardEvent): void => {
    const key = KEY_OF_CODE.get(event.code);
    if (key) this.keys.delete(key);
  };

  /** The scene takes keys only while nothing else on the page wants them. */
  private hasKeyboard(): boolean {
    const focused = document.activeElement;
    return focused === null || focused === document.body || focused === this.element;
  }

  private addDrag(dx: number, dy: number, slides: boolean): void {
    this.motion[slides ? 'slideX' : 'turnX'] += dx;
    this.motion[slides ? 'slideY' : 'turnY'] += dy;
  }

  /** Each of two fingers contributes half of their common movement. */
  private addPinch(dx: number, dy: number, gapBefore: number): void {
    this.motion.slideX += dx / 2;
    this.motion.slideY += dy / 2;
    const gap = this.fingerGap();
    if (gap > 0 && gapBefore > 0) this.motion.zoom *= gapBefore / gap;
  }

  private fingerGap(): number {
    const [a, b] = this.fingers.values();
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  }
}

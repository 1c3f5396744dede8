'use client';

import { createRoot, type ReconcilerRoot, type RootStore } from '@react-three/fiber';
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { NeutralToneMapping, PerspectiveCamera, WebGLRenderer } from 'three';
import { webGl2Support } from './webgl2';

/** How long a lost context may take to come back. */
const RESTORE_WITHIN_MS = 5000;

export interface SceneCanvasProps {
  readonly children: ReactNode;
  /** Shows the page where nothing is drawn. */
  readonly isTransparent?: boolean;
  /** Least canvas pixels per CSS pixel, for small pictures that would otherwise be coarse. */
  readonly pixelRatioMin?: number;
  /** Whether edges are smoothed, if the machine can afford it. A change replaces the canvas. */
  readonly isSmooth?: boolean;
  /** `never` holds the picture; `demand` draws only when asked. */
  readonly frames: 'always' | 'demand' | 'never';
  /** Whether the canvas can take the keyboard focus. */
  readonly isInteractive?: boolean;
  /** Accessible name of the picture. */
  readonly label?: string;
  readonly style?: CSSProperties;
  onUnsupported(): void;
}

function createRenderer(canvas: HTMLCanvasElement, isTransparent: boolean, isSmooth: boolean): WebGLRenderer {
  return new WebGLRenderer({
    canvas,
    antialias: isSmooth,
    alpha: isTransparent,
    stencil: false,
    powerPreference: 'high-performance',
  });
}

function createCanvas(isInteractive: boolean): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  // Out of the flow: the size in pixels that the renderer sets must never stretch the page's layout.
  Object.assign(canvas.style, { position: 'absolute', inset: '0', display: 'block', outlineOffset: '-4px' });
  if (isInteractive) {
    canvas.tabIndex = 0;
    // Screen readers would otherwise keep the arrow keys, which move the camera.
    canvas.setAttribute('role', 'application');
  }
  return canvas;
}

/**
 * Hides the canvas while its context is lost, and gives up if it does not come back. Returns a function that stops
 * watching.
 */
function watchContext(canvas: HTMLCanvasElement, onLostForGood: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onLost = (event: Event) => {
    event.preventDefault();
    canvas.style.visibility = 'hidden';
    timer = setTimeout(onLostForGood, RESTORE_WITHIN_MS);
  };
  const onRestored = () => {
    clearTimeout(timer);
    canvas.style.visibility = 'visible';
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onRestored);
  return () => {
    clearTimeout(timer);
    canvas.removeEventListener('webglcontextlost', onLost);
    canvas.removeEventListener('webglcontextrestored', onRestored);
  };
}

/** What lives as long as the canvas. */
interface Mounted {
  readonly root: ReconcilerRoot<HTMLCanvasElement>;
  readonly renderer: WebGLRenderer;
  readonly camera: PerspectiveCamera;
  readonly canvas: HTMLCanvasElement;
  readonly host: HTMLElement;
  /** The root's state, once something has been rendered into it. */
  readonly drawn: { store?: RootStore };
}

function configure({ root, renderer, camera, host }: Mounted, frames: SceneCanvasProps['frames']): void {
  const size = { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight), top: 0, left: 0 };
  void root.configure({ gl: renderer, camera, size, frameloop: frames, dpr: renderer.getPixelRatio(), flat: true });
  renderer.toneMapping = NeutralToneMapping;
}

/** Draws at once: a new size empties the canvas, and waiting for the next frame would flicker. */
function redraw({ drawn }: Mounted): void {
  drawn.store?.getState().advance(performance.now());
}

/**
 * A canvas with a react-three-fiber root, in which the children draw. Each mount has a new canvas: a lost context can't
 * be reused.
 */
export function SceneCanvas({
  children,
  frames,
  isTransparent = false,
  isInteractive = false,
  pixelRatioMin = 1,
  isSmooth = true,
  label,
  style,
  onUnsupported,
}: SceneCanvasProps) {
  const hostRef = useRef<HTMLDivElement>(null);
  const mountedRef = useRef<Mounted | null>(null);
  const latest = useRef({ onUnsupported, frames });
  latest.current = { onUnsupported, frames };

  useEffect(() => {
    const host = hostRef.current!;
    const mounted = mount(host, { isTransparent, isInteractive, isSmooth, pixelRatioMin });
    if (!mounted) {
      latest.current.onUnsupported();
      return;
    }
    mountedRef.current = mounted;
    const stopWatching = watchContext(mounted.canvas, () => latest.current.onUnsupported());
    const resize = new ResizeObserver(() => {
      configure(mounted, latest.current.frames);
      redraw(mounted);
    });
    configure(mounted, latest.current.frames);
    resize.observe(host);
    return () => {
      mountedRef.current = null;
      resize.disconnect();
      stopWatching();
      mounted.root.unmount();
      mounted.canvas.remove();
    };
  }, [isTransparent, isInteractive, isSmooth, pixelRatioMin]);

  useEffect(() => {
    if (label) mountedRef.current?.canvas.setAttribute('aria-label', label);
  }, [label]);

  useEffect(() => {
    const mounted = mountedRef.current;
    if (!mounted) return;
    configure(mounted, frames);
    mounted.drawn.store = mounted.root.render(children);
  }, [children, frames, isSmooth]);

  return (
    <div ref={hostRef} style={{ position: 'relative', width: '100%', height: '100%', overflow: 'hidden', ...style }} />
  );
}

type MountOptions = Required<Pick<SceneCanvasProps, 'isTransparent' | 'isInteractive' | 'isSmooth' | 'pixelRatioMin'>>;

function mount(host: HTMLElement, options: MountOptions): Mounted | null {
  const { isTransparent, isInteractive, isSmooth, pixelRatioMin } = options;
  const support = webGl2Support();
  if (!support) return null;
  const canvas = createCanvas(isInteractive);
  try {
    const renderer = createRenderer(canvas, isTransparent, isSmooth && !support.isSoftware);
    const pixelRatio = support.isSoftware ? 1 : Math.min(2, window.devicePixelRatio);
    renderer.setPixelRatio(Math.max(pixelRatioMin, pixelRatio));
    host.append(canvas);
    return {
      root: createRoot(canvas),
      renderer,
      camera: new PerspectiveCamera(40, 1, 0.08, 60),
      canvas,
      host,
      drawn: {},
    };
  } catch {
    return null;
  }
}

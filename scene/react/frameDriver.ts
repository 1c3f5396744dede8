import { useFrame, useThree } from '@react-three/fiber';
import { useRef } from 'react';
import type { PictureChoice, PictureQuality } from '@/scene/frame/pictureQuality';
import { PictureWatch } from './pictureWatch';

/** What draws frames, finely or cheaply. */
export interface DrawnWorld {
  frame(): void;
  setPicture(quality: PictureQuality): void;
}

/** A display's frames are never quite even: one that comes this much early is not skipped, milliseconds. */
const EARLY_MS = 4;

interface Driven {
  world: DrawnWorld | null;
  quality: PictureQuality | null;
  lastMs: number;
  /** Size of the last picture, device pixels. At another size the canvas is empty until it is drawn. */
  widthPx: number;
  heightPx: number;
}

/**
 * Draws `world` in every frame of the canvas, as finely as `choice` says or the machine can. Calls `onFirst` after the
 * first frame of each world.
 */
export function useFrameDriver(world: DrawnWorld | null, choice: PictureChoice, onFirst: () => void): void {
  const { setDpr, gl } = useThree();
  const watch = useRef<PictureWatch | null>(null);
  const driven = useRef<Driven>({
    world: null,
    quality: null,
    lastMs: Number.NEGATIVE_INFINITY,
    widthPx: 0,
    heightPx: 0,
  });
  // A priority above 0 takes rendering over from react-three-fiber.
  useFrame(() => {
    if (!world) return;
    watch.current ??= new PictureWatch();
    const now = performance.now();
    const before = driven.current;
    const isFirst = before.world !== world;
    const quality = watch.current.note(choice, now);
    const { width, height } = gl.domElement;
    const isEmpty = isFirst || width !== before.widthPx || height !== before.heightPx;
    if (!isEmpty && now - before.lastMs < quality.frameMinMs - EARLY_MS) return;
    before.lastMs = now;
    // Before the frame is drawn: a new pixel ratio empties the canvas.
    if (isFirst || quality !== before.quality) {
      setDpr(quality.pixelRatio);
      world.setPicture(quality);
      before.quality = quality;
    }
    world.frame();
    before.widthPx = gl.domElement.width;
    before.heightPx = gl.domElement.height;
    before.world = world;
    if (isFirst) onFirst();
  }, 1);
}

'use client';

import { type RefObject, useEffect, useState } from 'react';
import type { PictureFrame } from './peopleWorld';

/** Elements in whose places people are drawn. */
export type FrameElements = RefObject<readonly (HTMLElement | null)[]>;

function frameIn(host: DOMRect, element: HTMLElement): PictureFrame {
  const { left, top, width } = element.getBoundingClientRect();
  return { leftPx: left - host.left, topPx: top - host.top, sizePx: width };
}

/** Where `elements` lie on `host`, measured anew whenever that changes its size. */
export function usePictureFrames(
  host: RefObject<HTMLElement | null>,
  elements: FrameElements,
): readonly PictureFrame[] {
  const [frames, setFrames] = useState<readonly PictureFrame[]>([]);
  useEffect(() => {
    const observed = host.current!;
    const observer = new ResizeObserver(() => {
      const box = observed.getBoundingClientRect();
      setFrames(elements.current.filter((element) => element !== null).map((element) => frameIn(box, element)));
    });
    observer.observe(observed);
    return () => observer.disconnect();
  }, [host, elements]);
  return frames;
}

/** Round windows over the frames, as a CSS clip path: nothing is drawn over what lies between. */
export function roundWindows(frames: readonly PictureFrame[]): string {
  const circle = ({ leftPx, topPx, sizePx }: PictureFrame) => {
    const radius = sizePx / 2;
    const arc = `a ${radius} ${radius} 0 1 0`;
    return `M ${leftPx} ${topPx + radius} ${arc} ${sizePx} 0 ${arc} ${-sizePx} 0 Z`;
  };
  return `path("${frames.map(circle).join(' ')}")`;
}

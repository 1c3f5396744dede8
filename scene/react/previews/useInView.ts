'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether an element is on the screen and the page is not hidden. */
export function useInView(): [RefObject<HTMLDivElement | null>, boolean] {
  const ref = useRef<HTMLDivElement>(null);
  const [isInView, setInView] = useState(false);
  useEffect(() => {
    let intersects = true;
    const update = () => setInView(intersects && !document.hidden);
    const observer = new IntersectionObserver((entries) => {
      intersects = entries.at(-1)?.isIntersecting ?? false;
      update();
    });
    observer.observe(ref.current!);
    document.addEventListener('visibilitychange', update);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return [ref, isInView];
}

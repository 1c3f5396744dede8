'use client';

import { useEffect, useRef, useState } from 'react';

const AVATAR_FILE = /\.(vrm|glb)$/i;

function avatarIn(event: DragEvent): File | undefined {
  return [...(event.dataTransfer?.files ?? [])].find(({ name }) => AVATAR_FILE.test(name));
}

/** Takes an avatar's file dropped anywhere on the page; other files go where they were dropped. Whether one is over it. */
export function useAvatarDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const enter = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const file = avatarIn(event);
      if (!file) return;
      event.preventDefault();
      latest.current(file);
    };
    window.addEventListener('dragover', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, []);
  return over;
}

import type { SceneHandle } from '@/scene/react/sceneContract';

/** How often it is told how quickly the scene draws. */
const TOLD_EVERY_MS = 1_000;

/**
 * Tells once a second how far apart the frames of the scene are, ms; null while nothing is drawn. Returns what ends it.
 */
export function watchFrames(scene: () => SceneHandle | null, tell: (frameMs: number | null) => void): () => void {
  const timer = setInterval(() => {
    const fps = scene()?.frameStats().fps ?? 0;
    tell(fps > 0 ? 1000 / fps : null);
  }, TOLD_EVERY_MS);
  return () => clearInterval(timer);
}

/** How far the room's screen is down and how bright its picture, 0 to 1 each. */
export interface ScreenMotion {
  roll: number;
  light: number;
}

const ROLL_MS = 1100;
const LIGHT_MS = 320;

function towards(value: number, goal: number, timeMs: number, deltaMs: number): number {
  const step = deltaMs / timeMs;
  return value < goal ? Math.min(goal, value + step) : Math.max(goal, value - step);
}

/**
 * Moves the screen on, in place: it comes down, then the picture lights up; the picture goes out, then it rolls up.
 * `isWanted`: the screen is to be down; `isLit`: there is a picture to be shown on it now; `isStill`: at once.
 */
export function moveScreen(motion: ScreenMotion, isWanted: boolean, isLit: boolean, deltaMs: number, isStill: boolean) {
  const light = isWanted && isLit ? 1 : 0;
  if (isStill) {
    motion.roll = isWanted ? 1 : 0;
    motion.light = light;
    return;
  }
  motion.light = towards(motion.light, motion.roll === 1 ? light : 0, LIGHT_MS, deltaMs);
  if (isWanted) motion.roll = towards(motion.roll, 1, ROLL_MS, deltaMs);
  else if (motion.light === 0) motion.roll = towards(motion.roll, 0, ROLL_MS, deltaMs);
}

/** Width and height of a picture of `aspect` as large as it fits into `width` by `height`, written into `out`. */
export function letterbox(aspect: number, width: number, height: number, out: { width: number; height: number }) {
  const isWide = aspect > width / height;
  out.width = isWide ? width : height * aspect;
  out.height = isWide ? width / aspect : height;
}

/** The largest jumps between two frames, beyond what the motion itself explains in that time. */
export interface PopReading {
  readonly largestDeg: number;
  readonly largestCm: number;
  readonly frames: number;
  /** How far the bone that moved most has turned in all: a person who stands still shows nothing. */
  readonly turnedDeg: number;
}

/** As fast as the clip of these drills moves a bone or the hips, and half as fast again to catch up. */
const FASTEST_DEG_PER_S = 75;
const FASTEST_CM_PER_S = 10;

/** Follows in a page, frame by frame, how far the first other person's bones (local) and hips jump. */
export const POP_RECORDER = `(() => {
  let largestDeg = 0;
  let largestCm = 0;
  let frames = 0;
  let last = null;
  const turned = new Map();
  const angleDeg = (a, b, bone) => {
    let dot = 0;
    for (let axis = 0; axis < 4; axis += 1) dot += a[bone * 4 + axis] * b[bone * 4 + axis];
    return (2 * Math.acos(Math.min(1, Math.abs(dot))) * 180) / Math.PI;
  };
  const look = (nowMs) => {
    requestAnimationFrame(look);
    const person = globalThis.parley?.stats().participants[0];
    if (!person || person.bones.length === 0) return;
    const now = { atMs: nowMs, bones: person.bones, hips: person.hips };
    if (last) {
      frames += 1;
      const seconds = (now.atMs - last.atMs) / 1000;
      for (let bone = 0; bone < now.bones.length / 4; bone += 1) {
        const angle = angleDeg(now.bones, last.bones, bone);
        turned.set(bone, (turned.get(bone) ?? 0) + angle);
        largestDeg = Math.max(largestDeg, angle - seconds * ${FASTEST_DEG_PER_S});
      }
      const moved = 100 * Math.hypot(...now.hips.map((value, axis) => value - last.hips[axis]));
      largestCm = Math.max(largestCm, moved - seconds * ${FASTEST_CM_PER_S});
    }
    last = now;
  };
  globalThis.drillPops = {
    start: () => requestAnimationFrame(look),
    read: () => ({ largestDeg, largestCm, frames, turnedDeg: Math.max(0, ...turned.values()) }),
  };
})();`;

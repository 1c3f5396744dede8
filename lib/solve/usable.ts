/** Whether every number is finite and no farther from 0 than `limit`: what else a model may tell is not taken. */
export function areUsable(values: Float32Array, count: number, limit: number): boolean {
  if (values.length < count) return false;
  for (let at = 0; at < count; at += 1) if (!(Math.abs(values[at]!) <= limit)) return false;
  return true;
}

/** From the camera's axes (x right, y down, z away) to the root space (rule P-4): x the person's left, y up, z front. */
export function toRootSpace(world: Float32Array, count: number, out: Float64Array): void {
  for (let at = 0; at < count * 3; at += 3) {
    out[at] = world[at]!;
    out[at + 1] = -world[at + 1]!;
    out[at + 2] = -world[at + 2]!;
  }
}

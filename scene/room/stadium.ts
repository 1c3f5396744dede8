import { BufferGeometry, Float32BufferAttribute } from 'three';
import type { SeatLine } from './seatLayout';

/** A point of a racetrack's edge, `turn` from 0 to 1 once round. */
function edgePoint({ halfStraight, radius }: SeatLine, turn: number): [number, number] {
  const angle = turn * Math.PI * 2;
  const side = Math.cos(angle);
  return [Math.sign(side) * halfStraight * Math.min(1, Math.abs(side) * 6) + radius * side, radius * Math.sin(angle)];
}

/** Distance (m) of a point to the inside of a racetrack, 0 within. */
export function distanceOutside({ halfStraight, radius }: SeatLine, x: number, z: number): number {
  return Math.max(0, Math.hypot(Math.max(0, Math.abs(x) - halfStraight), z) - radius);
}

/** A flat racetrack in the XZ plane, looking up, in rings fine enough for shading by vertex. */
export function createStadium(line: SeatLine, rings = 14, steps = 96): BufferGeometry {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let ring = 0; ring <= rings; ring += 1) {
    for (let step = 0; step < steps; step += 1) {
      const [x, z] = edgePoint(line, step / steps);
      positions.push((x * ring) / rings, 0, (z * ring) / rings);
      const next = (step + 1) % steps;
      const [a, b] = [ring * steps + step, ring * steps + next];
      if (ring < rings) indices.push(a, b, b + steps, a, b + steps, a + steps);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setIndex(indices);
  return upwards(geometry);
}

/** Makes every triangle look up. */
function upwards(geometry: BufferGeometry): BufferGeometry {
  const count = geometry.attributes.position!.count;
  geometry.setAttribute(
    'normal',
    new Float32BufferAttribute(
      new Float32Array(count * 3).map((_, i) => +(i % 3 === 1)),
      3,
    ),
  );
  const { position } = geometry.attributes;
  const order = geometry.index!.array;
  for (let i = 0; i < order.length; i += 3) {
    const [a, b, c] = [order[i]!, order[i + 1]!, order[i + 2]!];
    const abX = position!.getX(b) - position!.getX(a);
    const abZ = position!.getZ(b) - position!.getZ(a);
    const acX = position!.getX(c) - position!.getX(a);
    const acZ = position!.getZ(c) - position!.getZ(a);
    if (abZ * acX - abX * acZ < 0) [order[i + 1], order[i + 2]] = [c, b];
  }
  return geometry;
}

import { smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';

/** A shape grooved as if combed: `phase` gives the strand coordinate of a point, one strand per 1. */
export function combed(shape: Sdf, depth: number, phase: (x: number, y: number, z: number) => number): Sdf {
  return (x, y, z) => shape(x, y, z) + depth * groove(phase(x, y, z));
}

/** 0 on a strand's ridge, 1 in the parting between two: broad ridges, narrow grooves. */
function groove(phase: number): number {
  const toRidge = Math.abs(phase - Math.round(phase)) * 2;
  return smoothstep(0.35, 1, toRidge);
}

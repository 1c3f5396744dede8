import { type PaletteSlot, slotU, type Tint } from '../part';
import type { Vec3 } from '../sdf/sdf';
import type { VertexWeights } from '../weights/boneWeights';

/**
 * Index triples of every level of detail, 0 the finest. All levels share one set of vertices, and each uses only
 * vertices of the next finer one.
 */
export type Levels = readonly (readonly number[])[];

/** Levels of detail of every avatar: close, at a table, across a room, and a figure of forty pixels. */
export const LEVEL_COUNT = 4;

/** The level that also comes as its own file, to load first. */
export const FIRST_SEEN_LEVEL = 2;

/** Share of the finest level's triangles that each level keeps. */
export const LEVEL_SHARES = [1, 0.42, 0.19, 0.06] as const;

/** One vertex of a finished mesh, in the rest pose. */
export interface SkinnedVertex {
  readonly position: Vec3;
  readonly normal: Vec3;
  readonly tint: Tint;
  readonly skin: VertexWeights;
}

/** A drawable mesh as it goes into the file: flat arrays, rest pose, metres. */
export class SkinnedMesh {
  readonly positions: number[] = [];
  readonly normals: number[] = [];
  /** Palette texture coordinate u of each vertex; v is always 0.5. */
  readonly paletteU: number[] = [];
  /** Linear red, green, blue factors, 0..1. */
  readonly tints: number[] = [];
  readonly joints: number[] = [];
  readonly weights: number[] = [];
  readonly levels: readonly number[][] = Array.from({ length: LEVEL_COUNT }, () => []);

  get vertexCount(): number {
    return this.paletteU.length;
  }

  /** Triangles of the finest level. */
  get triangles(): readonly number[] {
    return this.levels[0]!;
  }

  /** Number of triangles of a level. */
  triangleCount(level = 0): number {
    return this.levels[level]!.length / 3;
  }

  /** Adds a piece of one colour; returns the index of its first vertex. */
  append(slot: PaletteSlot, vertices: readonly SkinnedVertex[], levels: Levels): number {
    const base = this.vertexCount;
    const u = slotU(slot);
    for (const vertex of vertices) {
      this.positions.push(...vertex.position);
      this.normals.push(...vertex.normal);
      this.tints.push(...vertex.tint);
      this.joints.push(...vertex.skin.joints);
      this.weights.push(...vertex.skin.weights);
      this.paletteU.push(u);
    }
    levels.forEach((triangles, level) => {
      for (const vertex of triangles) this.levels[level]!.push(base + vertex);
    });
    return base;
  }
}

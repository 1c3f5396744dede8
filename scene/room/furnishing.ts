import { Group, Mesh, type Texture } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from './build/material';
import { disposeTree } from './build/material';
import { Chairs } from './furniture/chairs';
import { ContactShadows } from './furniture/contactShadows';
import { createFloor } from './furniture/floor';
import { createArcTable, createTable } from './furniture/table';
import { createArcTableware, createTableware } from './furniture/tableware';
import { HangingLamps } from './light/lamps';
import type { Mood } from './light/moods';
import { SpeakingGlow } from './light/speakingGlow';
import type { Arrangement } from './plan/arrangement';

/** Blots for chairs come first, then one a standing person. */
const CHAIR_BLOT = { width: 0.85, depth: 0.85 } as const;

/** Textures that outlive a furnishing. */
export interface WoodTextures {
  readonly boards: Texture;
  readonly grain: Texture;
}

function createTop({ name, line }: Arrangement, grain: Texture, createMaterial: CreateMaterial): Group {
  return name === 'table' ? createTable(line, grain, createMaterial) : createArcTable(line, grain, createMaterial);
}

/** What lies on the table; one draw. */
function createThings({ name, line }: Arrangement, createMaterial: CreateMaterial): Mesh {
  const ware = name === 'table' ? createTableware(line.halfStraight) : createArcTableware(line);
  return new Mesh(mergeGeometries(ware), createMaterial({ vertexColors: true }));
}

/** All that changes with the arrangement: rug, table and what is on it, lamps, chairs, and their soft shadows. */
export class Furnishing {
  readonly root = new Group();
  readonly chairs: Chairs;
  /** Light before whoever speaks. */
  readonly speaking: SpeakingGlow;
  readonly lamps: HangingLamps;
  private readonly shadows: ContactShadows;

  /** `people`: the most that may stand at once. */
  constructor(
    readonly arrangement: Arrangement,
    people: number,
    { boards, grain }: WoodTextures,
    createMaterial: CreateMaterial,
  ) {
    const { seats } = arrangement;
    this.chairs = new Chairs(seats, createMaterial);
    this.shadows = new ContactShadows(seats.length + people);
    this.speaking = new SpeakingGlow(seats);
    this.lamps = new HangingLamps(arrangement, createMaterial);
    seats.forEach(({ x, z }, seat) => {
      this.shadows.set(seat, x, z, CHAIR_BLOT.width, CHAIR_BLOT.depth);
    });
    this.root.add(
      createFloor(arrangement, boards, createMaterial),
      createTop(arrangement, grain, createMaterial),
      createThings(arrangement, createMaterial),
      this.chairs.mesh,
      this.shadows.mesh,
      this.lamps.root,
      this.speaking.mesh,
    );
  }

  setMood(mood: Mood): void {
    this.lamps.setMood(mood);
    this.speaking.setColor(mood.speaking, mood.speakingVeil);
  }

  /** A blot under somebody who stands; `strength` 0 removes it. */
  setStandingShadow(index: number, x: number, z: number, strength: number): void {
    const blot = this.arrangement.seats.length + index;
    if (strength <= 0) this.shadows.hide(blot);
    else this.shadows.set(blot, x, z, 0.75 * strength, 0.6 * strength);
  }

  /** Frees all but the textures. */
  dispose(): void {
    this.root.removeFromParent();
    disposeTree(this.root);
  }
}

import { Group, Mesh, MeshBasicMaterial } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { Arrangement } from './arrangement';
import type { CreateMaterial } from './createMaterial';
import { createLamp, createLampGlow, LAMP_Y, lampPlaces } from './lamps';
import type { Mood } from './moods';
import { ROOM } from './roomSize';

/** A camera higher than this has lamps before its eyes, metres. */
const IN_THE_WAY_Y = LAMP_Y - 0.3;
/** So far up lamps are above the ceiling, where nobody sees them, metres. */
const DRAWN_UP = ROOM.height - LAMP_Y + 0.05;
const DRAW_MS = 900;

/** The lamps over the people; drawn up to the ceiling while somebody looks from as high as they hang. */
export class HangingLamps {
  readonly root = new Group();
  private readonly glow: Mesh<ReturnType<typeof createLampGlow>, MeshBasicMaterial>;
  private up = 0;

  constructor(arrangement: Arrangement, createMaterial: CreateMaterial) {
    const places = lampPlaces(arrangement);
    this.glow = new Mesh(createLampGlow(places), new MeshBasicMaterial());
    const shades = new Mesh(mergeGeometries(places.flatMap(createLamp)), createMaterial({ vertexColors: true }));
    this.root.add(shades, this.glow);
  }

  setMood(mood: Mood): void {
    this.glow.material.color.copy(mood.lamp).multiplyScalar(mood.lampIntensity);
  }

  /** Moves them on for a camera at `cameraY`; `isStill`: at once. */
  update(cameraY: number, deltaMs: number, isStill: boolean): void {
    const goal = cameraY > IN_THE_WAY_Y ? 1 : 0;
    if (this.up === goal) return;
    const step = isStill ? 1 : deltaMs / DRAW_MS;
    this.up += Math.max(-step, Math.min(step, goal - this.up));
    this.root.position.y = this.up * this.up * (3 - 2 * this.up) * DRAWN_UP;
    this.root.visible = this.up < 1;
    this.root.updateMatrix();
    this.root.updateMatrixWorld(true);
  }
}

import { Group, Mesh } from 'three';
import { approach, smooth } from '@/lib/core/easing';
import type { CreateMaterial } from '../build/material';
import { OPENING } from '../plan/roomSize';
import { createClosedWall } from '../walls/shell';
import { Audience } from './audience';
import { createGallery } from './gallery';

/** Time the wall takes to sink or rise. */
const OPEN_MS = 1600;

/** The wall opposite the screen: closed while there are no spectators, else sunk into the floor to open the gallery. */
export class SpectatorWall {
  readonly root = new Group();
  readonly audience: Audience;
  private readonly wall: Mesh;
  private readonly gallery: Mesh;
  private watching = 0;
  private open = 0;

  constructor(createMaterial: CreateMaterial) {
    const material = createMaterial({ vertexColors: true });
    this.wall = new Mesh(createClosedWall(), material);
    this.gallery = new Mesh(createGallery(), material);
    this.audience = new Audience(createMaterial);
    this.root.add(this.wall, this.gallery, this.audience.root);
    this.place();
  }

  /** Number of spectators. */
  setWatching(count: number): void {
    this.watching = count;
    this.audience.setWatching(count);
  }

  /** Moves wall and audience; `isStill`: at once. */
  update(nowMs: number, deltaMs: number, isStill: boolean): void {
    this.audience.update(nowMs, deltaMs, isStill);
    const goal = this.watching > 0 || this.audience.drawn > 0 ? 1 : 0;
    if (this.open === goal) return;
    const step = isStill ? 1 : deltaMs / OPEN_MS;
    this.open = approach(this.open, goal, step);
    this.place();
  }

  private place(): void {
    const t = smooth(this.open);
    this.wall.position.y = -t * (OPENING.height + 0.05);
    this.wall.updateMatrix();
    this.wall.updateMatrixWorld(true);
    this.wall.visible = this.open < 1;
    this.gallery.visible = this.open > 0;
    this.audience.root.visible = this.open > 0;
  }
}

import { Color, Fog, Group, Mesh, type Object3D, type Scene } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { type CreateMaterial, createPlainMaterial, disposeTree } from './build/material';
import { Furnishing, type WoodTextures } from './furnishing';
import { createBoardTexture, createGrainTexture } from './furniture/floor';
import { SpectatorWall } from './gallery/spectatorWall';
import { Lighting } from './light/lighting';
import { MOODS, type Mood } from './light/moods';
import type { Arrangement } from './plan/arrangement';
import { createDecor } from './walls/decor';
import { WallScreen } from './walls/wallScreen';
import { createWalls } from './walls/walls';
import { createLightPatches, createView, createWindowFrames, paintWindows } from './walls/windows';

/** Chairs and people reach this far beyond the line the chairs stand on, metres. */
const REACH_BEYOND = 0.8;

/** The meeting room: shell and light, and what is arranged in it. Own geometry only; about a dozen draws. */
export class Room {
  readonly root = new Group();
  readonly lighting: Lighting;
  readonly screen: WallScreen;
  readonly spectators: SpectatorWall;
  private readonly view = createView();
  private readonly patches = createLightPatches();
  private readonly wood: WoodTextures = { boards: createBoardTexture(), grain: createGrainTexture() };
  private mood: Mood = MOODS.day;
  private furnished: Furnishing;

  /** `people`: the most who may be in the room. */
  constructor(
    arrangement: Arrangement,
    private readonly people: number,
    private readonly createMaterial: CreateMaterial = createPlainMaterial,
  ) {
    this.lighting = new Lighting(1, 1);
    this.screen = new WallScreen(createMaterial);
    this.spectators = new SpectatorWall(createMaterial);
    this.root.add(
      createShell(createMaterial),
      this.lighting.group,
      this.view,
      this.patches,
      this.screen.mesh,
      this.spectators.root,
    );
    this.furnished = this.place(arrangement);
    freeze(this.root);
  }

  /** What stands in the room now. */
  get furnishing(): Furnishing {
    return this.furnished;
  }

  /** Clears the room and furnishes it anew. */
  furnish(arrangement: Arrangement): void {
    this.furnished.dispose();
    this.furnished = this.place(arrangement);
    this.furnished.setMood(this.mood);
    freeze(this.furnished.root);
  }

  /** Sets light and colours; `scene` gets background and fog. */
  setMood(name: keyof typeof MOODS, scene: Scene): void {
    this.mood = MOODS[name];
    this.lighting.setMood(this.mood, name === 'dark');
    paintWindows(this.view.material, this.patches.material, this.mood);
    this.furnished.setMood(this.mood);
    paintAir(scene, this.mood);
  }

  dispose(): void {
    this.root.removeFromParent();
    disposeTree(this.root);
  }

  private place(arrangement: Arrangement): Furnishing {
    const { halfStraight, radius } = arrangement.line;
    this.lighting.setReach(halfStraight + radius + REACH_BEYOND, radius + REACH_BEYOND);
    const made = new Furnishing(arrangement, this.people, this.wood, this.createMaterial);
    this.root.add(made.root);
    return made;
  }
}

function createShell(createMaterial: CreateMaterial): Mesh {
  const geometry = mergeGeometries([createWalls(), ...createWindowFrames(), ...createDecor()]);
  return new Mesh(geometry, createMaterial({ vertexColors: true }));
}

function paintAir(scene: Scene, mood: Mood): void {
  const fog = scene.fog instanceof Fog ? scene.fog : new Fog(0);
  fog.color.copy(mood.fog);
  fog.near = mood.fogNear;
  fog.far = mood.fogFar;
  scene.fog = fog;
  scene.background = new Color().copy(mood.fog);
}

/** What doesn't move by itself: its matrices are computed once. */
function freeze(root: Object3D): void {
  root.updateMatrixWorld(true);
  root.traverse((node) => {
    if (!('isLight' in node)) node.matrixAutoUpdate = false;
  });
}

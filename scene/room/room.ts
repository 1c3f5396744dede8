import { Color, Fog, Group, Mesh, MeshBasicMaterial, type Object3D, type Scene } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { Chairs } from './chairs';
import { ContactShadows } from './contactShadows';
import { type CreateMaterial, createPlainMaterial } from './createMaterial';
import { createDecor, createLampGlow } from './decor';
import { disposeTree } from './disposeTree';
import { createFloor } from './floor';
import { Lighting } from './lighting';
import { MOODS, type Mood } from './moods';
import { seatLine, seatTransform } from './seatLayout';
import { SpeakingGlow } from './speakingGlow';
import { createTable } from './table';
import { WallScreen } from './wallScreen';
import { createWalls } from './walls';
import { createLightPatches, createView, createWindowFrames, paintWindows } from './windows';
import { createBoardTexture, createGrainTexture } from './woodTexture';

/** Blots for chairs come first, then one a standing person. */
const CHAIR_BLOT = { width: 0.85, depth: 0.85 } as const;

/** The meeting room: shell, table, chairs, light. Own geometry only; about a dozen draws. */
export class Room {
  readonly root = new Group();
  readonly chairs: Chairs;
  readonly shadows: ContactShadows;
  readonly lighting: Lighting;
  readonly screen: WallScreen;
  /** Light before whoever speaks. */
  readonly speaking: SpeakingGlow;
  private readonly view = createView();
  private readonly patches = createLightPatches();
  private readonly glow: Mesh<ReturnType<typeof createLampGlow>, MeshBasicMaterial>;

  constructor(
    readonly seats: number,
    createMaterial: CreateMaterial = createPlainMaterial,
  ) {
    const line = seatLine(seats);
    const transforms = Array.from({ length: seats }, (_, seat) => seatTransform(seat, seats));
    this.chairs = new Chairs(transforms, createMaterial);
    this.shadows = new ContactShadows(seats * 2);
    this.lighting = new Lighting(line.halfStraight + line.radius + 0.8, line.radius + 0.8);
    this.glow = new Mesh(createLampGlow(line.halfStraight), new MeshBasicMaterial());
    this.screen = new WallScreen(createMaterial);
    this.speaking = new SpeakingGlow(transforms);
    transforms.forEach(({ x, z }, seat) => {
      this.shadows.set(seat, x, z, CHAIR_BLOT.width, CHAIR_BLOT.depth);
    });
    this.root.add(
      createShell(line.halfStraight, createMaterial),
      createFloor(line, createBoardTexture(), createMaterial),
      createTable(line, createGrainTexture(), createMaterial),
      this.chairs.mesh,
      this.shadows.mesh,
      this.lighting.group,
      this.view,
      this.patches,
      this.glow,
      this.screen.mesh,
      this.speaking.mesh,
    );
    freeze(this.root);
  }

  /** Sets light and colours; `scene` gets background and fog. */
  setMood(name: keyof typeof MOODS, scene: Scene): void {
    const mood = MOODS[name];
    this.lighting.setMood(mood, name === 'dark');
    paintWindows(this.view.material, this.patches.material, mood);
    this.glow.material.color.copy(mood.lamp).multiplyScalar(mood.lampIntensity);
    this.speaking.setColor(mood.speaking, mood.speakingVeil);
    paintAir(scene, mood);
  }

  /** A blot under somebody who stands; `strength` 0 removes it. */
  setStandingShadow(index: number, x: number, z: number, strength: number): void {
    if (strength <= 0) this.shadows.hide(this.seats + index);
    else this.shadows.set(this.seats + index, x, z, 0.75 * strength, 0.6 * strength);
  }

  dispose(): void {
    this.root.removeFromParent();
    disposeTree(this.root);
  }
}

function createShell(halfStraight: number, createMaterial: CreateMaterial): Mesh {
  const geometry = mergeGeometries([createWalls(), ...createWindowFrames(), ...createDecor(halfStraight)]);
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

/** The room doesn't move: its matrices are computed once. */
function freeze(root: Object3D): void {
  root.updateMatrixWorld(true);
  root.traverse((node) => {
    if (!('isLight' in node)) node.matrixAutoUpdate = false;
  });
}

import { DirectionalLight, Group, HemisphereLight, Vector3 } from 'three';
import { MOODS, type RoomMood } from './moods';

const SHADOW_MAP_SIZE = 1024;
/** Where the sun stands by day and where the lamps shine from when it is dark, metres. */
const SUN_PLACE = new Vector3(-3.2, 5.2, -5);
const LAMP_PLACE = new Vector3(0.8, 6, 1.6);

function createSun(): DirectionalLight {
  const sun = new DirectionalLight();
  sun.shadow.mapSize.set(SHADOW_MAP_SIZE, SHADOW_MAP_SIZE);
  sun.shadow.bias = -0.0004;
  sun.shadow.normalBias = 0.02;
  sun.shadow.radius = 4;
  return sun;
}

/** Sky, sun, and a fill from the camera's side that keeps faces readable against the windows. */
export class Lighting {
  readonly root = new Group();
  private readonly sky = new HemisphereLight();
  private readonly fill = new DirectionalLight();
  private readonly sun = createSun();

  /** `reachX`, `reachZ`: half the size of what casts shadows, metres. */
  constructor(reachX: number, reachZ: number) {
    this.setReach(reachX, reachZ);
    this.root.add(this.sky, this.sun, this.sun.target, this.fill, this.fill.target);
  }

  /** Spends the shadow map on what is within `reachX`, `reachZ` metres of the room's middle. */
  setReach(reachX: number, reachZ: number): void {
    const { camera } = this.sun.shadow;
    const reach = Math.max(reachX, reachZ) + 0.8;
    Object.assign(camera, { left: -reach, right: reach, top: reachZ + 2, bottom: -reachZ - 1.5, near: 1, far: 16 });
    camera.updateProjectionMatrix();
  }

  setMood(name: RoomMood): void {
    const mood = MOODS[name];
    this.sky.color.copy(mood.skyLight);
    this.sky.groundColor.copy(mood.groundLight);
    this.sky.intensity = mood.ambient;
    this.sun.color.copy(mood.sun);
    this.sun.intensity = mood.sunIntensity;
    this.sun.position.copy(name === 'dark' ? LAMP_PLACE : SUN_PLACE);
    this.fill.color.copy(mood.fill);
    this.fill.intensity = mood.fillIntensity;
  }

  setShadows(on: boolean): void {
    this.sun.castShadow = on;
  }

  /** Lets the fill shine from the camera's side. */
  follow(camera: Vector3): void {
    this.fill.position.copy(camera);
    this.fill.position.y += 1;
  }
}

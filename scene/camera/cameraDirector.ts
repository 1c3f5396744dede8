import type { PerspectiveCamera } from 'three';
import type { CameraBounds } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { FirstPersonRig, FreeRig, type OwnEyes } from './eyeRigs';
import { overTableFov } from './fieldOfView';
import { type FramedPerson, frameOverTable, framePeople } from './framing';
import { type CameraRig, OrbitRig, setFov } from './orbitRig';
import { type FramedScreen, frameScreen } from './screenFraming';
import type { Shot } from './shot';
import { type FollowedMeeting, SpeakerRig } from './speakerRig';

/**
 * How a person chooses to look at the scene: `orbit` around the people, `overTable` from above, `speaker` follows the
 * speakers, `firstPerson` from the local participant's seat, `free` to fly about.
 */
export type View = 'orbit' | 'overTable' | 'speaker' | 'firstPerson' | 'free';

/** A place from which the camera looks: its matrix in the world, column by column, and its vertical field of view, degrees. */
export interface CameraPlace {
  readonly matrix: readonly number[];
  readonly fov: number;
}

/** What the camera needs to know of the people. */
export interface Onlooker {
  readonly eyes: OwnEyes;
  isSpeaking(personId: string): boolean;
}

/** Moves the scene's camera, one rig at a time. */
export class CameraDirector implements FollowedMeeting {
  isStill = false;
  people: readonly FramedPerson[] = [];
  private readonly orbit: OrbitRig;
  private readonly overTable: OrbitRig;
  private readonly speaker: SpeakerRig;
  private readonly rigs: Record<View, CameraRig>;
  private view: View = 'orbit';
  private screen: FramedScreen | null = null;
  private framedAspect = 0;
  private entered: View | null = null;
  private held: CameraPlace | null = null;

  constructor(
    private readonly camera: PerspectiveCamera,
    private readonly input: CameraInput,
    private readonly bounds: CameraBounds,
    private readonly onlooker: Onlooker,
  ) {
    this.orbit = new OrbitRig(bounds);
    this.overTable = new OrbitRig(bounds, overTableFov);
    this.speaker = new SpeakerRig(bounds, this);
    this.rigs = {
      orbit: this.orbit,
      overTable: this.overTable,
      speaker: this.speaker,
      firstPerson: new FirstPersonRig(onlooker.eyes),
      free: new FreeRig(bounds),
    };
  }

  /** Where the camera is. */
  get place(): CameraPlace {
    const { camera } = this;
    camera.updateMatrixWorld();
    return { matrix: camera.matrixWorld.toArray(), fov: camera.fov };
  }

  /** Keeps the camera at a place, whatever the view; null lets it go. */
  hold(place: CameraPlace | null): void {
    this.held = place;
    if (!place) return;
    const { camera } = this;
    camera.matrix.fromArray(place.matrix).decompose(camera.position, camera.quaternion, camera.scale);
    setFov(camera, place.fov);
  }

  /** Changes the rig. Coming back to one that frames the people frames them again. */
  setView(view: View): void {
    if (view === this.view) return;
    this.view = view;
    this.orbit.release();
    this.overTable.release();
    this.reframe();
  }

  /** Frames these people, unless somebody has moved the camera. */
  setPeople(people: readonly FramedPerson[]): void {
    this.people = people;
    this.reframe();
  }

  /**
   * Frames this screen with the people from now on, or the people alone if null. A screen that appears is framed even
   * if the camera was moved by hand before, but not while it is being moved.
   */
  setScreen(screen: FramedScreen | null): void {
    if (screen === this.screen) return;
    if (screen !== null && this.screen === null && !this.input.isHeld) this.orbit.release();
    this.screen = screen;
    this.reframe();
  }

  isSpeaking(personId: string): boolean {
    return this.onlooker.isSpeaking(personId);
  }

  /** The shot that shows everybody best, and the screen if there is one. */
  everybody(): Shot {
    const { people, screen, bounds } = this;
    const { aspect } = this.camera;
    return screen ? frameScreen(people, screen, aspect, bounds) : framePeople(people, aspect, bounds);
  }

  update(_nowMs: number, deltaMs: number): void {
    if (this.held) return;
    if (Math.abs(this.camera.aspect - this.framedAspect) > 0.01) this.reframe();
    if (this.entered !== this.view) this.enter();
    this.rigs[this.view].update(this.camera, this.input, deltaMs, this.isStill);
  }

  /** Whichever rig comes first starts from the framed shot. */
  private enter(): void {
    if (this.entered === null) {
      this.orbit.frame(this.everybody());
      this.orbit.update(this.camera, this.input, 0, true);
    }
    this.rigs[this.view].enter(this.camera);
    this.entered = this.view;
  }

  private reframe(): void {
    this.framedAspect = this.camera.aspect;
    if (this.view === 'overTable') this.overTable.frame(frameOverTable(this.people, this.camera.aspect, this.bounds));
    else if (this.view === 'speaker') this.speaker.reframe();
    else this.orbit.frame(this.everybody());
  }
}

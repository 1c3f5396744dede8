import type { PerspectiveCamera } from 'three';
import type { CameraBounds } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { FirstPersonRig, FreeRig, type OwnEyes } from './eyeRigs';
import { overTableFov } from './fieldOfView';
import { type FramedPerson, frameOverTable, framePeople } from './framing';
import { type CameraRig, OrbitRig } from './orbitRig';
import type { OrbitView } from './orbitView';
import { type FramedScreen, frameScreen } from './screenFraming';
import { type FollowedMeeting, SpeakerRig } from './speakerRig';

/** Which rig moves the camera. */
export type DirectorMode = 'orbit' | 'overTable' | 'speaker' | 'firstPerson' | 'free';

/** What a camera has to know of one person's senses. */
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
  private readonly rigs: Record<DirectorMode, CameraRig>;
  private mode: DirectorMode = 'orbit';
  private screen: FramedScreen | null = null;
  private framedAspect = 0;
  private entered: DirectorMode | null = null;

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

  /** Changes the rig; coming back to one that frames everybody frames them anew. */
  setMode(mode: DirectorMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.orbit.release();
    this.overTable.release();
    this.reframe();
  }

  /** Frames these people, unless the camera is in hand. */
  setPeople(people: readonly FramedPerson[]): void {
    this.people = people;
    this.reframe();
  }

  /**
   * Frames this screen with the people from now on, or the people alone again. A screen that appears is shown even where
   * the camera has been moved by hand, once; but not to somebody who moves it right now.
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

  /** The view that shows everybody best, and the screen where there is one. */
  everybody(): OrbitView {
    const { people, screen, bounds } = this;
    const { aspect } = this.camera;
    return screen ? frameScreen(people, screen, aspect, bounds) : framePeople(people, aspect, bounds);
  }

  update(_nowMs: number, deltaMs: number): void {
    if (Math.abs(this.camera.aspect - this.framedAspect) > 0.01) this.reframe();
    if (this.entered !== this.mode) this.enter();
    this.rigs[this.mode].update(this.camera, this.input, deltaMs, this.isStill);
  }

  /** The first rig of all begins from the framed view. */
  private enter(): void {
    if (this.entered === null) {
      this.orbit.frame(this.everybody());
      this.orbit.update(this.camera, this.input, 0, true);
    }
    this.rigs[this.mode].enter(this.camera);
    this.entered = this.mode;
  }

  private reframe(): void {
    this.framedAspect = this.camera.aspect;
    if (this.mode === 'overTable') this.overTable.frame(frameOverTable(this.people, this.camera.aspect, this.bounds));
    else if (this.mode === 'speaker') this.speaker.reframe();
    else this.orbit.frame(this.everybody());
  }
}

import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { HearingSink } from '@/lib/core/hearingSink';
import { createConsoleLog } from '@/lib/core/log';
import type { SeatedPerson } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import { Crowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import type { CameraBounds, Point } from '@/scene/camera/cameraBounds';
import { CameraDirector } from '@/scene/camera/cameraDirector';
import { CameraInput } from '@/scene/camera/cameraInput';
import type { FramedScreen } from '@/scene/camera/screenFraming';
import type { Actor } from '@/scene/frame/actor';
import { Cast } from '@/scene/frame/cast';
import { type PoseFeed, SILENCE, type VoiceFeed } from '@/scene/frame/feeds';
import { FrameLoop, type StepFigures } from '@/scene/frame/frameLoop';
import type { FrameFigures } from '@/scene/frame/frameStats';
import { Hearing } from '@/scene/frame/hearing';
import type { PictureQuality } from '@/scene/frame/pictureQuality';
import { ROOM } from '@/scene/room/plan/roomSize';
import { tableEdge } from '@/scene/room/plan/seatLayout';
import { coarseAvatars, defaultAvatars } from './defaultAvatars';
import { framedPerson, readEyes } from './framedPerson';
import { framedScreen } from './framedScreen';
import { createAvatarMaterial } from './matteMaterial';
import { finestHere } from './pictureWatch';
import { NamePlates } from './plates/namePlates';
import type { CameraMode, RoomMood, SceneHandle, SharedScreen } from './sceneContract';
import { SharedScreenView } from './screen/sharedScreen';
import { ScreenPointer } from './screenPointer';
import { Seating } from './seating';

const WALL_MARGIN = 0.3;

const BOUNDS: CameraBounds = {
  halfX: ROOM.halfX - WALL_MARGIN,
  halfZ: ROOM.halfZ - WALL_MARGIN,
  minY: 0.3,
  maxY: ROOM.height - WALL_MARGIN - 0.2,
};

/** What React tells the world; whole, whenever something of it changes. */
export interface MeetingSettings {
  readonly people: readonly SeatedPerson[];
  readonly selfId: string | null;
  readonly showSelf: boolean;
  readonly feed: PoseFeed;
  readonly voices: VoiceFeed;
  readonly ears: HearingSink | null;
  readonly away: ReadonlySet<string>;
  /** How many watch. */
  readonly spectators: number;
  readonly screen: SharedScreen | null;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  readonly reducedMotion: boolean;
  readonly labels: { readonly you: string; readonly reconnecting: string; readonly away: string };
  onScreenClick?(): void;
}

/** The meeting's scene: wires room, cast, cameras and plates into one frame loop. */
export class MeetingWorld implements SceneHandle {
  private readonly seating: Seating;
  private readonly crowd = new Crowd(createAvatarMaterial);
  private readonly cast: Cast;
  private readonly input: CameraInput;
  private readonly director: CameraDirector;
  private readonly plates: NamePlates;
  private readonly hearing: Hearing;
  private framedScreen: FramedScreen;
  private readonly sharedScreen: SharedScreenView;
  private readonly screenPointer: ScreenPointer;
  private readonly loop: FrameLoop;
  private readonly frameWorld;
  private readonly standIn = createStandInModel();
  private settings: MeetingSettings | null = null;
  private people = new Map<string, SeatedPerson>();
  private framed = Number.NaN;

  constructor(
    private readonly scene: Scene,
    camera: PerspectiveCamera,
    renderer: WebGLRenderer,
    seats: number,
    private readonly clock: Clock,
  ) {
    this.seating = new Seating(seats);
    this.cast = new Cast({
      crowd: this.crowd,
      avatars: defaultAvatars,
      coarse: coarseAvatars,
      standIn: this.standIn,
      placeOf: (seat) => this.seating.placeOf(seat),
      onAvatarError: reportAvatarError,
    });
    this.input = new CameraInput(renderer.domElement);
    this.director = new CameraDirector(camera, this.input, BOUNDS, {
      eyes: { read: (out) => this.readOwnEyes(out) },
      isSpeaking: (id) => this.cast.get(id)?.speaking.isOn ?? false,
    });
    this.plates = new NamePlates(
      seats,
      this.cast.actors,
      (actor) => this.plateOwner(actor),
      camera,
      renderer.domElement,
    );
    this.framedScreen = framedScreen(this.seating.arrangement);
    this.hearing = new Hearing(this.cast.actors, camera, tableEdge(this.seating.arrangement.line));
    this.sharedScreen = new SharedScreenView(scene, this.seating.room.screen, this.plates.caption, renderer);
    this.screenPointer = new ScreenPointer(
      renderer.domElement,
      camera,
      () => this.sharedScreen.isShown && this.settings?.onScreenClick !== undefined,
      () => this.settings?.onScreenClick?.(),
    );
    this.frameWorld = {
      clock,
      renderer,
      scene,
      camera,
      actors: this.cast.actors,
      crowd: this.crowd,
      director: this.director,
      furniture: { update: (nowMs: number, deltaMs: number) => this.updateFurniture(camera, nowMs, deltaMs) },
      plates: this.plates,
      hearing: this.hearing,
      lodCoarseness: finestHere().lodCoarseness,
      feed: NO_FEED as PoseFeed,
      voices: SILENCE as VoiceFeed,
      isStill: false,
      hiddenId: null as string | null,
    };
    this.loop = new FrameLoop(this.frameWorld);
    scene.add(this.seating.room.root, this.crowd.root);
  }

  /** Takes over what React says. Joining and leaving happen here. */
  apply(settings: MeetingSettings): void {
    const before = this.settings;
    this.settings = settings;
    this.frameWorld.feed = settings.feed;
    this.frameWorld.voices = settings.voices;
    this.frameWorld.isStill = settings.reducedMotion;
    this.hearing.ears = settings.ears;
    this.hearing.selfId = settings.selfId;
    this.director.isStill = settings.reducedMotion;
    this.plates.isStill = settings.reducedMotion;
    this.plates.labels = settings.labels;
    if (before?.mood !== settings.mood) this.seating.room.setMood(settings.mood, this.scene);
    if (before?.people !== settings.people) this.setPeople(settings.people);
    for (const actor of this.cast.actors) actor.isAway = settings.away.has(actor.id);
    if (before?.selfId !== settings.selfId) this.framed = Number.NaN;
    this.setCamera(settings);
    this.sharedScreen.set(settings.screen);
    this.director.setScreen(settings.screen && this.framedScreen);
    this.seating.room.spectators.setWatching(settings.spectators);
    if (before === null) this.seating.settleChairs();
  }

  /** Draws one frame. */
  frame(): void {
    this.arrange();
    this.reframeWhereNeeded();
    this.loop.frame();
  }

  /** Draws as finely as that from the next frame on. */
  setPicture({ shadows, lodCoarseness, audienceMost }: PictureQuality): void {
    const { lighting, spectators } = this.seating.room;
    lighting.setShadows(shadows);
    spectators.audience.setMost(audienceMost);
    this.frameWorld.lodCoarseness = lodCoarseness;
  }

  drawnPose(personId: string, out: Pose): boolean {
    return this.cast.drawnPose(personId, out);
  }

  lod(personId: string): number {
    const actor = this.cast.get(personId);
    return actor?.visible ? actor.level : -1;
  }

  frameStats(): FrameFigures {
    return this.loop.stats.read();
  }

  watchSteps(isOn: boolean): void {
    this.loop.steps.isOn = isOn;
  }

  stepTimes(): StepFigures {
    return this.loop.steps.read();
  }

  screenShown(): boolean {
    return this.sharedScreen.isShown;
  }

  voiceLevel(personId: string): number {
    return this.cast.get(personId)?.speaking.level ?? 0;
  }

  /** Whether everybody has their avatar and has eased into their pose. */
  get isSettled(): boolean {
    return this.cast.actors.every((actor) => actor.isSettled);
  }

  dispose(): void {
    this.input.dispose();
    this.screenPointer.dispose();
    this.sharedScreen.dispose();
    this.plates.dispose();
    this.cast.dispose();
    this.crowd.dispose();
    this.standIn.dispose();
    this.seating.dispose();
  }

  private setPeople(people: readonly SeatedPerson[]): void {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.seating.setPeople(people);
    this.arrange();
    this.cast.setPeople(people);
    this.plates.refresh();
  }

  private setCamera({ camera, selfId, showSelf }: MeetingSettings): void {
    const hasSeat = selfId !== null && this.people.has(selfId);
    const mode = camera === 'firstPerson' && !hasSeat ? 'orbit' : camera;
    this.director.setMode(mode);
    this.hearing.isOwnHead = mode === 'firstPerson';
    const hidesSelf = mode === 'firstPerson' || !showSelf;
    if (this.frameWorld.hiddenId !== (hidesSelf ? selfId : null)) this.framed = Number.NaN;
    this.frameWorld.hiddenId = hidesSelf ? selfId : null;
  }

  /** Frames the people anew when their number, avatars or stances have changed, not every frame. */
  private reframeWhereNeeded(): void {
    let key = this.cast.actors.length * 1000;
    for (const actor of this.cast.actors) {
      key += actor.standing > 0.5 ? 1 : 0;
      key += Math.round(actor.model.measures.topY * 100) * 0.001;
    }
    if (key === this.framed) return;
    this.framed = key;
    this.director.setPeople(
      this.cast.actors
        .filter((actor) => this.isFramed(actor))
        .map((actor) => framedPerson(actor, this.settings?.selfId ?? null)),
    );
  }

  private isFramed(actor: Actor): boolean {
    return actor.id !== this.frameWorld.hiddenId || this.cast.actors.length === 1;
  }

  /** Rearranges the room where it has become too small or too large for the people. */
  private arrange(): void {
    if (!this.seating.arrange(this.clock.nowMs())) return;
    const { arrangement } = this.seating;
    this.cast.rearrange();
    this.hearing.edge = tableEdge(arrangement.line);
    this.framedScreen = framedScreen(arrangement);
    if (this.settings?.screen) this.director.setScreen(this.framedScreen);
    this.framed = Number.NaN;
  }

  private updateFurniture(camera: PerspectiveCamera, nowMs: number, deltaMs: number): void {
    const { isStill, actors } = this.frameWorld;
    const { room } = this.seating;
    room.lighting.follow(camera.position);
    this.sharedScreen.update(deltaMs, isStill);
    this.seating.update(actors, deltaMs, isStill);
    room.furnishing.lamps.update(camera.position.y, deltaMs, isStill);
    room.spectators.update(nowMs, deltaMs, isStill);
    for (let i = 0; i < actors.length; i += 1) {
      const { speaking, position } = actors[i]!;
      if (speaking.isOn) room.spectators.audience.lookAt(position.x, position.z);
    }
  }

  private readOwnEyes(out: Point): number | null {
    const actor = this.settings?.selfId ? this.cast.get(this.settings.selfId) : undefined;
    return actor ? readEyes(actor, out) : null;
  }

  private plateOwner(actor: Actor) {
    const person = this.people.get(actor.id);
    if (!person) return undefined;
    owner.name = person.name;
    owner.isSelf = person.id === this.settings?.selfId;
    return owner;
  }
}

const owner = { name: '', isSelf: false };

const NO_FEED: PoseFeed = { sample: () => 'none' };

function reportAvatarError(person: SeatedPerson, error: unknown): void {
  createConsoleLog().warn('an avatar could not be loaded', { avatar: person.avatar, reason: String(error) });
}

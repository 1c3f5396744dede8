import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
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
import { FrameLoop } from '@/scene/frame/frameLoop';
import { Hearing } from '@/scene/frame/hearing';
import type { PoseFeed } from '@/scene/frame/poseFeed';
import type { StepFigures } from '@/scene/frame/stepTimes';
import { type HearingSink, SILENCE, type VoiceFeed } from '@/scene/frame/voiceFeed';
import { Room } from '@/scene/room/room';
import { ROOM, SEAT_HEIGHT } from '@/scene/room/roomSize';
import { seatLine, seatTransform } from '@/scene/room/seatLayout';
import { tableEdge } from '@/scene/room/tableShape';
import { coarseAvatars, defaultAvatars } from './defaultAvatars';
import { framedPerson, readEyes } from './framedPerson';
import { framedScreen } from './framedScreen';
import { createAvatarMaterial, createRoomMaterial, lodCoarsenessHere } from './matteMaterial';
import { NamePlates } from './namePlates';
import type { CameraMode, FrameStats, RoomMood, SceneHandle, SharedScreen } from './sceneContract';
import { ScreenPointer } from './screenPointer';
import { SharedScreenView } from './sharedScreenView';

const WALL_MARGIN = 0.3;

const BOUNDS: CameraBounds = {
  halfX: ROOM.halfX - WALL_MARGIN,
  halfZ: ROOM.halfZ - WALL_MARGIN,
  minY: 0.3,
  maxY: ROOM.height - WALL_MARGIN - 0.2,
};

/** How bright the light before whoever speaks is at their softest; the voice does the rest. */
const SPEAKING_LIGHT = 0.45;

/** What React tells the world; whole, whenever something of it changes. */
export interface MeetingSettings {
  readonly people: readonly SeatedPerson[];
  readonly selfId: string | null;
  readonly showSelf: boolean;
  readonly feed: PoseFeed;
  readonly voices: VoiceFeed;
  readonly ears: HearingSink | null;
  readonly away: ReadonlySet<string>;
  readonly screen: SharedScreen | null;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  readonly reducedMotion: boolean;
  readonly labels: { readonly you: string; readonly reconnecting: string; readonly away: string };
  onScreenClick?(): void;
}

/** The meeting's scene: wires room, cast, cameras and plates into one frame loop. */
export class MeetingWorld implements SceneHandle {
  private readonly room: Room;
  private readonly crowd = new Crowd(createAvatarMaterial);
  private readonly cast: Cast;
  private readonly input: CameraInput;
  private readonly director: CameraDirector;
  private readonly plates: NamePlates;
  private readonly hearing: Hearing;
  private readonly framedScreen: FramedScreen;
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
    private readonly seats: number,
    clock: Clock,
  ) {
    this.room = new Room(seats, createRoomMaterial);
    this.cast = new Cast({
      crowd: this.crowd,
      avatars: defaultAvatars,
      coarse: coarseAvatars,
      standIn: this.standIn,
      placeOf: (seat) => ({ ...seatTransform(seat % seats, seats), seatHeight: SEAT_HEIGHT }),
      onAvatarError: reportAvatarError,
    });
    this.input = new CameraInput(renderer.domElement);
    this.director = new CameraDirector(camera, this.input, BOUNDS, { read: (out) => this.readOwnEyes(out) });
    this.plates = new NamePlates(seats, this.cast.actors, (actor) => this.plateOwner(actor), camera, renderer);
    this.framedScreen = framedScreen(seats);
    this.hearing = new Hearing(this.cast.actors, camera, tableEdge(seatLine(seats)));
    this.sharedScreen = new SharedScreenView(scene, this.room.screen, this.plates.caption, renderer);
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
      furniture: { update: (_nowMs: number, deltaMs: number) => this.updateFurniture(camera, deltaMs) },
      plates: this.plates,
      hearing: this.hearing,
      lodCoarseness: lodCoarsenessHere(),
      feed: NO_FEED as PoseFeed,
      voices: SILENCE as VoiceFeed,
      isStill: false,
      hiddenId: null as string | null,
    };
    this.loop = new FrameLoop(this.frameWorld);
    scene.add(this.room.root, this.crowd.root, this.plates.mesh);
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
    this.plates.labels = settings.labels;
    if (before?.mood !== settings.mood) this.room.setMood(settings.mood, this.scene);
    if (before?.people !== settings.people) this.setPeople(settings.people);
    for (const actor of this.cast.actors) actor.isAway = settings.away.has(actor.id);
    if (before?.selfId !== settings.selfId) this.framed = Number.NaN;
    this.setCamera(settings);
    this.sharedScreen.set(settings.screen);
    this.director.setScreen(settings.screen && this.framedScreen);
    if (before === null) this.settleChairs();
  }

  /** Draws one frame. */
  frame(): void {
    this.reframeWhereNeeded();
    this.loop.frame();
  }

  setShadows(on: boolean): void {
    this.room.lighting.setShadows(on);
  }

  drawnPose(personId: string, out: Pose): boolean {
    return this.cast.drawnPose(personId, out);
  }

  lod(personId: string): number {
    const actor = this.cast.get(personId);
    return actor?.visible ? actor.level : -1;
  }

  frameStats(): FrameStats {
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

  dispose(): void {
    this.input.dispose();
    this.screenPointer.dispose();
    this.sharedScreen.dispose();
    this.plates.dispose();
    this.cast.dispose();
    this.crowd.dispose();
    this.standIn.dispose();
    this.room.dispose();
  }

  private setPeople(people: readonly SeatedPerson[]): void {
    this.people = new Map(people.map((person) => [person.id, person]));
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

  private updateFurniture(camera: PerspectiveCamera, deltaMs: number): void {
    this.room.lighting.follow(camera.position);
    this.sharedScreen.update(deltaMs, this.frameWorld.isStill);
    this.room.chairs.clearTaken();
    this.room.speaking.clear();
    for (let i = 0; i < this.cast.actors.length; i += 1) {
      const actor = this.cast.actors[i]!;
      const seat = this.people.get(actor.id)?.seat ?? 0;
      this.room.chairs.setTaken(seat, 1 - actor.standing);
      const { shown, level } = actor.speaking;
      if (actor.visible) this.room.speaking.set(seat, shown * (SPEAKING_LIGHT + (1 - SPEAKING_LIGHT) * level));
      const { x, z } = actor.position;
      this.room.setStandingShadow(i, x, z, actor.visible ? actor.standing : 0);
    }
    for (let i = this.cast.actors.length; i < this.seats; i += 1) this.room.setStandingShadow(i, 0, 0, 0);
    this.room.chairs.update(deltaMs);
    this.room.speaking.update();
  }

  private settleChairs(): void {
    for (const person of this.people.values()) this.room.chairs.setTaken(person.seat, 1);
    this.room.chairs.settle();
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

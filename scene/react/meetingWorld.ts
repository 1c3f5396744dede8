import type { Object3D, PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { FrameFigures } from '@/lib/core/frameFigures';
import { createConsoleLog } from '@/lib/core/log';
import type { Participant } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import { Crowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import type { CameraBounds, Point } from '@/scene/camera/cameraBounds';
import { CameraDirector, type CameraPlace } from '@/scene/camera/cameraDirector';
import { CameraInput } from '@/scene/camera/cameraInput';
import type { FramedPerson } from '@/scene/camera/framing';
import type { FramedScreen } from '@/scene/camera/screenFraming';
import type { Actor } from '@/scene/frame/actor';
import { Cast } from '@/scene/frame/cast';
import { type PoseFeed, SILENCE, type VoiceFeed } from '@/scene/frame/feeds';
import { FrameLoop, type StepFigures } from '@/scene/frame/frameLoop';
import { Hearing } from '@/scene/frame/hearing';
import type { PictureQuality } from '@/scene/frame/pictureQuality';
import type { Placement } from '@/scene/frame/placement';
import { LAMP_Y, lampPlaces } from '@/scene/room/light/lamps';
import { type Arrangement, createArrangement } from '@/scene/room/plan/arrangement';
import { ROOM, SEAT_HEIGHT } from '@/scene/room/plan/roomSize';
import { tableEdge } from '@/scene/room/plan/seatLayout';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';
import { coarseAvatars, defaultAvatars } from './defaultAvatars';
import { createAvatarMaterial } from './matteMaterial';
import { finestHere } from './pictureWatch';
import { NamePlates } from './plates/namePlates';
import type { RoomFrame, RoomParts } from './room/roomParts';
import type { MeetingSettings, SceneHandle } from './sceneContract';

const WALL_MARGIN = 0.3;

const BOUNDS: CameraBounds = {
  halfX: ROOM.halfX - WALL_MARGIN,
  halfZ: ROOM.halfZ - WALL_MARGIN,
  minY: 0.3,
  maxY: ROOM.height - WALL_MARGIN - 0.2,
};

/** What a {@link MeetingWorld} lives in. */
export interface MeetingWorldOptions {
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly renderer: WebGLRenderer;
  readonly clock: Clock;
  /** Seats of the meeting. */
  readonly seats: number;
  /** Moves the room's parts. */
  readonly parts: RoomParts;
}

/**
 * The part of the meeting's scene that runs at frame rate: people, camera, plates and the room's moving parts in one
 * frame loop.
 */
export class MeetingWorld implements SceneHandle {
  private readonly crowd = new Crowd(createAvatarMaterial);
  private readonly cast: Cast;
  private readonly input: CameraInput;
  private readonly director: CameraDirector;
  private readonly plates: NamePlates;
  private readonly hearing: Hearing;
  private readonly loop: FrameLoop;
  private readonly frameWorld;
  private readonly roomFrame: RoomFrame;
  private readonly standIn = createStandInModel();
  private settings: MeetingSettings | null = null;
  private arrangement: Arrangement;
  private framedScreen: FramedScreen;
  private people = new Map<string, Participant>();
  private framed = Number.NaN;

  constructor({ scene, camera, renderer, clock, seats, parts }: MeetingWorldOptions) {
    this.arrangement = createArrangement('table', seats);
    this.framedScreen = framedScreen(this.arrangement);
    this.cast = new Cast({
      crowd: this.crowd,
      avatars: defaultAvatars,
      coarse: coarseAvatars,
      standIn: this.standIn,
      placeOf: (seat) => this.placeOf(seat),
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
    this.hearing = new Hearing(this.cast.actors, camera, tableEdge(this.arrangement.line));
    this.roomFrame = {
      nowMs: 0,
      deltaMs: 0,
      isStill: false,
      picture: finestHere(),
      camera,
      actors: this.cast.actors,
      caption: this.plates.caption,
      seatOf: (id) => this.people.get(id)?.seat ?? 0,
    };
    this.frameWorld = {
      clock,
      renderer,
      scene,
      camera,
      actors: this.cast.actors,
      crowd: this.crowd,
      director: this.director,
      furniture: { update: (nowMs: number, deltaMs: number) => this.moveRoom(parts, nowMs, deltaMs) },
      plates: this.plates,
      hearing: this.hearing,
      lodCoarseness: finestHere().lodCoarseness,
      feed: NO_FEED as PoseFeed,
      voices: SILENCE as VoiceFeed,
      isStill: false,
      hiddenId: null as string | null,
    };
    this.loop = new FrameLoop(this.frameWorld);
  }

  /** Everybody's avatars. */
  get avatars(): Object3D {
    return this.crowd.root;
  }

  /** Takes over what React says: people who join and leave, another arrangement, another view. */
  apply(settings: MeetingSettings, arrangement: Arrangement): void {
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
    if (arrangement !== this.arrangement) this.arrange(arrangement);
    if (before?.people !== settings.people) this.setPeople(settings.people);
    for (const actor of this.cast.actors) {
      actor.isAway = settings.away.has(actor.id);
      actor.isUnheard = settings.unheard.has(actor.id);
    }
    if (before?.selfId !== settings.selfId) this.framed = Number.NaN;
    this.setView(settings);
    this.director.setScreen(settings.screen && this.framedScreen);
  }

  /** Draws one frame. */
  frame(): void {
    this.reframeWhereNeeded();
    this.loop.frame();
  }

  /** How finely to draw from the next frame on. */
  setPicture(picture: PictureQuality): void {
    this.roomFrame.picture = picture;
    this.frameWorld.lodCoarseness = picture.lodCoarseness;
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

  cameraPlace(): CameraPlace {
    return this.director.place;
  }

  /** Keeps the camera at a place, whatever the view; null lets it go. */
  holdCamera(place: CameraPlace | null): void {
    this.director.hold(place);
  }

  /** Whether all avatars are loaded and have eased into their poses. */
  get isSettled(): boolean {
    return this.cast.actors.every((actor) => actor.isSettled);
  }

  dispose(): void {
    this.input.dispose();
    this.plates.dispose();
    this.cast.dispose();
    this.crowd.dispose();
    this.standIn.dispose();
  }

  private setPeople(people: readonly Participant[]): void {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.cast.setPeople(people);
    this.plates.refresh();
  }

  private setView({ view: wanted, selfId, showSelf }: MeetingSettings): void {
    const hasSeat = selfId !== null && this.people.has(selfId);
    const view = wanted === 'firstPerson' && !hasSeat ? 'orbit' : wanted;
    this.director.setView(view);
    this.hearing.isOwnHead = view === 'firstPerson';
    const hidesSelf = view === 'firstPerson' || !showSelf;
    if (this.frameWorld.hiddenId !== (hidesSelf ? selfId : null)) this.framed = Number.NaN;
    this.frameWorld.hiddenId = hidesSelf ? selfId : null;
  }

  /** Frames the people again if their number, avatars or stances have changed. */
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

  /** Moves everybody to where their seat is now. */
  private arrange(arrangement: Arrangement): void {
    this.arrangement = arrangement;
    this.cast.rearrange();
    this.hearing.edge = tableEdge(arrangement.line);
    this.framedScreen = framedScreen(arrangement);
    this.framed = Number.NaN;
  }

  private placeOf(seat: number): Placement {
    const { seats } = this.arrangement;
    return { ...seats[seat % seats.length]!, seatHeight: SEAT_HEIGHT };
  }

  private moveRoom(parts: RoomParts, nowMs: number, deltaMs: number): void {
    const { roomFrame } = this;
    roomFrame.nowMs = nowMs;
    roomFrame.deltaMs = deltaMs;
    roomFrame.isStill = this.frameWorld.isStill;
    parts.update(roomFrame);
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

function reportAvatarError(person: Participant, error: unknown): void {
  createConsoleLog().warn('an avatar could not be loaded', { avatar: person.avatar, reason: String(error) });
}

/** Eyes are this far in front of the head's axis, metres. */
const EYES_FORWARD = 0.1;

/** A person as the camera frames them, sitting or standing. */
function framedPerson(actor: Actor, selfId: string | null): FramedPerson {
  const { place, eyeY, topY } = actor;
  const stands = actor.standing > 0.5;
  return {
    id: actor.id,
    x: stands ? place.standX : place.x,
    z: stands ? place.standZ : place.z,
    yawRad: place.yawRad,
    eyeY,
    topY,
    isSelf: actor.id === selfId,
  };
}

/** Writes a person's eyes into `out` and returns the yaw straight ahead, radians. Allocates nothing. */
function readEyes(actor: Actor, out: Point): number {
  const { position } = actor;
  const { yawRad } = actor.place;
  out.x = position.x + Math.sin(yawRad) * EYES_FORWARD;
  out.y = actor.eyeY;
  out.z = position.z + Math.cos(yawRad) * EYES_FORWARD;
  return yawRad;
}

/** Height of the middle of a lampshade above its rim, metres. */
const SHADE_MIDDLE = 0.1;

/** The room's screen as the camera frames it; the lamps of the arrangement may hang in front of it. */
export function framedScreen(arrangement: Arrangement): FramedScreen {
  const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
  const obstacles = lampPlaces(arrangement).map((place) => ({ ...place, eyeY: LAMP_Y + SHADE_MIDDLE }));
  return { x, y, z, halfWidth: width / 2, halfHeight: height / 2, yawRad, obstacles };
}

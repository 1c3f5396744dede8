import { type PerspectiveCamera, type Scene, Vector3, type WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import { createConsoleLog } from '@/lib/core/log';
import type { SeatedPerson } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import { createStandInModel } from '@/scene/avatar/standInModel';
import type { CameraBounds } from '@/scene/camera/cameraBounds';
import { CameraDirector } from '@/scene/camera/cameraDirector';
import { CameraInput } from '@/scene/camera/cameraInput';
import type { Actor } from '@/scene/frame/actor';
import { Cast } from '@/scene/frame/cast';
import { FrameLoop } from '@/scene/frame/frameLoop';
import type { PoseFeed } from '@/scene/frame/poseFeed';
import { Room } from '@/scene/room/room';
import { ROOM, SEAT_HEIGHT } from '@/scene/room/roomSize';
import { seatTransform } from '@/scene/room/seatLayout';
import { defaultAvatars } from './defaultAvatars';
import { createAvatarMaterial, createRoomMaterial, lodCoarsenessHere } from './matteMaterial';
import { NamePlates } from './namePlates';
import type { CameraMode, FrameStats, RoomMood, SceneHandle } from './sceneContract';

const WALL_MARGIN = 0.3;

const BOUNDS: CameraBounds = {
  halfX: ROOM.halfX - WALL_MARGIN,
  halfZ: ROOM.halfZ - WALL_MARGIN,
  minY: 0.3,
  maxY: ROOM.height - WALL_MARGIN - 0.2,
};

/** One's own eyes are this far before the head's axis, metres. */
const EYES_FORWARD = 0.1;

const at = new Vector3();

/** What React tells the world; whole, whenever something of it changes. */
export interface MeetingSettings {
  readonly people: readonly SeatedPerson[];
  readonly selfId: string | null;
  readonly showSelf: boolean;
  readonly feed: PoseFeed;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  readonly reducedMotion: boolean;
  readonly labels: { readonly you: string; readonly reconnecting: string };
}

/** The meeting's scene: wires room, cast, cameras and plates into one frame loop. */
export class MeetingWorld implements SceneHandle {
  private readonly room: Room;
  private readonly cast: Cast;
  private readonly input: CameraInput;
  private readonly director: CameraDirector;
  private readonly plates: NamePlates;
  private readonly loop: FrameLoop;
  private readonly frameWorld;
  private readonly standIn = createStandInModel(createAvatarMaterial);
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
      parent: scene,
      avatars: defaultAvatars,
      standIn: this.standIn,
      placeOf: (seat) => ({ ...seatTransform(seat % seats, seats), seatHeight: SEAT_HEIGHT }),
      onAvatarError: reportAvatarError,
    });
    this.input = new CameraInput(renderer.domElement);
    this.director = new CameraDirector(camera, this.input, BOUNDS, { read: (out) => this.readOwnEyes(out) });
    this.plates = new NamePlates(seats, this.cast.actors, (actor) => this.plateOwner(actor), camera, renderer);
    this.frameWorld = {
      clock,
      renderer,
      scene,
      camera,
      actors: this.cast.actors,
      director: this.director,
      furniture: { update: (_nowMs: number, deltaMs: number) => this.updateFurniture(camera, deltaMs) },
      plates: this.plates,
      lodCoarseness: lodCoarsenessHere(),
      feed: NO_FEED as PoseFeed,
      hiddenId: null as string | null,
    };
    this.loop = new FrameLoop(this.frameWorld);
    scene.add(this.room.root, this.plates.mesh);
  }

  /** Takes over what React says. Joining and leaving happen here. */
  apply(settings: MeetingSettings): void {
    const before = this.settings;
    this.settings = settings;
    this.frameWorld.feed = settings.feed;
    this.director.isStill = settings.reducedMotion;
    this.plates.labels = settings.labels;
    if (before?.mood !== settings.mood) this.room.setMood(settings.mood, this.scene);
    if (before?.people !== settings.people) this.setPeople(settings.people);
    if (before?.selfId !== settings.selfId) this.framed = Number.NaN;
    this.setCamera(settings);
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

  dispose(): void {
    this.input.dispose();
    this.plates.dispose();
    this.cast.dispose();
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
    const hidesSelf = mode === 'firstPerson' || !showSelf;
    if (this.frameWorld.hiddenId !== (hidesSelf ? selfId : null)) this.framed = Number.NaN;
    this.frameWorld.hiddenId = hidesSelf ? selfId : null;
  }

  /** Frames the people anew when their number, avatars or stances have changed, not every frame. */
  private reframeWhereNeeded(): void {
    let key = this.cast.actors.length * 1000;
    for (const actor of this.cast.actors) {
      key += actor.standing > 0.5 ? 1 : 0;
      key += Math.round(actor.instance.model.measures.topY * 100) * 0.001;
    }
    if (key === this.framed) return;
    this.framed = key;
    this.director.setPeople(
      this.cast.actors.filter((actor) => this.isFramed(actor)).map((actor) => this.framedPerson(actor)),
    );
  }

  private isFramed(actor: Actor): boolean {
    return actor.id !== this.frameWorld.hiddenId || this.cast.actors.length === 1;
  }

  private framedPerson(actor: Actor) {
    const place = actor.place;
    const stands = actor.standing > 0.5;
    return {
      x: stands ? place.standX : place.x,
      z: stands ? place.standZ : place.z,
      yawRad: place.yawRad,
      eyeY: actor.eyeY,
      topY: actor.topY,
      isSelf: actor.id === this.settings?.selfId,
    };
  }

  private updateFurniture(camera: PerspectiveCamera, deltaMs: number): void {
    this.room.lighting.follow(camera.position);
    this.room.chairs.clearTaken();
    for (let i = 0; i < this.cast.actors.length; i += 1) {
      const actor = this.cast.actors[i]!;
      this.room.chairs.setTaken(this.people.get(actor.id)?.seat ?? 0, 1 - actor.standing);
      const { x, z } = actor.instance.root.position;
      this.room.setStandingShadow(i, x, z, actor.visible ? actor.standing : 0);
    }
    for (let i = this.cast.actors.length; i < this.seats; i += 1) this.room.setStandingShadow(i, 0, 0, 0);
    this.room.chairs.update(deltaMs);
  }

  private settleChairs(): void {
    for (const person of this.people.values()) this.room.chairs.setTaken(person.seat, 1);
    this.room.chairs.settle();
  }

  private readOwnEyes(out: { x: number; y: number; z: number }): number | null {
    const actor = this.settings?.selfId ? this.cast.get(this.settings.selfId) : undefined;
    if (!actor) return null;
    at.copy(actor.instance.root.position);
    out.x = at.x + Math.sin(actor.place.yawRad) * EYES_FORWARD;
    out.y = actor.eyeY;
    out.z = at.z + Math.cos(actor.place.yawRad) * EYES_FORWARD;
    return actor.place.yawRad;
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

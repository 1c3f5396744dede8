import { Fog, type Group, type PerspectiveCamera, type Scene, type WebGLRenderer } from 'three';
import type { Clock } from '@/lib/core/clock';
import type { MotionSource } from '@/lib/motion/motionSource';
import { Crowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Cast } from '@/scene/frame/cast';
import { type PoseFeed, SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart, type FrameWorld } from '@/scene/frame/frameLoop';
import type { PictureQuality } from '@/scene/frame/pictureQuality';
import type { Placement } from '@/scene/frame/placement';
import { disposeTree } from '@/scene/room/build/material';
import { Lighting } from '@/scene/room/light/lighting';
import { MOODS } from '@/scene/room/light/moods';
import { coarseAvatars, defaultAvatars } from '../defaultAvatars';
import type { DrawnWorld } from '../frameDriver';
import { createAvatarMaterial } from '../matteMaterial';
import { finestHere } from '../pictureWatch';
import type { RoomMood } from '../sceneContract';

/** A person in a small scene. */
export interface PreviewPerson {
  readonly avatar: string;
  /** Moves the person, who rests without one. */
  readonly source?: MotionSource;
}

const STILL: FramePart = { update: () => {} };

/** Where people stand or sit, what is around them, and the camera. */
export interface PreviewStage {
  readonly placements: readonly Placement[];
  /** Whether people are small or soft enough in the picture for their coarsest level. */
  readonly isCoarse: boolean;
  /** Ground and furniture; freed with the world. */
  readonly decor: Group;
  place(camera: PerspectiveCamera): void;
}

function avatarsFor({ isCoarse }: PreviewStage) {
  return isCoarse ? { avatars: coarseAvatars } : { avatars: defaultAvatars, coarse: coarseAvatars };
}

/** A small scene without a room: a few people on a stage, no plates, a fixed camera. */
export class PreviewWorld implements DrawnWorld {
  private readonly crowd = new Crowd(createAvatarMaterial);
  private readonly cast: Cast;
  private readonly lighting = new Lighting(1.5, 1.5);
  private readonly standIn = createStandInModel();
  private readonly frameWorld: FrameWorld;
  private readonly loop: FrameLoop;
  private readonly sources: (MotionSource | undefined)[] = [];
  private beganMs = Number.NaN;

  constructor(
    private readonly scene: Scene,
    camera: PerspectiveCamera,
    renderer: WebGLRenderer,
    clock: Clock,
    private readonly stage: PreviewStage,
  ) {
    const placeOf = (seat: number) => stage.placements[seat % stage.placements.length]!;
    this.cast = new Cast({ ...avatarsFor(stage), crowd: this.crowd, standIn: this.standIn, placeOf });
    this.frameWorld = {
      clock,
      renderer,
      scene,
      camera,
      actors: this.cast.actors,
      crowd: this.crowd,
      director: { update: () => stage.place(camera) },
      furniture: { update: () => this.lighting.follow(camera.position) },
      plates: STILL,
      hearing: STILL,
      feed: this.createFeed(),
      voices: SILENCE,
      // A person without a source holds still, as in a photograph.
      isStill: true,
      lodCoarseness: finestHere().lodCoarseness,
      hiddenId: null,
    };
    this.loop = new FrameLoop(this.frameWorld);
    scene.add(this.lighting.root, this.crowd.root, stage.decor);
  }

  /** The people on stage, in the order of the stage's places. */
  setPeople(people: readonly PreviewPerson[]): void {
    this.cast.setPeople(people.map(({ avatar }, seat) => ({ id: String(seat), name: '', avatar, seat })));
    this.sources.splice(0, this.sources.length, ...people.map(({ source }) => source));
  }

  setMood(name: RoomMood): void {
    this.lighting.setMood(name);
    this.scene.fog = new Fog(MOODS[name].fog, 100, 200);
  }

  setPicture({ shadows, lodCoarseness }: PictureQuality): void {
    this.lighting.setShadows(shadows);
    this.frameWorld.lodCoarseness = lodCoarseness;
  }

  /** Whether all avatars are loaded and have eased into their poses. */
  get isSettled(): boolean {
    return this.cast.actors.length > 0 && this.cast.actors.every((actor) => actor.isSettled);
  }

  frame(): void {
    this.loop.frame();
  }

  dispose(): void {
    this.cast.dispose();
    this.crowd.dispose();
    this.standIn.dispose();
    this.lighting.root.removeFromParent();
    this.stage.decor.removeFromParent();
    disposeTree(this.stage.decor);
  }

  /** Samples each person's source on a clock that starts with the first frame. */
  private createFeed(): PoseFeed {
    return {
      sample: (personId, nowMs, out) => {
        const source = this.sources[Number(personId)];
        if (!source) return 'none';
        if (Number.isNaN(this.beganMs)) this.beganMs = nowMs;
        source.sample(nowMs - this.beganMs, out);
        return 'live';
      },
    };
  }
}

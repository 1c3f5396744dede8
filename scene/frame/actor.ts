import { copyPose, createPose, type Pose, PosePart } from '@/lib/pose/pose';
import { AvatarInstance } from '@/scene/avatar/avatarInstance';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { blendStance, clampStandingHips, fillAbsentParts } from './composePose';
import type { Placement } from './placement';
import { approach, blendPoses, smooth } from './poseBlend';
import type { PoseFeed, PoseFeedState } from './poseFeed';
import { createRestPose } from './restPose';
import { type SeatedLegs, seatedLegs, writeSeatedHips, writeSeatedLegs } from './seatedLegs';

/** Time to ease between moving and resting, sitting and standing. */
const EASE_MS = 600;

/** An avatar that comes sooner is waited for; later, a stand-in sits there until then. */
const STAND_IN_AFTER_MS = 1500;

const REST = createRestPose();
const wanted = createPose();
const seated = createPose();

/** One person as drawn: their avatar, where it is, and how far it has eased. */
export class Actor {
  /** The pose as last drawn: all 52 rotations and the hips against the root's place. */
  readonly drawn: Pose = createPose();
  instance: AvatarInstance;
  state: PoseFeedState = 'none';
  /** 0 sits, 1 stands. */
  standing = 0;
  visible = true;
  /** Level of detail, 0 the finest. */
  level = 0;
  private readonly sent: Pose = createPose();
  private liveness = 0;
  private waitedMs = 0;
  private dressed = false;
  private sitting: SeatedLegs | null = null;
  private currentPlace: Placement;

  constructor(
    readonly id: string,
    model: AvatarModel,
    place: Placement,
  ) {
    this.instance = new AvatarInstance(model);
    this.currentPlace = place;
    this.moveTo(place);
  }

  get place(): Placement {
    return this.currentPlace;
  }

  /** Puts the person on another seat. */
  moveTo(place: Placement): void {
    this.currentPlace = place;
    this.standing = place.seatHeight === null ? 1 : this.standing;
    this.sitting = place.seatHeight === null ? null : seatedLegs(this.instance.model.measures, place.seatHeight);
    this.placeRoot();
  }

  /** Changes the avatar; the old one's nodes are freed. */
  wear(model: AvatarModel): void {
    const parent = this.instance.root.parent;
    this.instance.dispose();
    this.instance = new AvatarInstance(model);
    parent?.add(this.instance.root);
    this.dressed = true;
    this.moveTo(this.currentPlace);
  }

  /** Reads the feed and decides how alive and how upright the person is now. */
  sample(feed: PoseFeed, nowMs: number, deltaMs: number): void {
    this.state = feed.sample(this.id, nowMs, this.sent);
    this.waitedMs += deltaMs;
    const live = this.state === 'live';
    const step = deltaMs / EASE_MS;
    this.liveness = approach(this.liveness, live ? 1 : 0, step);
    const stands = this.sitting === null || (live && (this.sent.parts & PosePart.legs) !== 0);
    this.standing = approach(this.standing, stands ? 1 : 0, step);
  }

  /** Composes what is drawn: sent parts, rest for the absent ones, seat or floor. */
  compose(): void {
    const t = smooth(this.liveness);
    fillAbsentParts(this.sent, REST, wanted);
    blendPoses(REST.values, wanted.values, t, this.drawn.values);
    this.drawn.parts = wanted.parts;
    this.composeStance();
    this.placeRoot();
  }

  /** Writes the composed pose into the avatar. */
  apply(): void {
    this.instance.applyPose(this.drawn);
    this.instance.setLevel(this.level);
    this.instance.setDim(this.state === 'stale' ? 1 - this.liveness : 0);
  }

  /** Height of the eyes over the floor as the person sits or stands now, metres; without the pose's own nods. */
  get eyeY(): number {
    return this.instance.model.measures.eyeY + this.sinkY;
  }

  /** Height of the top of the head, likewise. */
  get topY(): number {
    return this.instance.model.measures.topY + this.sinkY;
  }

  /** How far sitting lowers the body, metres (negative). */
  private get sinkY(): number {
    return this.sitting ? this.sitting.hipsY * (1 - smooth(this.standing)) : 0;
  }

  /** Whether the person wears their avatar and eases no more. */
  get isSettled(): boolean {
    return this.dressed && this.liveness === (this.state === 'live' ? 1 : 0);
  }

  /** Whether there is something to show: the person's avatar, or the stand-in once the wait for it grows long. */
  get isShown(): boolean {
    return this.dressed || this.waitedMs >= STAND_IN_AFTER_MS;
  }

  dispose(): void {
    this.instance.dispose();
  }

  private composeStance(): void {
    if (this.sitting === null) {
      clampStandingHips(this.drawn.values);
      return;
    }
    copyPose(this.drawn, seated);
    writeSeatedLegs(seated.values, this.sitting);
    writeSeatedHips(seated.values, this.sitting);
    clampStandingHips(this.drawn.values);
    blendStance(seated.values, this.drawn.values, smooth(this.standing), this.drawn.values);
  }

  private placeRoot(): void {
    const { x, z, standX, standZ, yawRad } = this.currentPlace;
    const t = smooth(this.standing);
    const { root } = this.instance;
    root.position.set(x + (standX - x) * t, 0, z + (standZ - z) * t);
    root.rotation.y = yawRad;
  }
}

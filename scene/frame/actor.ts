import { Vector3 } from 'three';
import { approach, smooth } from '@/lib/core/easing';
import type { PlayoutState } from '@/lib/playout/playout';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createEasePose } from '@/lib/pose/easePose';
import { copyPose, createPose, type Pose, PosePart } from '@/lib/pose/pose';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import type { Crowd, CrowdMember } from '@/scene/avatar/crowd';
import { HIDDEN } from '@/scene/avatar/rigRows';
import { blendStance, clampStandingHips, fillAbsentParts, PartFades } from './composePose';
import { isPoseDue, poseIntervalMs } from './detailTiers';
import type { PoseFeed } from './feeds';
import { IdleLife, writeAway } from './idleLife';
import { type Placement, type SeatedLegs, seatedLegs, writeSeatedHips, writeSeatedLegs } from './placement';
import { seedOf } from './seedOf';
import { SpeakingLight, VoiceMouth } from './speaking';

/** Time to ease between moving and resting, sitting and standing. */
const EASE_MS = 800;

/** How far a person whose page is hidden is dimmed; one who has fallen silent is dimmed to 1. */
const AWAY_DIM = 0.5;

/** How long to wait for an avatar before a stand-in is shown. */
const STAND_IN_AFTER_MS = 1500;

/** Parts that keep moving at rest. */
const LIVELY_PARTS = PosePart.upperBody | PosePart.face;

const REST = createEasePose();
const idle = createPose();
const wanted = createPose();
const seated = createPose();

/** One person in the scene: their avatar, where it is, and how far it has eased. */
export class Actor {
  /** The last drawn pose: all 52 rotations, and the hips relative to the root's place. */
  readonly drawn: Pose = createPose();
  /** Place on the floor. */
  readonly position = new Vector3();
  state: PlayoutState = 'none';
  /** 0 sits, 1 stands. */
  standing = 0;
  visible = true;
  /** Level of detail, 0 the finest. */
  level = 0;
  /** How often and how fully the person is posed, 0 the best: see `detailTiers`. */
  tier = 0;
  /** Whether hair and clothes swing, unless decorative motion is off. */
  swings = false;
  /** Whether the person's page is hidden. */
  isAway = false;
  /** Whether this person's voice does not come through, which the plate says. */
  isUnheard = false;
  /** How the marks of a speaking person are lit. */
  readonly speaking = new SpeakingLight();
  private readonly mouth: VoiceMouth;
  private readonly life: IdleLife;
  private readonly seed: number;
  private readonly sent: Pose = createPose();
  /** The eased pose, before sitting down. */
  private readonly eased: Pose = createPose();
  private readonly fades = new PartFades();
  /** Parts that follow the sender; the other parts rest. */
  private followed = 0;
  private awayShare = 0;
  private dim = 0;
  private isStill = false;
  private waitedMs = 0;
  private dressed = false;
  private sitting: SeatedLegs | null = null;
  private currentPlace: Placement;
  private member: CrowdMember;
  /** When the pose was last composed; NaN to compose it in the next frame. */
  private composedMs = Number.NaN;
  private isDue = true;
  /** Whether the crowd has not been told the present place. */
  private isMoved = true;
  /** The dimming that the crowd was told last. */
  private shownDim = Number.NaN;

  constructor(
    readonly id: string,
    private readonly crowd: Crowd,
    model: AvatarModel,
    place: Placement,
  ) {
    this.member = crowd.add(model);
    this.currentPlace = place;
    this.seed = seedOf(id);
    this.mouth = new VoiceMouth(this.seed);
    this.life = new IdleLife(this.seed);
    copyPose(REST, this.eased);
    this.moveTo(place);
  }

  /** The model that the person wears. */
  get model(): AvatarModel {
    return this.member.model;
  }

  get place(): Placement {
    return this.currentPlace;
  }

  /** Puts the person on another seat. */
  moveTo(place: Placement): void {
    this.currentPlace = place;
    this.standing = place.seatHeight === null ? 1 : this.standing;
    this.sitting = place.seatHeight === null ? null : seatedLegs(this.model.measures, place.seatHeight);
    this.isMoved = true;
    this.placeRoot();
  }

  /** Changes the avatar; `palette` as for {@link recolour}. */
  wear(model: AvatarModel, palette: Uint8Array | null = null): void {
    this.crowd.remove(this.member);
    this.member = this.crowd.add(model);
    this.recolour(palette);
    this.dressed = true;
    this.composedMs = Number.NaN;
    this.shownDim = Number.NaN;
    this.moveTo(this.currentPlace);
  }

  /** Colours of the avatar; see `CrowdMember.setPalette`. */
  recolour(palette: Uint8Array | null): void {
    this.member.setPalette(palette);
  }

  /** Reads the feed and decides which parts follow it now, and whether the person stands. */
  sample(feed: PoseFeed, nowMs: number, deltaMs: number): void {
    this.state = feed.sample(this.id, nowMs, this.sent);
    this.waitedMs += deltaMs;
    this.life.advance(deltaMs);
    this.follow(this.state === 'live' && !this.isAway ? this.sent.parts : 0);
    this.fades.advance(deltaMs);
    if (!this.isEased) this.ease(deltaMs / EASE_MS);
  }

  /** Notes how loud the person speaks; `isStill`: decorative motion is off. */
  hear(level: number, deltaMs: number, isStill: boolean): void {
    this.isStill = isStill;
    this.speaking.advance(level, deltaMs, isStill);
    this.mouth.advance(level, deltaMs);
  }

  /**
   * Composes the drawn pose: sent parts, rest for the absent ones, the mouth moved by the voice, sitting or standing.
   */
  compose(): void {
    if (!this.isDue) return;
    this.rest();
    fillAbsentParts(this.sent, this.followed, idle, wanted);
    this.fades.blend(wanted.values, this.eased.values);
    copyPose(this.eased, this.drawn);
    this.drawn.parts = this.followed | (this.fades.shareOf(PosePart.gaze) < 1 ? PosePart.gaze : 0);
    this.mouth.write(this.drawn.values, this.voiceShare);
    this.composeStance();
    this.placeRoot();
  }

  /** Tells the crowd whether and at which level the person is drawn. */
  show(): void {
    const level = this.visible ? this.level : HIDDEN;
    const before = this.member.level;
    // The crowd has not been given the poses since.
    if (before === HIDDEN && level !== HIDDEN) this.composedMs = Number.NaN;
    this.member.setLevel(level);
    this.member.setSwinging(this.swings && this.visible && !this.isStill);
  }

  /** Decides whether the person gets a new pose in this frame. */
  schedule(nowMs: number): void {
    const intervalMs = poseIntervalMs(this.tier, !this.visible);
    this.isDue = intervalMs === 0 || isPoseDue(this.composedMs, nowMs, intervalMs, this.seed);
    if (this.isDue) this.composedMs = nowMs;
  }

  /** Hands the composed pose to the crowd, and place and brightness where they have changed. */
  apply(): void {
    if (!this.isDue || !this.visible) return;
    this.member.setPose(this.drawn);
    if (this.isMoved) this.member.place(this.position.x, this.position.z, this.currentPlace.yawRad);
    if (this.dim !== this.shownDim) this.member.setDim(smooth(this.dim));
    this.isMoved = false;
    this.shownDim = this.dim;
  }

  /** Writes where the head's joint was last drawn, world space; its place at rest where the model has no head. */
  headPlace(out: Vector3): Vector3 {
    if (this.member.jointPlace(BONE_INDEX.head, out)) return out;
    return out.copy(this.position).setY(this.model.measures.headJointY);
  }

  /** Height of the eyes above the floor as the person sits or stands now, metres, without the motion of the pose. */
  get eyeY(): number {
    return this.model.measures.eyeY + this.sinkY;
  }

  /** Height of the top of the head, in the same way. */
  get topY(): number {
    return this.model.measures.topY + this.sinkY;
  }

  /** How far sitting lowers the body, metres (negative). */
  private get sinkY(): number {
    return this.sitting ? this.sitting.hipsY * (1 - smooth(this.standing)) : 0;
  }

  /** Whether the person wears their avatar and all parts have eased. */
  get isSettled(): boolean {
    return this.dressed && this.fades.isDone;
  }

  /** Whether there is something to show: the person's avatar, or the stand-in after a long wait. */
  get isShown(): boolean {
    return this.dressed || this.waitedMs >= STAND_IN_AFTER_MS;
  }

  dispose(): void {
    this.crowd.remove(this.member);
  }

  /** Whether lowering the head, dimming and standing up have reached their goals. */
  private get isEased(): boolean {
    return this.awayShare === this.awayGoal && this.dim === this.dimGoal && this.standing === this.standingGoal;
  }

  private ease(step: number): void {
    this.awayShare = approach(this.awayShare, this.awayGoal, step);
    this.dim = approach(this.dim, this.dimGoal, step);
    this.standing = approach(this.standing, this.standingGoal, step);
  }

  private get awayGoal(): number {
    return this.isAway ? 1 : 0;
  }

  private get standingGoal(): number {
    return this.sitting === null || (this.followed & PosePart.legs) !== 0 ? 1 : 0;
  }

  private get dimGoal(): number {
    if (this.isAway) return AWAY_DIM;
    return this.state === 'stale' ? 1 : 0;
  }

  /** How far the voice moves the mouth: fully while no webcam follows the face. */
  private get voiceShare(): number {
    const share = this.fades.shareOf(PosePart.face);
    return this.followed & PosePart.face ? 1 - share : share;
  }

  /** Lets `parts` follow the sender from now on; parts that change ease from where they were last drawn. */
  private follow(parts: number): void {
    const changed = parts ^ this.followed;
    if (changed === 0) return;
    this.followed = parts;
    // The hips are measured from another place when the legs come or go (rule P-3).
    this.fades.restart(changed & PosePart.legs ? changed | PosePart.hips : changed, this.eased.values, EASE_MS);
  }

  /** Writes the resting person: breath, blinks and small motions, and the lowered head of someone away. */
  private rest(): void {
    copyPose(REST, idle);
    if (!this.showsRest) return;
    if (!this.isStill) this.life.write(idle.values);
    if (this.awayShare > 0) writeAway(idle.values, smooth(this.awayShare));
  }

  /** Whether any resting part, or one that eases from rest, shows breath, lids or head. */
  private get showsRest(): boolean {
    return (this.followed & LIVELY_PARTS) !== LIVELY_PARTS || !this.fades.isDone;
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
    const { x, z, standX, standZ } = this.currentPlace;
    const t = smooth(this.standing);
    const nextX = x + (standX - x) * t;
    const nextZ = z + (standZ - z) * t;
    if (nextX === this.position.x && nextZ === this.position.z) return;
    this.position.x = nextX;
    this.position.z = nextZ;
    this.isMoved = true;
  }
}

import { Matrix4, type PerspectiveCamera, Vector3 } from 'three';
import { easeShare } from '@/scene/camera/easing';
import type { Actor } from '@/scene/frame/actor';
import type { FramePart } from '@/scene/frame/frameLoop';
import type { PlateLabels } from '../sceneContract';
import { PLATE_HEIGHT, PlateAtlas } from './plateAtlas';
import { PlateCanvas } from './plateCanvas';
import {
  createFaceDisc,
  createPlateBox,
  type FaceDisc,
  NO_PLACE,
  type PlateBox,
  PlateLayout,
  type PlatePicture,
  pushInside,
} from './plateLayout';

/** Gap between hair and plate, metres. */
const ABOVE_HEAD = 0.035;
/** Radius of a face and the edge of its hair, metres. */
const FACE_RADIUS = 0.17;
/** A plate follows its head this slowly, so that it can be read while the head nods. */
const FOLLOW_MS = 160;
/** A speaker's plate counts as this much nearer, metres. */
const SPEAKER_NEARER = 20;

const head = new Vector3();
const anchor = new Vector3();
const screen = new Vector3();
const toScreen = new Matrix4();

/** Whose name a plate shows. */
export interface PlateOwner {
  readonly name: string;
  readonly isSelf: boolean;
}

/** A plate with the name of the participant whose screen is shown. */
export interface ScreenCaption {
  name: string;
  readonly place: Vector3;
  /** 0 if nothing is shown. */
  opacity: number;
}

/** Plates above everybody's heads, and over the room's screen. */
export class NamePlates implements FramePart {
  labels: PlateLabels = { you: '', reconnecting: '', away: '', unheard: '' };
  /** Whether plates move to their places at once. */
  isStill = false;
  /** The caption over the room's screen. */
  readonly caption: ScreenCaption = { name: '', place: new Vector3(), opacity: 0 };
  private readonly atlas: PlateAtlas;
  /** The caption's row in the atlas: the last. */
  private readonly captionRow: number;
  private readonly canvas: PlateCanvas;
  private readonly plates: PlateBox[] = [];
  private readonly faces: FaceDisc[] = [];
  private readonly picture: PlatePicture;
  private readonly layout: PlateLayout;
  private readonly lifts: Float32Array;
  private readonly shownLifts: Float32Array;
  private readonly opacities: Float32Array;
  private readonly followed = new Map<Actor, Vector3>();
  private readonly rowOf = new Map<Actor, number>();

  /** `scene`: the canvas that the plates lie over. */
  constructor(
    rows: number,
    private readonly actors: readonly Actor[],
    private readonly ownerOf: (actor: Actor) => PlateOwner | undefined,
    private readonly camera: PerspectiveCamera,
    private readonly scene: HTMLCanvasElement,
  ) {
    this.captionRow = rows;
    this.atlas = new PlateAtlas(rows + 1);
    this.canvas = new PlateCanvas(rows + 1, this.atlas, scene);
    this.picture = { width: 0, height: 0, plates: this.plates, faces: this.faces, caption: createPlateBox() };
    this.layout = new PlateLayout(rows);
    this.lifts = new Float32Array(rows);
    this.shownLifts = new Float32Array(rows);
    this.opacities = new Float32Array(rows);
  }

  /** Takes note of who joined and left. */
  refresh(): void {
    for (const actor of [...this.rowOf.keys()]) {
      if (this.actors.includes(actor)) continue;
      this.rowOf.delete(actor);
      this.followed.delete(actor);
    }
    for (const actor of this.actors) if (!this.rowOf.has(actor)) this.assignRow(actor);
    while (this.plates.length < this.actors.length) {
      this.plates.push(createPlateBox());
      this.faces.push(createFaceDisc());
    }
    this.plates.length = this.actors.length;
    this.faces.length = this.actors.length;
  }

  update(_nowMs: number, deltaMs: number): void {
    const { picture, actors, canvas } = this;
    picture.width = this.scene.clientWidth;
    picture.height = this.scene.clientHeight;
    toScreen.multiplyMatrices(this.camera.projectionMatrix, this.camera.matrixWorldInverse);
    for (let i = 0; i < actors.length; i += 1) this.locate(i, deltaMs);
    this.locateCaption();
    this.layout.lay(picture, this.lifts);
    canvas.begin(picture.width, picture.height);
    const share = this.isStill ? 1 : easeShare(deltaMs, FOLLOW_MS);
    for (let i = 0; i < actors.length; i += 1) this.write(i, share);
    if (picture.caption.isShown) {
      canvas.add(this.captionRow, picture.caption.x, picture.caption.y, this.caption.opacity, 0, 0);
    }
    canvas.end();
  }

  dispose(): void {
    this.canvas.dispose();
  }

  private assignRow(actor: Actor): void {
    const used = new Set(this.rowOf.values());
    for (let row = 0; row < this.captionRow; row += 1) {
      if (used.has(row)) continue;
      this.rowOf.set(actor, row);
      this.followed.set(actor, new Vector3(Number.NaN, 0, 0));
      return;
    }
  }

  private locate(i: number, deltaMs: number): void {
    const actor = this.actors[i]!;
    const row = this.rowOf.get(actor);
    const plate = this.plates[i]!;
    const face = this.faces[i]!;
    plate.isShown = row !== undefined && actor.visible;
    face.isShown = plate.isShown;
    if (!plate.isShown) return;
    this.say(actor, row!);
    actor.headPlace(head);
    const { measures } = actor.model;
    this.placeFace(face, measures.eyeY - measures.headJointY);
    anchor.copy(head).setY(head.y + measures.topY - measures.headJointY + ABOVE_HEAD);
    this.follow(actor, deltaMs);
    plate.halfWidth = this.atlas.widthOf(row!) / 2;
    plate.halfHeight = PLATE_HEIGHT / 2;
    this.placePlate(plate);
    pushInside(plate, face, this.picture.width, this.picture.height);
    if (actor.speaking.isOn) plate.depth -= SPEAKER_NEARER;
  }

  private placeFace(face: FaceDisc, eyesAboveJoint: number): void {
    const { height } = this.picture;
    const depth = this.toScreen(anchor.copy(head).setY(head.y + eyesAboveJoint - 0.02));
    face.isShown = depth > 0.2;
    face.x = screen.x;
    face.y = screen.y;
    face.radius = (FACE_RADIUS * height) / (2 * Math.max(0.3, depth) * Math.tan((this.camera.fov * Math.PI) / 360));
  }

  private placePlate(plate: PlateBox): void {
    plate.depth = this.toScreen(anchor);
    plate.isShown = plate.depth > 0.2;
    plate.x = screen.x;
    plate.y = screen.y - plate.halfHeight;
  }

  private locateCaption(): void {
    const { caption, picture, atlas, captionRow } = this;
    picture.caption.isShown = caption.opacity > 0;
    if (!picture.caption.isShown) return;
    captionText.name = caption.name;
    atlas.set(captionRow, captionText);
    picture.caption.halfWidth = atlas.widthOf(captionRow) / 2;
    picture.caption.halfHeight = PLATE_HEIGHT / 2;
    anchor.copy(caption.place);
    this.placePlate(picture.caption);
  }

  private say(actor: Actor, row: number): void {
    const owner = this.ownerOf(actor);
    if (!owner) return;
    scratchText.name = owner.name;
    scratchText.you = owner.isSelf ? this.labels.you : '';
    scratchText.state = this.stateOf(actor);
    this.atlas.set(row, scratchText);
  }

  private stateOf(actor: Actor): string {
    if (actor.isAway) return this.labels.away;
    if (actor.state === 'stale') return this.labels.reconnecting;
    return actor.isUnheard ? this.labels.unheard : '';
  }

  /** Eases `anchor` towards the head from where the plate was. */
  private follow(actor: Actor, deltaMs: number): void {
    const at = this.followed.get(actor)!;
    if (Number.isNaN(at.x) || at.distanceToSquared(anchor) > 0.25) at.copy(anchor);
    else at.lerp(anchor, easeShare(deltaMs, FOLLOW_MS));
    anchor.copy(at);
  }

  /**
   * Writes the place of a point in the picture (CSS pixels from the top left) into `screen`; returns its depth, metres.
   */
  private toScreen(point: Vector3): number {
    const { width, height } = this.picture;
    const depth = -screen.copy(point).applyMatrix4(this.camera.matrixWorldInverse).z;
    screen.copy(point).applyMatrix4(toScreen);
    screen.x = (screen.x * 0.5 + 0.5) * width;
    screen.y = (0.5 - screen.y * 0.5) * height;
    return depth;
  }

  private write(i: number, share: number): void {
    const plate = this.plates[i]!;
    const actor = this.actors[i]!;
    const lift = this.lifts[i]!;
    const hasPlace = lift !== NO_PLACE;
    // A plate that comes back starts in its place.
    if (hasPlace) this.shownLifts[i]! += (lift - this.shownLifts[i]!) * (this.opacities[i]! < 0.05 ? 1 : share);
    this.opacities[i]! += ((hasPlace ? 1 : 0) - this.opacities[i]!) * share;
    if (!plate.isShown) this.opacities[i] = 0;
    const { shown, level } = actor.speaking;
    this.canvas.add(
      this.rowOf.get(actor) ?? 0,
      plate.x,
      plate.y - this.shownLifts[i]!,
      this.opacities[i]!,
      shown,
      level,
    );
  }
}

const scratchText = { name: '', you: '', state: '' };
const captionText = { name: '', you: '', state: '', mark: 'screen' as const };

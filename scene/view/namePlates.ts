import { Matrix4, type PerspectiveCamera, Vector3, type WebGLRenderer } from 'three';
import { easeShare } from '@/scene/camera/easing';
import type { Actor } from '@/scene/frame/actor';
import type { FramePart } from '@/scene/frame/frameLoop';
import { PLATE_HEIGHT, PlateAtlas } from './plateAtlas';
import { createScreenBox, layOutPlates, NO_PLACE, type ScreenBox } from './plateLayout';
import { PlateMesh } from './plateMesh';

/** Gap between hair and plate, metres. */
const ABOVE_HEAD = 0.035;
const FACE_HALF = 0.17;
/** A plate follows its head this slowly, so that it can be read while the head nods. */
const FOLLOW_MS = 160;
/** Farther than this a plate begins to shrink, metres. */
const FULL_SIZE_UNTIL = 5;
const SCALE_MIN = 0.8;
/** In the crowd, the plate of whoever speaks goes before those this much nearer, metres. */
const SPEAKER_NEARER = 20;

const head = new Vector3();
const anchor = new Vector3();
const screen = new Vector3();
const toScreen = new Matrix4();

/** A name to be shown above somebody. */
export interface PlateOwner {
  readonly name: string;
  readonly isSelf: boolean;
}

/** A plate that says whose screen is shown. */
export interface ScreenCaption {
  name: string;
  readonly place: Vector3;
  /** 0 where nothing is shown. */
  opacity: number;
}

/** Plates above everybody's heads, and over the room's screen. */
export class NamePlates implements FramePart {
  labels = { you: '', reconnecting: '', away: '' };
  /** Hangs over the room's screen. */
  readonly caption: ScreenCaption = { name: '', place: new Vector3(), opacity: 0 };
  private readonly atlas: PlateAtlas;
  /** Its row in the atlas: the last. */
  private readonly captionRow: number;
  private readonly plateMesh: PlateMesh;
  private readonly plates: ScreenBox[] = [];
  private readonly faces: ScreenBox[] = [];
  private readonly lifts: Float32Array;
  private readonly shownLifts: Float32Array;
  private readonly opacities: Float32Array;
  private readonly followed = new Map<Actor, Vector3>();
  private readonly rowOf = new Map<Actor, number>();

  constructor(
    rows: number,
    private readonly actors: readonly Actor[],
    private readonly ownerOf: (actor: Actor) => PlateOwner | undefined,
    private readonly camera: PerspectiveCamera,
    private readonly renderer: WebGLRenderer,
  ) {
    this.captionRow = rows;
    this.atlas = new PlateAtlas(rows + 1);
    this.plateMesh = new PlateMesh(rows + 1, this.atlas.texture);
    this.lifts = new Float32Array(rows);
    this.shownLifts = new Float32Array(rows);
    this.opacities = new Float32Array(rows);
  }

  get mesh() {
    return this.plateMesh.mesh;
  }

  /** Takes note of who came and went. */
  refresh(): void {
    for (const actor of [...this.rowOf.keys()]) {
      if (this.actors.includes(actor)) continue;
      this.rowOf.delete(actor);
      this.followed.delete(actor);
    }
    for (const actor of this.actors) if (!this.rowOf.has(actor)) this.assignRow(actor);
    while (this.plates.length < this.actors.length) {
      this.plates.push(createScreenBox());
      this.faces.push(createScreenBox());
    }
    this.plates.length = this.actors.length;
    this.faces.length = this.actors.length;
  }

  update(_nowMs: number, deltaMs: number): void {
    const { clientWidth, clientHeight } = this.renderer.domElement;
    toScreen.multiplyMatrices(this.camera.projectionMatrix, this.camera.matrixWorldInverse);
    for (let i = 0; i < this.actors.length; i += 1) this.locate(i, deltaMs, clientWidth, clientHeight);
    layOutPlates(this.plates, this.faces, this.lifts);
    const share = easeShare(deltaMs, FOLLOW_MS);
    const ratio = this.renderer.getPixelRatio();
    for (let i = 0; i < this.actors.length; i += 1) {
      this.easePlate(i, share);
      this.write(i, ratio);
    }
    this.writeCaption(this.actors.length, ratio);
    this.plateMesh.upload(this.actors.length + 1, clientWidth * ratio, clientHeight * ratio, ratio);
  }

  dispose(): void {
    this.plateMesh.dispose();
    this.atlas.dispose();
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

  private locate(i: number, deltaMs: number, width: number, height: number): void {
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
    anchor.copy(head).setY(head.y + measures.topY - measures.headJointY + ABOVE_HEAD);
    this.follow(actor, deltaMs);
    this.toBox(anchor, plate, width, height);
    const scale = Math.max(SCALE_MIN, Math.min(1, FULL_SIZE_UNTIL / plate.depth));
    plate.halfWidth = (this.atlas.widthOf(row!) / 2) * scale;
    plate.halfHeight = (PLATE_HEIGHT / 2) * scale;
    plate.y -= plate.halfHeight;
    if (actor.speaking.isOn) plate.depth -= SPEAKER_NEARER;
    this.placeFace(face, measures.eyeY - measures.headJointY, width, height);
  }

  private placeFace(face: ScreenBox, eyesAboveJoint: number, width: number, height: number): void {
    anchor.copy(head).setY(head.y + eyesAboveJoint - 0.02);
    this.toBox(anchor, face, width, height);
    const pixels = (FACE_HALF * height) / (2 * Math.max(0.3, face.depth) * Math.tan((this.camera.fov * Math.PI) / 360));
    face.halfWidth = pixels;
    face.halfHeight = pixels;
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
    return actor.state === 'stale' ? this.labels.reconnecting : '';
  }

  /** Eases `anchor` towards the head from where the plate was. */
  private follow(actor: Actor, deltaMs: number): void {
    const at = this.followed.get(actor)!;
    if (Number.isNaN(at.x) || at.distanceToSquared(anchor) > 0.25) at.copy(anchor);
    else at.lerp(anchor, easeShare(deltaMs, FOLLOW_MS));
    anchor.copy(at);
  }

  private toBox(point: Vector3, box: ScreenBox, width: number, height: number): void {
    box.depth = -screen.copy(point).applyMatrix4(this.camera.matrixWorldInverse).z;
    if (box.depth < 0.2) box.isShown = false;
    screen.copy(point).applyMatrix4(toScreen);
    box.x = (screen.x * 0.5 + 0.5) * width;
    box.y = (0.5 - screen.y * 0.5) * height;
  }

  private easePlate(i: number, share: number): void {
    const hasPlace = this.lifts[i] !== NO_PLACE;
    this.opacities[i]! += ((hasPlace ? 1 : 0) - this.opacities[i]!) * share;
    if (hasPlace) this.shownLifts[i]! += (this.lifts[i]! - this.shownLifts[i]!) * share;
  }

  private write(i: number, ratio: number): void {
    const actor = this.actors[i]!;
    const plate = this.plates[i]!;
    const { places, rects, shapes, voices } = this.plateMesh;
    const row = this.rowOf.get(actor);
    if (!plate.isShown || row === undefined) {
      shapes.fill(0, i * 4, i * 4 + 4);
      return;
    }
    this.followed.get(actor)!.toArray(places, i * 3);
    this.atlas.writeRect(row, rects, i * 4);
    shapes[i * 4] = plate.halfWidth * 2 * ratio;
    shapes[i * 4 + 1] = plate.halfHeight * 2 * ratio;
    shapes[i * 4 + 2] = Math.round(this.shownLifts[i]! * ratio);
    shapes[i * 4 + 3] = this.opacities[i]!;
    voices[i * 2] = actor.speaking.shown;
    voices[i * 2 + 1] = actor.speaking.level;
  }

  private writeCaption(i: number, ratio: number): void {
    const { caption, captionRow, atlas } = this;
    const { places, rects, shapes, voices } = this.plateMesh;
    shapes.fill(0, i * 4, i * 4 + 4);
    voices.fill(0, i * 2, i * 2 + 2);
    if (caption.opacity === 0) return;
    captionText.name = caption.name;
    atlas.set(captionRow, captionText);
    caption.place.toArray(places, i * 3);
    atlas.writeRect(captionRow, rects, i * 4);
    shapes[i * 4] = atlas.widthOf(captionRow) * ratio;
    shapes[i * 4 + 1] = PLATE_HEIGHT * ratio;
    shapes[i * 4 + 3] = caption.opacity;
  }
}

const scratchText = { name: '', you: '', state: '' };
const captionText = { name: '', you: '', state: '', mark: 'screen' as const };

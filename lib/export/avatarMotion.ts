import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { FileFaces } from '@/lib/avatarFile/decode/faceShapes';
import { type RestBody, restBody } from '@/lib/avatarFile/decode/restBody';
import { readGlb } from '@/lib/avatarFile/gltf/glb';
import { originOf, pointWithin, rotationOf, scaleOf } from '@/lib/avatarFile/gltf/matrix';
import { type InspectedAvatar, inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { ARKIT_COUNT, ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_INDEX, BONES } from '@/lib/pose/bones';
import { GAZE_FULL_PITCH, GAZE_FULL_YAW, writeGazeMorphs } from '@/lib/pose/gazeMorphs';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { conjugateQuat, mulQuat, quatFromAngles } from '@/lib/pose/quat';
import { GltfAnimation, type GltfDescription } from './glb';
import { RotationThinner, VectorThinner } from './keyThinner';
import {
  type MotionChannel,
  MotionChannels,
  PLACE_TOLERANCE_M,
  ROTATION_TOLERANCE_RAD,
  WEIGHT_TOLERANCE,
} from './motionChannels';

/** The parts of a file's description that are looked at here; the reader has checked them. */
interface AvatarDescription extends GltfDescription {
  readonly nodes: ReadonlyArray<{ readonly matrix?: unknown }>;
  readonly meshes?: ReadonlyArray<{ readonly weights?: readonly number[] }>;
  readonly buffers?: ReadonlyArray<{ readonly byteLength: number; readonly uri?: string }>;
}

const turned = new Float64Array(4);

/** Turns a node of the file as `write` turns the body at rest: from the space of the node above, and to that of its own rest. */
function turnChannel(
  node: number,
  part: number,
  { above, own }: { readonly above: Float64Array; readonly own: Float64Array },
  write: (values: Float32Array, out: Float64Array) => void,
): MotionChannel {
  const into = new Float64Array(4);
  conjugateQuat(rotationOf(above), 0, into, 0);
  const rest = rotationOf(own);
  return {
    node,
    path: 'rotation',
    part,
    size: 4,
    thinner: new RotationThinner(ROTATION_TOLERANCE_RAD),
    read: (values, out) => {
      write(values, turned);
      mulQuat(into, 0, turned, 0, out, 0);
      mulQuat(out, 0, rest, 0, out, 0);
    },
  };
}

/** Makes the channels of one file. */
class AvatarChannels {
  constructor(
    private readonly avatar: InspectedAvatar,
    private readonly body: RestBody,
    private readonly description: AvatarDescription,
  ) {}

  all(): MotionChannel[] {
    const { boneNodes } = this.avatar.humanoid;
    const faces = new FileFaces(this.avatar.gltf);
    const bones = BONES.flatMap((_, bone) => {
      const node = boneNodes[bone]!;
      return boneNodes.indexOf(node) === bone && node >= 0 ? [this.bone(bone, node)] : [];
    });
    const hasEyeShapes = faces.named.has(ARKIT_INDEX.eyeLookOutLeft);
    return [this.hips(), ...bones, ...this.faces(faces), ...(hasEyeShapes ? [] : this.eyes())];
  }

  private placesOf(node: number) {
    const { parent } = this.avatar.gltf.nodes[node]!;
    const { placements, frame } = this.body;
    return { above: (parent < 0 ? null : placements[parent]) ?? frame, own: placements[node]! };
  }

  private bone(bone: number, node: number): MotionChannel {
    const from = ROTATIONS_OFFSET + bone * 4;
    return turnChannel(node, BONE_PARTS[bone]!, this.placesOf(node), (values, out) => {
      for (let k = 0; k < 4; k += 1) out[k] = values[from + k]!;
    });
  }

  private hips(): MotionChannel {
    const node = this.avatar.humanoid.boneNodes[BONE_INDEX.hips]!;
    const { above, own } = this.placesOf(node);
    const rest = originOf(own);
    return {
      node,
      path: 'translation',
      part: PosePart.hips,
      size: 3,
      thinner: new VectorThinner(3, PLACE_TOLERANCE_M / scaleOf(above)),
      read: (values, out) => {
        const [x = 0, y = 0, z = 0] = values.subarray(HIPS_OFFSET, HIPS_OFFSET + 3);
        out.set(pointWithin(above, [rest[0] + x, rest[1] + y, rest[2] + z]));
      },
    };
  }

  /** The morph targets of every node with a face. */
  private faces(faces: FileFaces): MotionChannel[] {
    const { nodes, meshes, order } = this.avatar.gltf;
    return order.flatMap((node) => {
      const { mesh } = nodes[node]!;
      const targets = meshes[mesh]?.primitives[0]?.targets.length ?? 0;
      const shapes = targets > 0 ? [...faces.of(mesh)] : [];
      return shapes.length > 0 ? [this.face(node, targets, mesh, shapes)] : [];
    });
  }

  private face(
    node: number,
    targets: number,
    mesh: number,
    shapes: ReadonlyArray<readonly [number, ReadonlyArray<{ readonly target: number; readonly weight: number }>]>,
  ): MotionChannel {
    const rest = this.description.meshes?.[mesh]?.weights ?? [];
    const weights = new Float32Array(ARKIT_COUNT);
    return {
      node,
      path: 'weights',
      part: PosePart.face,
      size: targets,
      thinner: new VectorThinner(targets, WEIGHT_TOLERANCE),
      read: (values, out) => {
        weights.set(values.subarray(FACE_OFFSET, FACE_OFFSET + ARKIT_COUNT));
        writeGazeMorphs(values, GAZE_OFFSET, weights);
        for (let target = 0; target < targets; target += 1) out[target] = rest[target] ?? 0;
        for (const [shape, shares] of shapes) {
          for (const { target, weight } of shares)
            if (target >= 0 && target < targets) out[target]! += weights[shape]! * weight;
        }
      },
    };
  }

  private eyes(): MotionChannel[] {
    const angles = new Float64Array(3);
    return this.avatar.humanoid.eyeNodes
      .filter((node) => node >= 0 && this.body.placements[node])
      .map((node) =>
        turnChannel(node, PosePart.gaze, this.placesOf(node), (values, out) => {
          angles[0] = -EYE_SHARE * clamped(values[GAZE_OFFSET + 1]!, GAZE_FULL_PITCH);
          angles[1] = EYE_SHARE * clamped(values[GAZE_OFFSET]!, GAZE_FULL_YAW);
          quatFromAngles(angles, 'YXZ', out, 0);
        }),
      );
  }
}

/** How far eyes that are bones turn, of the gaze: the face's lids do not follow them. */
const EYE_SHARE = 0.8;

const clamped = (value: number, most: number) => Math.max(-most, Math.min(most, value));

/** Nodes that an animation moves must have their place, turn and scale apart (glTF 2.0, section 3.5.3). */
function apart(node: { readonly matrix?: unknown }): object {
  const { matrix: given, ...rest } = node;
  if (!Array.isArray(given)) return node;
  const matrix = Float64Array.from(given);
  const scale = [0, 4, 8].map((at) => Math.hypot(...matrix.subarray(at, at + 3)));
  return { ...rest, translation: [...originOf(matrix)], rotation: [...rotationOf(matrix)], scale };
}

/**
 * Writes one person's motion into the file of an avatar (VRM 0.x, VRM 1.0, Mixamo or Ready Player Me style GLB): its bones turned as the
 * scene turns them, the place of the hips, the face as its own morph targets, the eyes. All else in the file stays as it is.
 */
export class AvatarMotionWriter {
  private readonly description: AvatarDescription;
  private readonly bin: Uint8Array;
  private readonly channels: MotionChannels;
  private readonly moved: ReadonlySet<number>;

  /**
   * `file` is the avatar's; `startMs` the recording's time at which the animation begins; `name` that of the animation.
   * @throws AvatarFileError
   */
  constructor(
    file: Uint8Array,
    startMs: number,
    private readonly name: string,
  ) {
    const avatar = inspectAvatar(file);
    const { json, bin } = readGlb(file);
    this.description = json as AvatarDescription;
    const [buffer] = this.description.buffers ?? [];
    if (buffer?.uri !== undefined) throw AvatarFileError.external('buffers[0]');
    this.bin = bin.subarray(0, buffer?.byteLength ?? 0);
    const body = restBody(avatar.gltf, avatar.humanoid, new Set());
    const all = new AvatarChannels(avatar, body, this.description).all();
    this.channels = new MotionChannels(all, startMs);
    this.moved = new Set(all.map(({ node }) => node));
  }

  /** Adds a frame of the recording's time `timeMs`, which is later than the one before. Frames before the start are left out. */
  add(pose: Pose, timeMs: number): void {
    this.channels.add(pose, timeMs);
  }

  /** The file, a GLB; null if there was no frame. Nothing may be added after it. */
  finish(): Uint8Array | null {
    const animation = new GltfAnimation();
    if (!this.channels.finish(animation)) return null;
    const nodes = this.description.nodes.map((node, index) => (this.moved.has(index) ? apart(node) : node));
    return animation.toGlb({ ...this.description, nodes } as GltfDescription, this.bin, this.name);
  }
}

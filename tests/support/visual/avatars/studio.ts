import { Color, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { mulQuat, quatFromAxisAngle } from '@/lib/pose/quat';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { createAvatarMaterial } from '@/scene/react/matteMaterial';
import type { JointTurn } from '@/tools/avatars/skeleton/modelPose';
import type { ArkitWeights, AvatarShot, Framing } from './shots';

const AXES = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } as const;

/** A whole pose of turned joints and a face; the face's weights move the eyes. */
function posed(turns: readonly JointTurn[], face: ArkitWeights): Pose {
  const pose = createPose();
  const turn = new Float32Array(4);
  for (const { bone, axis, degrees } of turns) {
    const [x, y, z] = AXES[axis];
    const at = ROTATIONS_OFFSET + BONE_INDEX[bone as BoneName] * 4;
    quatFromAxisAngle(x, y, z, (degrees * Math.PI) / 180, turn, 0);
    mulQuat(pose.values, at, turn, 0, pose.values, at);
  }
  for (const [name, weight] of Object.entries(face))
    pose.values[FACE_OFFSET + ARKIT_INDEX[name as ArkitBlendshape]] = weight;
  pose.parts = ALL_PARTS & ~PosePart.gaze;
  return pose;
}

/** Warm paper, as on the pages. */
const GROUND = 0xefe8de;
/** A long lens, metres from the avatar. */
const LENS_DISTANCE = 5;

interface Frame {
  /** Middle of the picture between the soles (0) and the eyes (1) at rest. */
  readonly middle: number;
  /** Half the height shown, metres at the avatar. */
  readonly halfHeight: number;
}

const FRAMES: Readonly<Record<Framing, Frame>> = {
  face: { middle: 1.03, halfHeight: 0.28 },
  bust: { middle: 0.88, halfHeight: 0.47 },
  whole: { middle: 0.6, halfHeight: 0.88 },
};

function createLitScene(): Scene {
  const scene = new Scene();
  scene.background = new Color(GROUND);
  const key = new DirectionalLight(0xfff1e0, 1.7);
  key.position.set(1.2, 2, 2.4);
  const back = new DirectionalLight(0xe6ecff, 0.7);
  back.position.set(-2, 1.2, -2);
  scene.add(new HemisphereLight(0xfffaf2, 0xd9c6b0, 1.9), key, back);
  return scene;
}

/** A lit ground on which the meeting's own crowd draws one still avatar at a time. */
export class Studio {
  private readonly renderer: WebGLRenderer;
  private readonly scene = createLitScene();
  private readonly camera = new PerspectiveCamera(10, 1, 1, 20);

  /** `size`: width and height of a picture, pixels. */
  constructor(size: number) {
    this.renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(size, size, false);
  }

  /** Draws each shot of `model` at a level of detail, 0 the finest, and hands its canvas to `take` before the next. */
  draw(
    model: AvatarModel,
    level: number,
    shots: readonly AvatarShot[],
    take: (picture: HTMLCanvasElement, index: number) => void,
  ): void {
    // Light per pixel, as on a graphics card, on any machine.
    const crowd = new Crowd((parameters) => createAvatarMaterial(parameters, 'pixel'));
    const member = crowd.add(model);
    member.setLevel(level);
    this.scene.add(crowd.root);
    shots.forEach((shot, index) => {
      member.setPose(posed(shot.stance, shot.face));
      crowd.update();
      this.aim(shot, model.measures.eyeY);
      this.renderer.render(this.scene, this.camera);
      take(this.renderer.domElement, index);
    });
    crowd.dispose();
  }

  private aim({ framing, turnDegrees }: AvatarShot, eyeY: number): void {
    const { middle, halfHeight } = FRAMES[framing];
    const turnRad = (turnDegrees * Math.PI) / 180;
    const y = middle * eyeY;
    this.camera.fov = (2 * Math.atan(halfHeight / LENS_DISTANCE) * 180) / Math.PI;
    this.camera.position.set(Math.sin(turnRad) * LENS_DISTANCE, y + 0.05, Math.cos(turnRad) * LENS_DISTANCE);
    this.camera.lookAt(0, y, 0);
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
  }
}

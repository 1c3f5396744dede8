import {
  Color,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
  PlaneGeometry,
  Quaternion,
  ShaderMaterial,
  Vector3,
} from 'three';
import { TABLE_HEIGHT } from '../plan/roomSize';
import { SEAT_TO_TABLE, type SeatTransform } from '../plan/seatLayout';

/** Size of the light on the table along its edge and inwards, metres. */
const WIDTH = 0.9;
const DEPTH = 0.56;
/** How far in from the edge its middle is, metres. */
const INWARDS = 0.19;

const VERTEX = `
attribute float strength;
varying vec2 vAt;
varying float vStrength;
void main() {
  vAt = uv * 2.0 - 1.0;
  vStrength = strength;
  gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0);
}`;

/** Brightest near the person, falling off softly all round; veils a little so that it shows on a sunlit table too. */
const FRAGMENT = `
uniform vec3 color;
uniform float veil;
varying vec2 vAt;
varying float vStrength;
void main() {
  float away = dot(vAt, vAt);
  float rim = max(0.0, 1.0 - away);
  float light = exp(-2.2 * away) * rim * rim * mix(0.55, 1.0, vAt.y * 0.5 + 0.5) * vStrength;
  gl_FragColor = vec4(color * light, light * veil);
  #include <colorspace_fragment>
}`;

const UP = new Vector3(0, 1, 0);
const SIZE = new Vector3(WIDTH, 1, DEPTH);

/** Soft light on the table in front of speakers: one draw for all of them, none during silence. */
export class SpeakingGlow {
  readonly root: InstancedMesh<PlaneGeometry, ShaderMaterial>;
  private readonly strengths: Float32Array;

  constructor(seats: readonly SeatTransform[]) {
    this.strengths = new Float32Array(seats.length);
    const geometry = new PlaneGeometry(1, 1).rotateX(-Math.PI / 2);
    const strength = new InstancedBufferAttribute(this.strengths, 1).setUsage(DynamicDrawUsage);
    geometry.setAttribute('strength', strength);
    this.root = new InstancedMesh(geometry, createMaterial(), seats.length);
    this.root.frustumCulled = false;
    this.root.renderOrder = 3;
    this.root.visible = false;
    for (const [seat, transform] of seats.entries()) this.root.setMatrixAt(seat, placeBefore(transform));
  }

  /** Colour of the light, and how much it veils what it falls on. */
  setColor(color: Color, veil: number): void {
    this.root.material.uniforms.color!.value.copy(color);
    this.root.material.uniforms.veil!.value = veil;
  }

  /** Lights the table in front of `seat`: 0 not at all, 1 brightest. */
  set(seat: number, strength: number): void {
    if (seat < this.strengths.length) this.strengths[seat] = strength;
  }

  /** Takes the light off every seat. */
  clear(): void {
    this.strengths.fill(0);
  }

  /** Sends what was set to the GPU. */
  update(): void {
    let isAny = false;
    for (let seat = 0; seat < this.strengths.length; seat += 1) isAny ||= this.strengths[seat]! > 0;
    this.root.visible = isAny;
    if (isAny) this.root.geometry.attributes.strength!.needsUpdate = true;
  }
}

function placeBefore({ x, z, tableYawRad: yawRad }: SeatTransform): Matrix4 {
  const inwards = SEAT_TO_TABLE + INWARDS;
  const at = new Vector3(x + Math.sin(yawRad) * inwards, TABLE_HEIGHT + 0.004, z + Math.cos(yawRad) * inwards);
  // The plane's far side (-Z) is the one nearer to the person.
  return new Matrix4().compose(at, new Quaternion().setFromAxisAngle(UP, yawRad), SIZE);
}

function createMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { color: { value: new Color() }, veil: { value: 0 } },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    premultipliedAlpha: true,
    depthWrite: false,
    toneMapped: false,
  });
}

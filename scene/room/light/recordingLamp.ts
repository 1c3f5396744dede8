import {
  BufferAttribute,
  type BufferGeometry,
  CircleGeometry,
  CylinderGeometry,
  Group,
  Mesh,
  MeshBasicMaterial,
  SphereGeometry,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { arcSpineRadius } from '../plan/arcLayout';
import type { Arrangement } from '../plan/arrangement';
import { TABLE_HEIGHT } from '../plan/roomSize';

/** Sizes in metres: as low as a cup, so that it hides no one. */
const DOME_RADIUS = 0.042;
const FOOT = { radius: 0.055, height: 0.014 } as const;
const HALO_RADIUS = 0.24;
const OFF_TABLE = 0.003;
/** On a horseshoe it stands this far from the edge at which people sit: out of the way of hands. */
const ARC_INWARDS = 0.16;

/** Signal red, which no mood changes. */
const RED = 0xff4a36;
const INK = 0x2f3338;
/** A breath, ms. */
const BREATH_MS = 2400;
const HALO_LEAST = 0.35;
const HALO_MOST = 0.8;

type Spot = readonly [x: number, z: number];

/** In the middle of a table; on a horseshoe one on either side. */
function spotsOf({ name, line }: Arrangement): readonly Spot[] {
  if (name === 'table') return [[0, 0]];
  const z = arcSpineRadius(line) - ARC_INWARDS;
  return [
    [0, z],
    [0, -z],
  ];
}

/** A disc on the table that fades out towards its edge. */
function glow(): BufferGeometry {
  const disc = new CircleGeometry(HALO_RADIUS, 40).rotateX(-Math.PI / 2);
  const { count } = disc.getAttribute('position');
  const colors = Float32Array.from({ length: 4 * count }, (_, k) => (k % 4 < 3 || k === 3 ? 1 : 0));
  return disc.setAttribute('color', new BufferAttribute(colors, 4));
}

function copies(make: () => BufferGeometry, y: number, spots: readonly Spot[]): BufferGeometry {
  return mergeGeometries(spots.map(([x, z]) => make().translate(x, TABLE_HEIGHT + y, z)));
}

/** Small red lamps on the table that people sit at, lit while the meeting is recorded: wherever a camera looks, it sees one. */
export class RecordingLamp {
  readonly root = new Group();
  private readonly halo: MeshBasicMaterial;

  constructor(arrangement: Arrangement) {
    const spots = spotsOf(arrangement);
    const dome = () => new SphereGeometry(DOME_RADIUS, 24, 12, 0, 2 * Math.PI, 0, Math.PI / 2);
    const foot = () => new CylinderGeometry(FOOT.radius, FOOT.radius, FOOT.height, 28);
    this.halo = new MeshBasicMaterial({ color: RED, vertexColors: true, transparent: true, depthWrite: false });
    const halo = new Mesh(copies(glow, OFF_TABLE, spots), this.halo);
    halo.renderOrder = 1;
    this.root.name = 'recordingLamp';
    this.root.add(
      halo,
      new Mesh(copies(foot, FOOT.height / 2, spots), new MeshBasicMaterial({ color: INK })),
      new Mesh(copies(dome, FOOT.height, spots), new MeshBasicMaterial({ color: RED, toneMapped: false })),
    );
  }

  /** Lets it breathe; `isStill`: it is lit evenly. Allocates nothing. */
  update(nowMs: number, isStill: boolean): void {
    const breath = isStill ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * nowMs) / BREATH_MS);
    this.halo.opacity = HALO_LEAST + (HALO_MOST - HALO_LEAST) * breath;
  }
}

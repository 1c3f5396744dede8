import { Group, Mesh, PlaneGeometry, type Texture } from 'three';
import type { Arrangement } from './arrangement';
import type { CreateMaterial } from './createMaterial';
import { falloff, paint, type Shade } from './paint';
import { ROOM } from './roomSize';
import type { SeatLine } from './seatLayout';
import { createStadium, distanceOutside } from './stadium';

const OAK_FLOOR = 0xd9bf9e;
const RUG = 0x73827c;
const RUG_EDGE = 0.75;
const BOARD_REPEAT = 0.4;

/** Darker towards the walls and under the table. */
function floorShade(line: SeatLine): Shade {
  const rug = { halfStraight: line.halfStraight, radius: line.radius + RUG_EDGE };
  return (x, _, z) => {
    const wall = Math.min(ROOM.halfX - Math.abs(x), ROOM.halfZ - Math.abs(z));
    return falloff(wall, 1.4, 0.38) * falloff(distanceOutside(rug, x, z), 0.25, 0.12);
  };
}

function boards(line: SeatLine, texture: Texture, createMaterial: CreateMaterial): Mesh {
  const geometry = new PlaneGeometry(ROOM.halfX * 2, ROOM.halfZ * 2, 30, 24).rotateX(-Math.PI / 2);
  const { position, uv } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    uv!.setXY(i, position!.getX(i) * BOARD_REPEAT, position!.getZ(i) * BOARD_REPEAT * 1.3);
  }
  return new Mesh(paint(geometry, OAK_FLOOR, floorShade(line)), createMaterial({ map: texture, vertexColors: true }));
}

function rug({ line, fromTable }: Arrangement, createMaterial: CreateMaterial): Mesh {
  const shape = { halfStraight: line.halfStraight, radius: line.radius + RUG_EDGE };
  const shade: Shade = (x, _, z) => {
    const border = distanceOutside({ ...shape, radius: shape.radius - 0.09 }, x, z) > 0 ? 0.82 : 1;
    return (0.5 + 0.5 * Math.min(1, fromTable(x, z) / 0.55)) * border;
  };
  const mesh = new Mesh(paint(createStadium(shape, 16, 80), RUG, shade), createMaterial({ vertexColors: true }));
  mesh.position.y = 0.006;
  return mesh;
}

/** Oak boards and a felt rug under the table. */
export function createFloor(arrangement: Arrangement, boardTexture: Texture, createMaterial: CreateMaterial): Group {
  const parts = [boards(arrangement.line, boardTexture, createMaterial), rug(arrangement, createMaterial)];
  for (const part of parts) part.receiveShadow = true;
  return new Group().add(...parts);
}

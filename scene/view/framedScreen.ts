import type { FramedScreen } from '@/scene/camera/screenFraming';
import { LAMP_Y, lampPlaces } from '@/scene/room/decor';
import { seatLine } from '@/scene/room/seatLayout';
import { SCREEN_PICTURE } from '@/scene/room/wallScreen';

/** Middle of a lamp's shade over its rim, metres. */
const SHADE_MIDDLE = 0.1;

/** The screen of a room of `seats` as the camera frames it: the lamps hang before it. */
export function framedScreen(seats: number): FramedScreen {
  const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
  const lamps = lampPlaces(seatLine(seats).halfStraight);
  const obstacles = lamps.map((lampX) => ({ x: lampX, z: 0, eyeY: LAMP_Y + SHADE_MIDDLE }));
  return { x, y, z, halfWidth: width / 2, halfHeight: height / 2, yawRad, obstacles };
}

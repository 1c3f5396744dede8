import type { FramedScreen } from '@/scene/camera/screenFraming';
import { LAMP_Y, lampPlaces } from '@/scene/room/light/lamps';
import type { Arrangement } from '@/scene/room/plan/arrangement';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';

/** Middle of a lamp's shade over its rim, metres. */
const SHADE_MIDDLE = 0.1;

/** The room's screen as the camera frames it: the lamps of the arrangement hang before it. */
export function framedScreen(arrangement: Arrangement): FramedScreen {
  const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
  const obstacles = lampPlaces(arrangement).map((place) => ({ ...place, eyeY: LAMP_Y + SHADE_MIDDLE }));
  return { x, y, z, halfWidth: width / 2, halfHeight: height / 2, yawRad, obstacles };
}

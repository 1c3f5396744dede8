import { copyPose, type Pose } from '@/lib/pose/pose';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { Crowd as AvatarCrowd } from '@/scene/avatar/crowd';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Cast } from '@/scene/frame/cast';
import { type PoseFeed, SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import { createAvatarMaterial } from '@/scene/react/matteMaterial';
import type { Crowd, Stage } from './crowd';
import { loadAnyAvatar } from './loadAnyAvatar';
import { createPoseLoop, poseOf } from './poseLoop';
import { standAt } from './standing';

const FRAME_MS = 1000 / 60;
/** Nothing but people is on this stage. */
const NOTHING: FramePart = { update: () => {} };

/** Everybody's motion, whole and live in every frame, with the id a number. */
class LoopFeed implements PoseFeed {
  frame = 0;
  private readonly loop = createPoseLoop();

  sample(personId: string, _nowMs: number, out: Pose): 'live' {
    copyPose(poseOf(this.loop, this.frame, Number(personId)), out);
    return 'live';
  }
}

function createCast(crowd: AvatarCrowd, people: number): Cast {
  const avatars = new AvatarCache(loadAnyAvatar);
  const placeOf = (seat: number) => {
    const { x, z } = standAt(seat, people);
    return { x, z, standX: x, standZ: z, yawRad: 0, seatHeight: null };
  };
  const standIn = createStandInModel();
  const onAvatarError = (_person: unknown, error: unknown) => {
    throw error;
  };
  return new Cast({ crowd, avatars, standIn, placeOf, onAvatarError });
}

/** Draws frames until everybody wears their avatar and has eased into the motion. */
async function settle(cast: Cast, draw: () => void): Promise<void> {
  while (!cast.actors.every((actor) => actor.isSettled)) {
    draw();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/**
 * The whole frame loop of the meeting with its cast, without room, cameras and name plates: besides drawing, it mixes poses,
 * breathes and blinks; and it poses those who are small in the picture less often.
 */
export async function createLoopCrowd(stage: Stage, models: readonly string[], people: number): Promise<Crowd> {
  const feed = new LoopFeed();
  const crowd = new AvatarCrowd(createAvatarMaterial);
  stage.scene.add(crowd.root);
  const cast = createCast(crowd, people);
  let nowMs = 0;
  const loop = new FrameLoop({
    ...stage,
    clock: { nowMs: () => nowMs },
    actors: cast.actors,
    crowd,
    director: NOTHING,
    furniture: NOTHING,
    plates: NOTHING,
    hearing: NOTHING,
    feed,
    voices: SILENCE,
    isStill: false,
    lodCoarseness: 1,
    hiddenId: null,
  });
  const frame = (number: number) => {
    feed.frame = number;
    nowMs += FRAME_MS;
    loop.frame();
  };
  cast.setPeople(
    Array.from({ length: people }, (_, i) => ({
      id: String(i),
      name: '',
      avatar: models[i % models.length]!,
      seat: i,
    })),
  );
  await settle(cast, () => frame(0));
  return { frame };
}

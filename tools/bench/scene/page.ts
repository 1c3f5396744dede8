import { createLoopCrowd, createNaiveCrowd, createOwnCrowd } from './engines';
import type { Engine, ScenePage } from './pageContract';
import { type Crowd, createStage, type Stage } from './stage';

/** After this many frames the page may run other tasks. */
const FRAMES_A_TASK = 4;

type CreateCrowd = (stage: Stage, models: readonly string[], people: number) => Promise<Crowd>;

const CREATE: Readonly<Record<Engine, CreateCrowd>> = {
  ours: createOwnCrowd,
  loop: createLoopCrowd,
  naive: createNaiveCrowd,
};

const canvas = document.createElement('canvas');
document.body.append(canvas);
const stage = createStage(canvas);
let crowd: Crowd | null = null;
let frame = 0;

const scenePage: ScenePage = {
  async fill({ engine, models, people }) {
    crowd = await CREATE[engine](stage, models, people);
  },

  async run(frames) {
    for (let i = 0; i < frames; i += 1) {
      crowd?.frame(frame);
      frame += 1;
      if (i % FRAMES_A_TASK === FRAMES_A_TASK - 1) await new Promise((resolve) => setTimeout(resolve));
    }
  },

  counts() {
    const { calls, triangles } = stage.renderer.info.render;
    return { draws: calls, triangles };
  },
};

Object.assign(globalThis, { scenePage });

import { createRoot } from '@react-three/fiber';
import { NeutralToneMapping, PerspectiveCamera, WebGLRenderer } from 'three';
import { fixedPicture } from '@/scene/frame/pictureQuality';
import { Meeting } from '@/scene/react/MeetingScene';
import type { MeetingWorld } from '@/scene/react/meetingWorld';
import { machineHere } from '@/scene/react/pictureWatch';
import type { RoomPage, RoomPicture } from './pageContract';

/** `UNMASKED_RENDERER_WEBGL` of WEBGL_debug_renderer_info. */
const UNMASKED_RENDERER = 0x9246;
const FRAME_MS = 50;
/** Time in which everything comes to rest: camera, chairs, plates, and stand-ins for avatars that do not load. */
const REST_MS = 5000;
const NO_MOTION = { sample: () => 'none' as const };

/** Draws as on a graphics card, with light per pixel and shadows, on any machine. */
function pretendGpu(): void {
  const { prototype } = WebGL2RenderingContext;
  const read = prototype.getParameter;
  prototype.getParameter = function getParameter(name: number) {
    return name === UNMASKED_RENDERER ? 'GPU' : read.call(this, name);
  };
}

/** The script of a page with nothing but the meeting's scene, on a clock that moves only when told to. */
pretendGpu();
const canvas = document.createElement('canvas');
Object.assign(canvas.style, { position: 'fixed', inset: '0', width: '100vw', height: '100vh' });
document.body.append(canvas);
const MACHINE = machineHere();
const renderer = new WebGLRenderer({ canvas, antialias: !MACHINE.isSoftware, stencil: false });
const root = createRoot(canvas);

const camera = new PerspectiveCamera(40, 1, 0.08, 60);
let nowMs = 0;
const clock = { nowMs: () => nowMs };
let world: MeetingWorld | null = null;
let lit: ReadonlySet<string> = new Set();
let shown = 0;

async function fitWindow(pixelRatio: number): Promise<void> {
  const size = { width: window.innerWidth, height: window.innerHeight, top: 0, left: 0 };
  await root.configure({ gl: renderer, camera, size, frameloop: 'never', dpr: pixelRatio, flat: true });
  renderer.toneMapping = NeutralToneMapping;
}

const draw = renderer.render.bind(renderer);

/** Draws only the last frame of the stretch, since drawing on the CPU takes longest. */
function advance(ms: number): void {
  renderer.render = () => {};
  for (let at = FRAME_MS; at < ms; at += FRAME_MS) step();
  renderer.render = draw;
  step();
}

function step(): void {
  nowMs += FRAME_MS;
  world?.frame();
}

/** Waits for the avatars, and runs frames meanwhile, in which they ease into their poses. */
async function untilSettled(): Promise<void> {
  while (world && !world.isSettled) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    renderer.render = () => {};
    step();
  }
}

/** Scene and plates as one picture. Must run in the task of the frame: later the buffer is empty. */
function asSeen(): string {
  const seen = document.createElement('canvas');
  seen.width = Math.round(window.innerWidth * window.devicePixelRatio);
  seen.height = Math.round(window.innerHeight * window.devicePixelRatio);
  const context = seen.getContext('2d')!;
  for (const layer of document.querySelectorAll('canvas')) context.drawImage(layer, 0, 0, seen.width, seen.height);
  return seen.toDataURL('image/png');
}

/** Replaces the meeting by that of `picture`; resolves with its world. */
function stage(picture: RoomPicture): Promise<MeetingWorld> {
  shown += 1;
  return new Promise((resolve) => {
    root.render(
      <Meeting
        key={shown}
        seats={picture.seats}
        clock={clock}
        people={picture.people}
        selfId={picture.selfId ?? null}
        showSelf
        feed={NO_MOTION}
        voices={{ level: (id) => (lit.has(id) ? 0.7 : 0) }}
        ears={null}
        spectators={picture.spectators ?? 0}
        away={new Set(picture.away ?? [])}
        unheard={new Set()}
        screen={null}
        isRecorded={false}
        view={picture.view ?? 'orbit'}
        mood={picture.mood ?? 'day'}
        reducedMotion={!picture.isLively}
        labels={{ you: 'You', reconnecting: 'reconnecting', away: 'away', unheard: 'no voice' }}
        onWorld={(made) => made && resolve(made)}
      />,
    );
  });
}

const roomPage: RoomPage = {
  async show(picture: RoomPicture) {
    await fitWindow(picture.pixelRatio ?? 1);
    nowMs = 0;
    lit = new Set(picture.speaking ?? []);
    world = await stage(picture);
    world.setPicture(fixedPicture(picture.quality ?? 'high', MACHINE));
    if (picture.isDressed) await untilSettled();
    advance(REST_MS);
    const { calls, triangles } = renderer.info.render;
    return { draws: calls, triangles, png: asSeen() };
  },
};

Object.assign(globalThis, { roomPage });

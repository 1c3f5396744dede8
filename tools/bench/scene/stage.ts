import { DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, WebGLRenderer } from 'three';

/** What every engine draws into: the same lights and camera, no room. */
export interface Stage {
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
}

/** The people of one engine. */
export interface Crowd {
  /** Poses every person as in frame number `frame` and draws. */
  frame(frame: number): void;
}

/** Metres between neighbours. */
const SPACING = 0.55;

/** Where person number `index` of `people` stands: rows in a block, metres on the floor. */
export function standAt(index: number, people: number): { x: number; z: number } {
  const columns = Math.ceil(Math.sqrt(people));
  const x = ((index % columns) - (columns - 1) / 2) * SPACING;
  return { x, z: 1 - Math.floor(index / columns) * SPACING };
}

const DRAW_CALLS = ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced'] as const;
const MULTI_DRAW_CALLS = [
  'multiDrawElementsWEBGL',
  'multiDrawArraysWEBGL',
  'multiDrawElementsInstancedWEBGL',
  'multiDrawArraysInstancedWEBGL',
] as const;

const drawNothing = (): void => {};

/**
 * Makes the draw calls of `gl` do nothing, so that a machine that rasterises on the CPU measures the engines and not its
 * rasteriser. State, uniforms and uploads of buffers and textures stay.
 */
function stubDraws(gl: WebGL2RenderingContext): void {
  for (const name of DRAW_CALLS) gl[name] = drawNothing;
  const multi = gl.getExtension('WEBGL_multi_draw');
  if (multi) for (const name of MULTI_DRAW_CALLS) multi[name] = drawNothing;
}

/** Size of the canvas on the page, CSS pixels, which decides levels of detail. */
const WIDTH = 1280;
const HEIGHT = 720;
/** Size of the drawn picture: small, so that clearing it costs nothing. */
const DRAWN = { width: 64, height: 36 } as const;

function createCamera(): PerspectiveCamera {
  const camera = new PerspectiveCamera(60, WIDTH / HEIGHT, 0.1, 200);
  camera.position.set(0, 2.2, 9);
  camera.lookAt(0, 0.9, 0);
  camera.updateMatrixWorld();
  return camera;
}

function createLitScene(): Scene {
  const scene = new Scene();
  const sun = new DirectionalLight(0xffffff, 2);
  sun.position.set(1, 2, 2);
  scene.add(new HemisphereLight(0xffffff, 0x888888, 2), sun);
  return scene;
}

/** An empty stage in `canvas`, whose draw calls do nothing. */
export function createStage(canvas: HTMLCanvasElement): Stage {
  Object.assign(canvas.style, { width: `${WIDTH}px`, height: `${HEIGHT}px`, display: 'block' });
  const renderer = new WebGLRenderer({ canvas, antialias: false });
  renderer.setPixelRatio(1);
  renderer.setSize(DRAWN.width, DRAWN.height, false);
  stubDraws(renderer.getContext() as WebGL2RenderingContext);
  return { renderer, scene: createLitScene(), camera: createCamera() };
}

import { DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { Stage } from './crowd';
import { stubDraws } from './stubDraws';

/** The picture as laid out, CSS pixels: levels of detail go by it. */
const WIDTH = 1280;
const HEIGHT = 720;
/** The picture as drawn, a twentieth of it: what is left to draw, clearing, should cost nothing. */
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

import type { PerspectiveCamera, Scene, WebGLRenderer } from 'three';

/** What every engine draws into: the same lights, the same camera, no room. */
export interface Stage {
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
}

/** People of one engine, who are moved and drawn one frame after the other. */
export interface Crowd {
  /** Gives everybody the pose of frame number `frame` and draws. */
  frame(frame: number): void;
}

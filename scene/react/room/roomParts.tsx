import { createContext, useContext, useLayoutEffect, useRef, useState } from 'react';
import type { BufferGeometry, Object3D, PerspectiveCamera } from 'three';
import type { Actor } from '@/scene/frame/actor';
import type { PictureQuality } from '@/scene/frame/pictureQuality';
import { disposeTree } from '@/scene/room/build/material';
import type { ScreenCaption } from '../plates/namePlates';

/** What a moving part of the room sees of a rendered frame. The same object in every frame. */
export interface RoomFrame {
  nowMs: number;
  deltaMs: number;
  /** Whether decorative motion is off. */
  isStill: boolean;
  picture: PictureQuality;
  readonly camera: PerspectiveCamera;
  readonly actors: readonly Actor[];
  /** The caption over the room's screen. */
  readonly caption: ScreenCaption;
  /** The seat of a person at the table. */
  seatOf(personId: string): number;
}

/** Moves one part of the room. Called every frame; must not allocate. */
export type MovePart = (frame: RoomFrame) => void;

/** The room's moving parts. React adds and removes them; the frame loop walks them by index. */
export class RoomParts {
  private readonly moves: MovePart[] = [];

  /** Returns a function that removes the part. */
  add(move: MovePart): () => void {
    this.moves.push(move);
    return () => void this.moves.splice(this.moves.indexOf(move), 1);
  }

  update(frame: RoomFrame): void {
    for (let i = 0; i < this.moves.length; i += 1) this.moves[i]!(frame);
  }
}

export const RoomPartsContext = createContext<RoomParts | null>(null);

/** Calls `move` in every rendered frame while the component is mounted, without going through React. */
export function useRoomFrame(move: MovePart): void {
  const parts = useContext(RoomPartsContext);
  const latest = useRef(move);
  useLayoutEffect(() => {
    latest.current = move;
  });
  useLayoutEffect(() => parts?.add((frame) => latest.current(frame)), [parts]);
}

/** Computes matrices once, for objects that do not move by themselves. */
function freeze(root: Object3D): void {
  root.updateMatrixWorld(true);
  root.traverse((node) => {
    if (!('isLight' in node)) node.matrixAutoUpdate = false;
  });
}

/** Puts an object of a builder into the scene while mounted, then frees it with everything below it. */
export function Built({ object }: { readonly object: Object3D }) {
  useLayoutEffect(() => {
    freeze(object);
    return () => disposeTree(object);
  }, [object]);
  return <primitive key={object.uuid} object={object} />;
}

/** A geometry that is built once and freed with the component. */
export function useGeometry(build: () => BufferGeometry): BufferGeometry {
  const [geometry] = useState(build);
  useLayoutEffect(() => () => geometry.dispose(), [geometry]);
  return geometry;
}

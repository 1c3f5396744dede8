'use client';

import { useState } from 'react';
import { CAMERAS, recallView, rememberCamera, rememberPicture } from '@/app/_memory/viewMemory';
import type { MeetingRole } from '@/lib/core/meeting';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { CameraMode, RoomMood } from '@/scene/react/sceneContract';

/** What lies over the room; one at a time. */
export type RoomPanel = 'people' | 'more' | 'appearance' | 'quality' | 'end' | 'shortcuts' | 'screen';

/** What a person chose about looking at the room. */
export interface RoomView {
  readonly showSelf: boolean;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  /** How finely the room is drawn. */
  readonly picture: PictureChoice;
  readonly panel: RoomPanel | null;
}

export const MOODS: readonly RoomMood[] = ['day', 'evening', 'dark'];

/** A picture narrower than this, width to height, is an upright phone. */
const UPRIGHT = 0.75;

/** The element after `current`, round and round. */
export function nextOf<Item>(items: readonly Item[], current: Item): Item {
  return items[(items.indexOf(current) + 1) % items.length] ?? current;
}

function startingMood(): RoomMood {
  const theme = document.documentElement.dataset.theme;
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  return theme === 'dark' || (theme !== 'light' && systemDark) ? 'evening' : 'day';
}

/** Where nobody has chosen: all people, or on an upright phone, where they would be small, whoever speaks. */
export function startingCamera(remembered: CameraMode | null, aspect: number): CameraMode {
  return remembered ?? (aspect < UPRIGHT ? 'speaker' : 'orbit');
}

function startingView(role: MeetingRole): RoomView {
  const { camera, picture } = recallView();
  return {
    showSelf: true,
    camera: startingCamera(camera[role], window.innerWidth / window.innerHeight),
    mood: startingMood(),
    picture,
    panel: null,
  };
}

/** The state of looking, and what changes it. */
export function useRoomView(role: MeetingRole) {
  const [view, setView] = useState<RoomView>(() => startingView(role));
  const change = (part: (view: RoomView) => Partial<RoomView>) => setView((old) => ({ ...old, ...part(old) }));
  return {
    view,
    toggleSelf: () => change(({ showSelf }) => ({ showSelf: !showSelf })),
    nextCamera: () => {
      const camera = nextOf(CAMERAS[role], view.camera);
      rememberCamera(role, camera);
      change(() => ({ camera }));
    },
    nextMood: () => change(({ mood }) => ({ mood: nextOf(MOODS, mood) })),
    setPicture: (picture: PictureChoice) => {
      rememberPicture(picture);
      change(() => ({ picture }));
    },
    open: (panel: RoomPanel) => change(() => ({ panel })),
    toggle: (panel: RoomPanel) => change((old) => ({ panel: old.panel === panel ? null : panel })),
    close: () => change(() => ({ panel: null })),
  };
}

export type RoomControls = ReturnType<typeof useRoomView>;

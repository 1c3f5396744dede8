'use client';

import { useState } from 'react';
import type { MeetingRole } from '@/lib/core/meeting';
import type { CameraMode, RoomMood } from '@/scene/view/sceneContract';

/** What lies over the room; one at a time. */
export type RoomPanel = 'people' | 'more' | 'quality' | 'end' | 'shortcuts' | 'screen';

/** What a person chose about looking at the room. */
export interface RoomView {
  readonly showSelf: boolean;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  readonly panel: RoomPanel | null;
}

/** The views each role goes through: a seat has eyes, a watcher has wings. */
export const CAMERAS: Readonly<Record<MeetingRole, readonly CameraMode[]>> = {
  participant: ['orbit', 'firstPerson'],
  spectator: ['orbit', 'free'],
};

export const MOODS: readonly RoomMood[] = ['day', 'evening', 'dark'];

/** The element after `current`, round and round. */
export function nextOf<Item>(items: readonly Item[], current: Item): Item {
  return items[(items.indexOf(current) + 1) % items.length] ?? current;
}

function startingMood(): RoomMood {
  const theme = document.documentElement.dataset.theme;
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  return theme === 'dark' || (theme !== 'light' && systemDark) ? 'evening' : 'day';
}

/** The state of looking, and what changes it. */
export function useRoomView(role: MeetingRole) {
  const [view, setView] = useState<RoomView>(() => ({
    showSelf: true,
    camera: 'orbit',
    mood: startingMood(),
    panel: null,
  }));
  const change = (part: (view: RoomView) => Partial<RoomView>) => setView((old) => ({ ...old, ...part(old) }));
  return {
    view,
    toggleSelf: () => change(({ showSelf }) => ({ showSelf: !showSelf })),
    nextCamera: () => change(({ camera }) => ({ camera: nextOf(CAMERAS[role], camera) })),
    nextMood: () => change(({ mood }) => ({ mood: nextOf(MOODS, mood) })),
    open: (panel: RoomPanel) => change(() => ({ panel })),
    toggle: (panel: RoomPanel) => change((old) => ({ panel: old.panel === panel ? null : panel })),
    close: () => change(() => ({ panel: null })),
  };
}

export type RoomControls = ReturnType<typeof useRoomView>;

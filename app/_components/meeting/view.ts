'use client';

import { useState } from 'react';
import type { MessageKey } from '@/app/_i18n/messages';
import type { MeetingRole } from '@/lib/core/meeting';
import { PICTURE_CHOICES, type PictureChoice } from '@/scene/frame/pictureQuality';
import type { CameraMode, RoomMood } from '@/scene/react/sceneContract';
import { readStored, writeStored } from '../../_memory/storage';

/** What the light of the room is, in words. */
export const MOOD_LABEL: Readonly<Record<RoomMood, MessageKey>> = {
  day: 'dock.moodDay',
  evening: 'dock.moodEvening',
  dark: 'dock.moodDark',
};

const KEY = 'parley.view';

/** The views each role goes through, in the order of the key: a seat has eyes, a watcher has wings. */
export const CAMERAS: Readonly<Record<MeetingRole, readonly CameraMode[]>> = {
  participant: ['orbit', 'speaker', 'overTable', 'firstPerson'],
  spectator: ['orbit', 'speaker', 'overTable', 'free'],
};

/** What is remembered about looking at rooms. */
export interface ViewMemory {
  /** The view last chosen in each role; null where none has been. */
  readonly camera: Readonly<Record<MeetingRole, CameraMode | null>>;
  readonly picture: PictureChoice;
}

function parseCamera(stored: unknown, role: MeetingRole): CameraMode | null {
  return CAMERAS[role].find((known) => known === stored) ?? null;
}

/** Reads what was remembered, whatever a storage holds. */
export function parseViewMemory(stored: unknown): ViewMemory {
  const { camera, picture } = (stored ?? {}) as { camera?: unknown; picture?: unknown };
  const { participant, spectator } = (camera ?? {}) as Record<string, unknown>;
  return {
    camera: {
      participant: parseCamera(participant, 'participant'),
      spectator: parseCamera(spectator, 'spectator'),
    },
    picture: PICTURE_CHOICES.find((known) => known === picture) ?? 'auto',
  };
}

function recallView(): ViewMemory {
  return parseViewMemory(readStored(KEY));
}

function rememberCamera(role: MeetingRole, camera: CameraMode): void {
  const memory = recallView();
  writeStored(KEY, { ...memory, camera: { ...memory.camera, [role]: camera } });
}

function rememberPicture(picture: PictureChoice): void {
  writeStored(KEY, { ...recallView(), picture });
}

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

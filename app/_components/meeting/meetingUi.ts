'use client';

import { useState } from 'react';
import type { MessageKey } from '@/app/_i18n/messages';
import { readStored, writeStored } from '@/app/_memory/storage';
import type { MeetingRole } from '@/lib/core/meeting';
import { PICTURE_CHOICES, type PictureChoice } from '@/scene/frame/pictureQuality';
import type { RoomMood, View } from '@/scene/react/sceneContract';

const STORAGE_KEY = 'parley.view';

/** The views of each role, in the order in which the key goes through them. */
const VIEWS: Readonly<Record<MeetingRole, readonly View[]>> = {
  participant: ['orbit', 'speaker', 'overTable', 'firstPerson'],
  spectator: ['orbit', 'speaker', 'overTable', 'free'],
};

const MOODS: readonly RoomMood[] = ['day', 'evening', 'dark'];

/** The words for the light of the room. */
export const MOOD_LABEL: Readonly<Record<RoomMood, MessageKey>> = {
  day: 'dock.moodDay',
  evening: 'dock.moodEvening',
  dark: 'dock.moodDark',
};

/** A window narrower than this, width to height, is an upright phone. */
const UPRIGHT = 0.75;

/** The view and the picture chosen last, as they are stored. */
interface ViewMemory {
  /** The view last chosen in each role; null where none has been. */
  readonly camera: Readonly<Record<MeetingRole, View | null>>;
  readonly picture: PictureChoice;
}

function parseView(stored: unknown, role: MeetingRole): View | null {
  return VIEWS[role].find((known) => known === stored) ?? null;
}

/** Reads what was remembered, whatever the storage holds. */
function parseViewMemory(stored: unknown): ViewMemory {
  const { camera, picture } = (stored ?? {}) as { camera?: unknown; picture?: unknown };
  const { participant, spectator } = (camera ?? {}) as Record<string, unknown>;
  return {
    camera: {
      participant: parseView(participant, 'participant'),
      spectator: parseView(spectator, 'spectator'),
    },
    picture: PICTURE_CHOICES.find((known) => known === picture) ?? 'auto',
  };
}

const recallViews = () => parseViewMemory(readStored(STORAGE_KEY));

function rememberView(role: MeetingRole, view: View): void {
  const memory = recallViews();
  writeStored(STORAGE_KEY, { ...memory, camera: { ...memory.camera, [role]: view } });
}

function rememberPicture(picture: PictureChoice): void {
  writeStored(STORAGE_KEY, { ...recallViews(), picture });
}

/** What lies over the room; one at a time. */
export type Panel = 'people' | 'more' | 'appearance' | 'quality' | 'end' | 'shortcuts' | 'screen';

/** How the local participant looks at the meeting. */
export interface MeetingUi {
  /** Whether the local participant's own avatar is drawn. */
  readonly showSelf: boolean;
  readonly view: View;
  readonly mood: RoomMood;
  /** How finely the room is drawn. */
  readonly picture: PictureChoice;
  readonly panel: Panel | null;
}

/** The element after `current`, round and round. */
export function nextOf<Item>(items: readonly Item[], current: Item): Item {
  return items[(items.indexOf(current) + 1) % items.length] ?? current;
}

/** The light to start with: that of the page's theme. */
export function startingMood(): RoomMood {
  const theme = document.documentElement.dataset.theme;
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  return theme === 'dark' || (theme !== 'light' && systemDark) ? 'evening' : 'day';
}

/** The view to start with: the remembered one, else everyone, or the speaker on an upright phone, where people are small. */
export function startingView(remembered: View | null, aspect: number): View {
  return remembered ?? (aspect < UPRIGHT ? 'speaker' : 'orbit');
}

function startingUi(role: MeetingRole): MeetingUi {
  const { camera, picture } = recallViews();
  return {
    showSelf: true,
    view: startingView(camera[role], window.innerWidth / window.innerHeight),
    mood: startingMood(),
    picture,
    panel: null,
  };
}

/** The state of the meeting's page, and what changes it. */
export function useMeetingUi(role: MeetingRole) {
  const [ui, setUi] = useState<MeetingUi>(() => startingUi(role));
  const change = (part: (ui: MeetingUi) => Partial<MeetingUi>) => setUi((old) => ({ ...old, ...part(old) }));
  return {
    ui,
    toggleSelf: () => change(({ showSelf }) => ({ showSelf: !showSelf })),
    nextView: () => {
      const view = nextOf(VIEWS[role], ui.view);
      rememberView(role, view);
      change(() => ({ view }));
    },
    nextMood: () => change(({ mood }) => ({ mood: nextOf(MOODS, mood) })),
    setPicture: (picture: PictureChoice) => {
      rememberPicture(picture);
      change(() => ({ picture }));
    },
    open: (panel: Panel) => change(() => ({ panel })),
    toggle: (panel: Panel) => change((old) => ({ panel: old.panel === panel ? null : panel })),
    close: () => change(() => ({ panel: null })),
  };
}

export type UiControls = ReturnType<typeof useMeetingUi>;

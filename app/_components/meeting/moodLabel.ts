import type { MessageKey } from '@/app/_i18n/messages';
import type { RoomMood } from '@/scene/react/sceneContract';

/** What the light of the room is, in words. */
export const MOOD_LABEL: Readonly<Record<RoomMood, MessageKey>> = {
  day: 'dock.moodDay',
  evening: 'dock.moodEvening',
  dark: 'dock.moodDark',
};

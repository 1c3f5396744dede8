import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { readStored, writeStored } from './storage';

const KEY = 'parley.recent';

/** The largest number of meetings kept. */
const RECENT_MAX = 6;

/** A meeting this browser has been to. */
export interface RecentMeeting {
  readonly id: string;
  readonly title: string;
  /** Epoch milliseconds of the last visit. */
  readonly visitedMs: number;
}

function isRecentMeeting(value: unknown): value is RecentMeeting {
  const { id, title, visitedMs } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' && MEETING_ID_PATTERN.test(id) && typeof title === 'string' && Number.isFinite(visitedMs)
  );
}

/** Reads the list, whatever the storage holds. */
function parseRecentMeetings(stored: unknown): readonly RecentMeeting[] {
  return Array.isArray(stored) ? stored.filter(isRecentMeeting).slice(0, RECENT_MAX) : [];
}

/** The list with `visit` first and each meeting once. */
function withVisit(list: readonly RecentMeeting[], visit: RecentMeeting): readonly RecentMeeting[] {
  return [visit, ...list.filter(({ id }) => id !== visit.id)].slice(0, RECENT_MAX);
}

const EMPTY: readonly RecentMeeting[] = [];
let opened: SnapshotStore<{ readonly list: readonly RecentMeeting[] }> | null = null;

/** The list, read when it is first asked for: the server has no storage. */
function store() {
  opened ??= new SnapshotStore({ list: parseRecentMeetings(readStored(KEY)) });
  return opened;
}

function change(list: readonly RecentMeeting[]): void {
  writeStored(KEY, list);
  store().change({ list });
}

/** The list as a store for `useSyncExternalStore`. */
export const recentMeetings = {
  subscribe: (listener: () => void): (() => void) => store().subscribe(listener),
  getSnapshot: (): readonly RecentMeeting[] => store().getSnapshot().list,
  getServerSnapshot: () => EMPTY,
  visit(id: string, title: string): void {
    change(withVisit(recentMeetings.getSnapshot(), { id, title, visitedMs: Date.now() }));
  },
  remove(id: string): void {
    change(recentMeetings.getSnapshot().filter((meeting) => meeting.id !== id));
  },
};

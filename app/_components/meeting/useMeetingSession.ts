'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { createMeetingSession } from '@/app/_session/createMeetingSession';
import type { JoinChoice, MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';

/** One stay: made with a choice it joins at once, without one it looks first. */
export interface StayRequest {
  readonly choice: JoinChoice | null;
}

/**
 * Keeps one session for each `request` object: made when the page shows, left when the page goes or the request changes.
 * Null until the page runs in a browser.
 */
export function useMeetingSession(meetingId: string, role: MeetingRole, request: StayRequest): MeetingSession | null {
  const [session, setSession] = useState<MeetingSession | null>(null);
  useEffect(() => {
    const made = createMeetingSession({ meetingId, role });
    setSession(made);
    void (request.choice ? made.join(request.choice) : made.look());
    return () => {
      setSession(null);
      void made.leave();
    };
  }, [meetingId, role, request]);
  return session;
}

/** What React draws of a session. */
export function useSessionSnapshot(session: MeetingSession): SessionSnapshot {
  const subscribe = useCallback((listener: () => void) => session.subscribe(listener), [session]);
  const read = () => session.getSnapshot();
  return useSyncExternalStore(subscribe, read, read);
}

import { vi } from 'vitest';
import type { MeetingSession } from '@/app/_session/sessionContract';
import { FakeWebcam } from './fakeSession';

/** What components in tests get from modules that need a server, a webcam or WebGL; fresh for each test. */
export const page = {
  router: { push: vi.fn(), refresh: vi.fn() },
  webcam: new FakeWebcam(),
  createMeeting: vi.fn(),
  /** Makes the session of a meeting's page from the parts that the page gives it. */
  createSession: null as ((parts: never) => MeetingSession) | null,
};

export function resetPage(): void {
  page.router.push.mockReset();
  page.router.refresh.mockReset();
  page.createMeeting.mockReset();
  page.webcam = new FakeWebcam();
  page.createSession = null;
}

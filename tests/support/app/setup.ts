import './dom';
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { page, resetPage } from './page';

// Here and not in the tests: files share a process, in which a module is loaded once.
vi.mock('next/navigation', () => ({ useRouter: () => page.router }));
vi.mock('@/app/_components/ui/loadPictures', () => ({ loadPictures: async () => ({}) }));
vi.mock('@/app/_session/webcamSession', () => ({ pageWebcam: () => page.webcam }));
vi.mock('@/app/_session/parleyClient', () => ({ parleyClient: () => ({ meeting: { create: page.createMeeting } }) }));
vi.mock('@/app/_session/meetingSession', () => ({
  BrowserMeetingSession: class {
    constructor(parts: never) {
      // biome-ignore lint/correctness/noConstructorReturn: stands for the class, whose instances a test makes
      return page.createSession!(parts);
    }
  },
}));

beforeEach(resetPage);

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  delete document.documentElement.dataset['theme'];
  Reflect.deleteProperty(navigator, 'mediaDevices');
  vi.restoreAllMocks();
});

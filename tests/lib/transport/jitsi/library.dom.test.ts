import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { conferenceError, type JitsiMeetJs, loadJitsiLibrary } from '@/lib/transport/jitsi/library';

/** What a page finds once the script has loaded. */
function fakeLibrary() {
  return {
    logLevels: { ERROR: 'error' },
    setLogLevel: vi.fn(),
    addGlobalLogTransport: vi.fn(),
    removeGlobalLogTransport: vi.fn(),
    init: vi.fn(),
  };
}

function latestScript(): HTMLScriptElement {
  return [...document.querySelectorAll('script')].at(-1)!;
}

describe('lib-jitsi-meet in a page', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('T-74 is told to take sources as the bridge rewrites them, and to tell them apart by mid', async () => {
    const library = fakeLibrary();
    const loading = loadJitsiLibrary('https://jitsi.example/libs/a.js', silentLog);
    vi.stubGlobal('JitsiMeetJS', library);
    latestScript().dispatchEvent(new Event('load'));
    expect(await loading).toBe(library);
    expect(library.init).toHaveBeenCalledWith(
      expect.objectContaining({ flags: { ssrcRewritingEnabled: true, rtpMidDemuxEnabled: true } }),
    );
  });

  it('T-85 writes its errors into the log of the page, and no longer to the console', async () => {
    const library = fakeLibrary();
    const error = vi.fn();
    const loading = loadJitsiLibrary('https://jitsi.example/libs/c.js', { ...silentLog, error });
    vi.stubGlobal('JitsiMeetJS', library);
    latestScript().dispatchEvent(new Event('load'));
    await loading;
    expect(library.removeGlobalLogTransport).toHaveBeenCalledWith(console);
    library.addGlobalLogTransport.mock.calls[0]![0].error('it broke');
    expect(error).toHaveBeenCalledOnce();
  });

  it('a script that is not there is libraryUnavailable, and is asked for again', async () => {
    const loading = loadJitsiLibrary('https://jitsi.example/libs/b.js', silentLog);
    latestScript().dispatchEvent(new Event('error'));
    await expect(loading).rejects.toMatchObject({ reason: 'libraryUnavailable' });
    const again = loadJitsiLibrary('https://jitsi.example/libs/b.js', silentLog);
    vi.stubGlobal('JitsiMeetJS', fakeLibrary());
    latestScript().dispatchEvent(new Event('load'));
    await expect(again).resolves.toBeDefined();
  });

  it('a failed media connection ends no conference that is up, a lost server does', () => {
    const conference = new Proxy({}, { get: (_target, name) => String(name) });
    const library = { errors: { conference } } as unknown as JitsiMeetJs;
    expect(conferenceError(library, 'ICE_FAILED', true)).toBeNull();
    expect(conferenceError(library, 'CONNECTION_ERROR', true)?.reason).toBe('lost');
    expect(conferenceError(library, 'CONFERENCE_DESTROYED', true)?.reason).toBe('conferenceDestroyed');
  });
});

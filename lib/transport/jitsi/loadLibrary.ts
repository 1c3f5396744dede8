import { TransportError } from '../transport';
import type { JitsiMeetJs } from './library';

const loading = new Map<string, Promise<JitsiMeetJs>>();

function findGlobal(): JitsiMeetJs | undefined {
  return (globalThis as { JitsiMeetJS?: JitsiMeetJs }).JitsiMeetJS;
}

function appendScript(url: string): Promise<JitsiMeetJs> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const fail = () => {
      script.remove();
      reject(new TransportError('libraryUnavailable', 'The meeting server does not hand out its client library.'));
    };
    script.src = url;
    script.async = true;
    script.onerror = fail;
    script.onload = () => {
      const library = findGlobal();
      if (library) resolve(library);
      else fail();
    };
    document.head.append(script);
  });
}

/** The library measures every connection every ten seconds and tells the bridge; nobody here reads that. */
const MEDIA_STATS_INTERVAL_MS = 24 * 3600 * 1000;

function initialise(library: JitsiMeetJs): JitsiMeetJs {
  library.setLogLevel(library.logLevels.ERROR);
  library.init({
    // Levels are measured where the voices are heard.
    disableAudioLevels: true,
    disableThirdPartyRequests: true,
    enableAnalyticsLogging: false,
    pcStatsInterval: MEDIA_STATS_INTERVAL_MS,
  });
  return library;
}

/**
 * Loads and initialises the build of lib-jitsi-meet that the deployment itself serves, once a page.
 * @throws TransportError `libraryUnavailable`; a later call tries again.
 */
export function loadJitsiLibrary(url: string): Promise<JitsiMeetJs> {
  const known = loading.get(url);
  if (known) return known;
  const attempt = appendScript(url).then(initialise);
  loading.set(url, attempt);
  attempt.catch(() => loading.delete(url));
  return attempt;
}

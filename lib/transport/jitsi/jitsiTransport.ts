import type { Emitter } from '@/lib/core/emitter';
import type { JitsiPass, Link, LinkEvents } from '../link';
import { LinkedTransport } from '../linkedTransport';
import type { MediaEvents, MediaTransport, RemoteTrack } from '../media';
import { ConferenceLink } from './conferenceLink';
import { ConferenceMedia } from './conferenceMedia';
import { loadJitsiLibrary } from './library';
import { watchBlockedChannels } from './libraryReports';
import { guardTracks } from './trackGuard';

/**
 * A transport over a conference of the hub or a Jitsi deployment, in a browser, with the conference's voices and screens. A
 * microphone or screen that is asked for before the library has loaded is captured once it has.
 */
export class JitsiTransport extends LinkedTransport implements MediaTransport {
  private readonly conferenceMedia = new ConferenceMedia(() => this.endpoints);
  private stopWatching: (() => void) | null = null;

  get media(): Emitter<MediaEvents> {
    return this.conferenceMedia.media;
  }

  get tracks(): ReadonlyMap<string, RemoteTrack> {
    return this.conferenceMedia.tracks;
  }

  isMuted(endpointId: string): boolean {
    return this.conferenceMedia.isMuted(endpointId);
  }

  setMicrophone(deviceId: string | null): Promise<MediaStream | null> {
    return this.conferenceMedia.setMicrophone(deviceId);
  }

  setMuted(isMuted: boolean): void {
    this.conferenceMedia.setMuted(isMuted);
  }

  setScreenShared(isShared: boolean): Promise<MediaStream | null> {
    return this.conferenceMedia.setScreenShared(isShared);
  }

  override async disconnect(): Promise<void> {
    this.stopWatching?.();
    await this.conferenceMedia.close(super.disconnect());
  }

  protected async createLink(pass: JitsiPass, events: LinkEvents): Promise<Link> {
    const library = await loadJitsiLibrary(pass.coordinates.libUrl, this.log);
    this.stopWatching ??= watchBlockedChannels(document, (origin) => this.onBlockedChannel(origin));
    this.conferenceMedia.begin(library);
    return new ConferenceLink(library, pass, events, (conference) => {
      guardTracks(conference, this.log);
      return this.conferenceMedia.enter(library, conference);
    });
  }

  private onBlockedChannel(origin: string): void {
    this.log.warn(
      "the site's policy blocks the bridge channel: its operator must add the origin to JITSI_BRIDGE_ORIGINS",
      {
        origin,
      },
    );
    this.tellFault('channelBlocked', origin);
  }
}

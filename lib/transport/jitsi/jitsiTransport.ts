import type { JitsiPass } from '../jitsiPass';
import type { Link, LinkEvents } from '../link';
import { LinkedTransport } from '../linkedTransport';
import { ConferenceLink } from './conferenceLink';
import { loadJitsiLibrary } from './library';

/** A transport over the conference of a Jitsi deployment, embedded or real, in a browser. */
export class JitsiTransport extends LinkedTransport {
  protected async createLink(pass: JitsiPass, events: LinkEvents): Promise<Link> {
    return new ConferenceLink(await loadJitsiLibrary(pass.coordinates.libUrl), pass, events);
  }
}

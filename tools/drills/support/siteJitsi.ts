import type { ParleyClient } from '@/lib/api';

/** The Jitsi that a site uses. */
export interface SiteJitsi {
  /** Its web server, with the path below which it is, without a trailing slash. */
  readonly url: string;
  /** Whether it is the site's own hub. */
  readonly isHub: boolean;
  /** Whether that hub knows stays and cuts off who sends too much: it is not set up as a stock Jitsi. */
  readonly isParleys: boolean;
}

async function answers(url: string, init: RequestInit): Promise<boolean> {
  return fetch(url, init).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Asks a site for a pass, and then the Jitsi that it names. */
export async function findJitsi(client: ParleyClient, siteUrl: string): Promise<SiteJitsi> {
  const { id } = await client.meeting.create({ title: 'Drill' });
  const { jitsi, stayToken } = await client.meeting.join({ id, role: 'spectator' });
  await client.meeting.leave({ id, stayToken });
  const url = jitsi.libUrl.replace(/\/libs\/[^/]*$/, '');
  // With JITSI_URL a site serves no library, and as a stock Jitsi the hub takes no such request.
  const isHub = await answers(`${siteUrl}/libs/lib-jitsi-meet.min.js`, { method: 'HEAD' });
  const body = JSON.stringify({ room: `${jitsi.room}@${jitsi.mucDomain}` });
  const isParleys = isHub && (await answers(`${siteUrl}/conference-request/v1`, { method: 'POST', body }));
  return { url, isHub, isParleys };
}

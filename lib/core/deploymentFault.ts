/** What a server of a Jitsi deployment refuses. `unanswered`: the login, without a word. `other`: what its text alone tells. */
const REFUSALS = [
  'signature',
  'issuer',
  'audience',
  'expired',
  'notYetValid',
  'tokenRequired',
  'room',
  'membersOnly',
  'unanswered',
  'focus',
  'other',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/**
 * What clients find wrong with a Jitsi deployment: what it refuses, that somebody besides the focus owns a room, or that the site's
 * own policy blocks the bridge channel.
 */
export const DEPLOYMENT_FAULTS = [...REFUSALS, 'owner', 'channelBlocked'] as const;

export type DeploymentFault = (typeof DEPLOYMENT_FAULTS)[number];

/** What each fault means, and what the operator can do about it. */
export const FAULT_SENTENCES: Readonly<Record<DeploymentFault, string>> = {
  signature: 'The meeting server refused the token: JITSI_APP_SECRET is not the secret that it checks signatures with.',
  issuer: 'The meeting server refused the token: JITSI_APP_ID is not among the issuers that it accepts.',
  audience: 'The meeting server refused the token: JITSI_JWT_AUDIENCE is not among the audiences that it accepts.',
  expired:
    'The meeting server refused the token, which had expired. If that repeats, the clocks of the servers differ.',
  notYetValid: 'The meeting server refused the token, which is not valid yet. The clocks of the servers differ.',
  tokenRequired: 'The meeting server asks for a token. Set JITSI_APP_ID and JITSI_APP_SECRET.',
  room: 'The meeting server refused the token, which is not for this room.',
  membersOnly: 'The meeting server lets members in only. Turn its lobby off (ENABLE_LOBBY=0 in docker-jitsi-meet).',
  unanswered:
    'The meeting server opened the connection, but never answered the request to log in. Its log may tell why.',
  focus: 'The conference focus refused the request to enter.',
  other: 'The meeting server refused to let this client in.',
  owner:
    'Somebody besides the conference focus owns a room and can take others out of it. Set JICOFO_ENABLE_AUTH=0 and ENABLE_AUTO_OWNER=0 in docker-jitsi-meet.',
  channelBlocked: "The site's policy blocks the bridge channel. Add its origin to JITSI_BRIDGE_ORIGINS.",
};

/** Limits on everything a client may ask for. */
export interface HubLimits {
  /** Largest frame on an XMPP socket; a larger one closes it with 1009. */
  readonly stanzaMaxBytes: number;
  /** Frames of any kind on one socket, far above what a client sends; a socket that brings more is cut. */
  readonly framesPerSecond: number;
  /** As many as a client that was cut off from the network for a minute sends at once. */
  readonly frameBurst: number;
  /** Largest frame on a bridge channel; a larger one closes it with 1009. */
  readonly channelMessageMaxBytes: number;
  /** How long a session whose socket was lost keeps its place. */
  readonly resumeWindowMs: number;
  /** How long a socket may stay open without a bound session. */
  readonly unauthenticatedMs: number;
  /** How long the id of a used token is remembered: longer than any token lives. */
  readonly usedTokenMemoryMs: number;
  /** Time between two questions which of those who are here still stay in their meeting. */
  readonly stayReviewIntervalMs: number;
  readonly stanzasPerSecond: number;
  readonly stanzaBurst: number;
  /** Bytes a client may send on XMPP, as docker-jitsi-meet allows. */
  readonly stanzaBytesPerSecond: number;
  /** Bytes a client may send at once: a join with media takes 11 to 20 kB. */
  readonly stanzaBurstBytes: number;
  /** Bytes of one client that go to each of the others in its room. */
  readonly relayedBytesPerSecond: number;
  readonly relayedBurstBytes: number;
  /** How often a client may enter its room; it does so once for each session. */
  readonly entriesPerSecond: number;
  readonly entryBurst: number;
  /** Largest message or answer that is relayed. */
  readonly relayedMaxBytes: number;
  /** Stanzas kept for a session that does not acknowledge them; more end it. */
  readonly unacknowledgedStanzasMax: number;
  /** Bytes kept for a session that does not acknowledge them; more end it. A room of 256 takes up to 200 kB to enter. */
  readonly unacknowledgedBytesMax: number;
  /** Bytes kept for all sessions together; beyond that, those that hold the most end. */
  readonly heldBytesMax: number;
  /** Most bytes queued in an XMPP socket before it is cut. */
  readonly xmppBacklogMaxBytes: number;
  /** Largest presence of one occupant that is kept and shown to the others. */
  readonly presenceMaxBytes: number;
  readonly occupantsMaxPerRoom: number;
  /** Of {@link occupantsMaxPerRoom}; the rest is for those with a seat, and for their connections that are about to end. */
  readonly spectatorsMaxPerRoom: number;
  readonly connectionsMax: number;
  /** Of these, those of one address: a proxy that is trusted tells which. */
  readonly connectionsMaxPerAddress: number;
  /** Most sockets from one address that have not authenticated yet. */
  readonly unauthenticatedMaxPerAddress: number;
  readonly channelMessagesPerSecond: number;
  readonly channelBytesPerSecond: number;
  /** How many seconds' worth of channel messages may arrive at once. */
  readonly channelBurstSeconds: number;
  /** A sender that exceeds its rate for this long is cut off. */
  readonly channelAbuseMs: number;
  /** Bytes that may wait for a receiver, including those in flight; beyond that, the oldest messages are dropped. */
  readonly receiverBacklogMaxBytes: number;
  /** Age at which a message that waits for a slow receiver is dropped. */
  readonly receiverAgeMaxMs: number;
  /** Sources, and groups of sources, that one endpoint may announce. */
  readonly sourcesMaxPerEndpoint: number;
  /** ICE candidates accepted from one endpoint in one session. */
  readonly candidatesMaxPerSession: number;
  /** Time between pings on every socket. A socket that leaves two of them unanswered is dead. */
  readonly pingIntervalMs: number;
}

export const HUB_LIMITS: HubLimits = {
  stanzaMaxBytes: 65_536,
  channelMessageMaxBytes: 4_096,
  framesPerSecond: 500,
  frameBurst: 4_000,
  resumeWindowMs: 15_000,
  unauthenticatedMs: 10_000,
  usedTokenMemoryMs: 3_600_000,
  stayReviewIntervalMs: 3_000,
  stanzasPerSecond: 30,
  stanzaBurst: 150,
  stanzaBytesPerSecond: 10_000,
  stanzaBurstBytes: 65_536,
  relayedBytesPerSecond: 4_000,
  relayedBurstBytes: 24_576,
  entriesPerSecond: 0.1,
  entryBurst: 4,
  relayedMaxBytes: 4_096,
  unacknowledgedStanzasMax: 2_000,
  unacknowledgedBytesMax: 262_144,
  heldBytesMax: 134_217_728,
  xmppBacklogMaxBytes: 524_288,
  presenceMaxBytes: 4_096,
  occupantsMaxPerRoom: 256,
  spectatorsMaxPerRoom: 208,
  connectionsMax: 4_096,
  connectionsMaxPerAddress: 2_048,
  unauthenticatedMaxPerAddress: 256,
  channelMessagesPerSecond: 40,
  channelBytesPerSecond: 32_000,
  channelBurstSeconds: 2,
  channelAbuseMs: 5_000,
  receiverBacklogMaxBytes: 65_536,
  receiverAgeMaxMs: 500,
  sourcesMaxPerEndpoint: 16,
  candidatesMaxPerSession: 64,
  pingIntervalMs: 4_000,
};

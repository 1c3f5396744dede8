import { BRIDGE_SSRC, bridgeSource, sourceContents, sourceElements } from '../focus/jingleSources';
import { NO_SOURCES, type Source, type SourceGroup, type SourceSet } from '../focus/sources';
import type { MediaKind } from '../media/mediaContract';
import { NS } from '../xmpp/namespaces';
import { type Element, xml } from '../xmpp/stanza';
import type { SourceChange } from './hubProfile';

/** The feature of clients that read sources as JSON. */
const JSON_SOURCES = 'http://jitsi.org/json-encoded-sources';

const GROUP_CODE: Readonly<Record<string, string>> = { FID: 'f', SIM: 's', 'FEC-FR': 'r' };

/** Owner of the bridge's own sources. */
const BRIDGE = 'jvb';

/** Whether a client with these features reads sources as JSON. */
function readsJsonSources(features: ReadonlySet<string>): boolean {
  return features.has(JSON_SOURCES);
}

const bridgeSources: readonly Source[] = (['video', 'audio'] as const).map((kind) => ({
  ssrc: BRIDGE_SSRC[kind],
  kind,
  owner: BRIDGE,
  msid: `mixedmslabel mixedlabel${kind}0`,
  name: `${BRIDGE}-${kind[0]}0`,
  videoType: null,
}));

function compactSource({ ssrc, name, msid, videoType }: Source) {
  return { s: ssrc, n: name ?? undefined, m: msid, v: videoType === 'desktop' ? 'd' : undefined };
}

function compactGroup({ semantics, ssrcs }: SourceGroup) {
  return [GROUP_CODE[semantics] ?? semantics, ...ssrcs];
}

/** Video sources, video groups, audio sources, audio groups; empty ones at the end are left out. */
function compactOf({ sources, groups }: SourceSet): unknown[][] {
  const lists: unknown[][] = (['video', 'audio'] as const).flatMap((kind: MediaKind) => [
    sources.filter((source) => source.kind === kind).map(compactSource),
    groups.filter((group) => group.kind === kind).map(compactGroup),
  ]);
  while (lists.at(-1)?.length === 0) lists.pop();
  return lists;
}

/** The sources of each owner as Jicofo writes them. */
function jsonSources(set: SourceSet): Element {
  const owners = [...new Set(set.sources.map(({ owner }) => owner))];
  const ofOwner = (owner: string): SourceSet => {
    const sources = set.sources.filter((source) => source.owner === owner);
    const ssrcs = new Set(sources.map(({ ssrc }) => ssrc));
    return { sources, groups: set.groups.filter((group) => group.ssrcs.every((ssrc) => ssrcs.has(ssrc))) };
  };
  const byOwner = Object.fromEntries(owners.map((owner) => [owner, compactOf(ofOwner(owner))]));
  return xml('json-message', { xmlns: NS.jitsiMeet }, JSON.stringify({ sources: byOwner }));
}

/** How the sources of an offer are written: in one message, or in the descriptions. */
export interface OfferedSources {
  readonly message: Element | null;
  inDescription(kind: MediaKind): Element[];
}

/** The sources of an offer for a client with these features, with the bridge's own ones or without. */
export function offeredSources(set: SourceSet, features: ReadonlySet<string>, withBridge: boolean): OfferedSources {
  if (!readsJsonSources(features)) {
    const own = (kind: MediaKind) => (withBridge ? [bridgeSource(kind)] : []);
    return { message: null, inDescription: (kind) => [...own(kind), ...sourceElements(set, kind)] };
  }
  const all: SourceSet = { ...set, sources: [...(withBridge ? bridgeSources : NO_SOURCES.sources), ...set.sources] };
  return { message: all.sources.length > 0 ? jsonSources(all) : null, inDescription: () => [] };
}

/** Jicofo's `source-add` or `source-remove`. */
export function stockSourceChange({ action, sources, sessionId, features }: SourceChange): Element {
  const content = readsJsonSources(features) ? [jsonSources(sources)] : sourceContents(sources);
  return xml('jingle', { xmlns: NS.jingle, action, sid: sessionId }, ...content);
}

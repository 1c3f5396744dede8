import type { MediaKind } from '../media/mediaContract';
import { NS } from '../xmpp/namespaces';
import { type Element, xml } from '../xmpp/stanza';
import type { Source, SourceGroup, SourceSet } from './sources';

/** SSRCs of the bridge's own two sources. Clients of 2022 throw without them. Nothing is ever sent on them. */
export const BRIDGE_SSRC = { audio: 1_000_001, video: 1_000_002 } as const;

const KINDS: readonly MediaKind[] = ['audio', 'video'];
const SSRC_MAX = 0xffff_ffff;
const DECIMAL = /^\d{1,10}$/;

/** Printable ASCII, because it ends up in a line of the other clients' SDP. */
const MSID = /^[\x21-\x7e]{1,160}( [\x21-\x7e]{1,160})?$/;
const NAME = /^[\w.-]{1,64}$/;

/** Marks the msid of the bridge's own sources. */
const BRIDGE_MSID = 'mixedmslabel';

const SEMANTICS = new Set(['FID', 'SIM', 'FEC-FR']);
const GROUP_MAX = 8;

function parameter(name: string, value: string): Element {
  return xml('parameter', { name, value });
}

function ownerInfo(owner: string): Element {
  return xml('ssrc-info', { xmlns: NS.jitsiMeet, owner });
}

/** The bridge's own source of a kind. */
export function bridgeSource(kind: MediaKind): Element {
  return xml(
    'source',
    { xmlns: NS.sources, ssrc: String(BRIDGE_SSRC[kind]), name: `jvb-${kind[0]}0` },
    parameter('msid', `${BRIDGE_MSID} mixedlabel${kind}0`),
    ownerInfo('jvb'),
  );
}

function sourceElement({ ssrc, name, videoType, msid, owner }: Source): Element {
  const attrs = { xmlns: NS.sources, ssrc: String(ssrc), name: name ?? undefined, videoType: videoType ?? undefined };
  return xml('source', attrs, parameter('msid', msid), ownerInfo(owner));
}

function groupElement({ semantics, ssrcs }: SourceGroup): Element {
  const sources = ssrcs.map((ssrc) => xml('source', { xmlns: NS.sources, ssrc: String(ssrc) }));
  return xml('ssrc-group', { xmlns: NS.sources, semantics }, ...sources);
}

/** The sources and groups of one kind, for a description. */
export function sourceElements({ sources, groups }: SourceSet, kind: MediaKind): Element[] {
  return [
    ...sources.filter((source) => source.kind === kind).map(sourceElement),
    ...groups.filter((group) => group.kind === kind).map(groupElement),
  ];
}

/** The contents of a `source-add` or `source-remove`. */
export function sourceContents(set: SourceSet): Element[] {
  return KINDS.filter((kind) => set.sources.some((source) => source.kind === kind)).map((kind) =>
    xml(
      'content',
      { creator: 'initiator', name: kind },
      xml('description', { xmlns: NS.rtp, media: kind }, ...sourceElements(set, kind)),
    ),
  );
}

function readSsrc(text: string | undefined): number | null {
  if (text === undefined || !DECIMAL.test(text)) return null;
  const ssrc = Number(text);
  return ssrc > 0 && ssrc <= SSRC_MAX ? ssrc : null;
}

function readMsid(source: Element): string | null {
  const value = source.getChildren('parameter').find(({ attrs }) => attrs['name'] === 'msid')?.attrs['value'];
  return value !== undefined && MSID.test(value) && !value.includes(BRIDGE_MSID) ? value : null;
}

function readSource(element: Element, kind: MediaKind, owner: string): Source | null {
  const ssrc = readSsrc(element.attrs['ssrc']);
  const msid = readMsid(element);
  if (ssrc === null || msid === null) return null;
  const { name, videoType } = element.attrs;
  return {
    ssrc,
    kind,
    owner,
    msid,
    name: name !== undefined && NAME.test(name) ? name : null,
    videoType: videoType === 'camera' || videoType === 'desktop' ? videoType : null,
  };
}

function readGroup(element: Element, kind: MediaKind): SourceGroup | null {
  const semantics = element.attrs['semantics'] ?? '';
  const ssrcs = element.getChildren('source').map(({ attrs }) => readSsrc(attrs['ssrc']));
  if (!SEMANTICS.has(semantics) || ssrcs.length === 0 || ssrcs.length > GROUP_MAX) return null;
  return ssrcs.every((ssrc) => ssrc !== null) ? { kind, semantics, ssrcs } : null;
}

function kindOf(content: Element, description: Element): MediaKind | undefined {
  const named = description.attrs['media'] ?? content.attrs['name'];
  return KINDS.find((kind) => kind === named);
}

/** The sources in a client's request, and how many were refused. */
interface SourcesRead extends SourceSet {
  readonly refused: number;
}

/** The SSRCs that a client names in a `source-remove`, wherever they appear. */
export function readSsrcs(jingle: Element): number[] {
  return jingle
    .getChildren('content')
    .flatMap((content) => content.getChildren('description'))
    .flatMap((description) => description.getChildren('source'))
    .map(({ attrs }) => readSsrc(attrs['ssrc']))
    .filter((ssrc) => ssrc !== null);
}

/** The sources in a client's `session-accept` or `source-add`. Never throws; invalid ones are left out. */
export function readSources(jingle: Element, owner: string): SourcesRead {
  const sources: Source[] = [];
  const groups: SourceGroup[] = [];
  let refused = 0;
  for (const content of jingle.getChildren('content')) {
    for (const description of content.getChildren('description')) {
      const kind = kindOf(content, description);
      if (!kind) continue;
      for (const element of description.getChildren('source')) {
        const source = readSource(element, kind, owner);
        if (source) sources.push(source);
        // A source without parameters is one that a client only receives on.
        else if (element.getChild('parameter')) refused += 1;
      }
      for (const element of description.getChildren('ssrc-group')) {
        const group = readGroup(element, kind);
        if (group) groups.push(group);
        else refused += 1;
      }
    }
  }
  return { sources, groups, refused };
}

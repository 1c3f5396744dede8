import type { MediaKind } from '../media/mediaContract';

/** A source as an endpoint has announced it (XEP-0339), and whose it is. */
export interface Source {
  readonly ssrc: number;
  readonly kind: MediaKind;
  /** Endpoint id. */
  readonly owner: string;
  /** `STREAM TRACK`, as in SDP; unique in the endpoint's peer connection. */
  readonly msid: string;
  readonly name: string | null;
  readonly videoType: 'camera' | 'desktop' | null;
}

/** Sources that belong together, such as a video and its retransmissions (`FID`). */
export interface SourceGroup {
  readonly kind: MediaKind;
  readonly semantics: string;
  readonly ssrcs: readonly number[];
}

/** Sources and the groups they form. */
export interface SourceSet {
  readonly sources: readonly Source[];
  readonly groups: readonly SourceGroup[];
}

export const NO_SOURCES: SourceSet = { sources: [], groups: [] };

export function isEmpty({ sources }: SourceSet): boolean {
  return sources.length === 0;
}

/** The sources of `set` that `isMeant`, and the groups that consist of them. */
export function subsetOf(set: SourceSet, isMeant: (source: Source) => boolean): SourceSet {
  const sources = set.sources.filter(isMeant);
  const ssrcs = new Set(sources.map(({ ssrc }) => ssrc));
  return { sources, groups: set.groups.filter((group) => group.ssrcs.every((ssrc) => ssrcs.has(ssrc))) };
}

/** Everything of several sets. */
export function unionOf(sets: readonly SourceSet[]): SourceSet {
  return { sources: sets.flatMap(({ sources }) => sources), groups: sets.flatMap(({ groups }) => groups) };
}

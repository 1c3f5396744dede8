import type { MediaKind } from '../media/mediaContract';
import { BRIDGE_SSRC } from './jingleSources';

/** A source as an endpoint announced it (XEP-0339), with its owner. */
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

/** The sources of `set` that satisfy `isMeant`, and the groups that consist of them. */
export function subsetOf(set: SourceSet, isMeant: (source: Source) => boolean): SourceSet {
  const sources = set.sources.filter(isMeant);
  const ssrcs = new Set(sources.map(({ ssrc }) => ssrc));
  return { sources, groups: set.groups.filter((group) => group.ssrcs.every((ssrc) => ssrcs.has(ssrc))) };
}

/** The union of several sets. */
function unionOf(sets: readonly SourceSet[]): SourceSet {
  return { sources: sets.flatMap(({ sources }) => sources), groups: sets.flatMap(({ groups }) => groups) };
}

/** The sources one endpoint has announced. Retired ones are kept until it leaves or their place is needed. */
class EndpointSources {
  readonly sources = new Map<number, Source>();
  readonly retired = new Set<number>();
  groups: SourceGroup[] = [];

  get all(): SourceSet {
    return { sources: [...this.sources.values()], groups: this.groups };
  }

  drop(ssrc: number): void {
    this.sources.delete(ssrc);
    this.retired.delete(ssrc);
    this.groups = this.groups.filter(({ ssrcs }) => !ssrcs.includes(ssrc));
  }
}

/**
 * The sources of a conference. Each SSRC has one owner for as long as that endpoint stays. A source that is removed may
 * stay announced: clients of 2022 on current Chromium cannot add an SSRC again after removing it.
 */
export class ConferenceSources {
  private readonly byOwner = new Map<string, EndpointSources>();
  private readonly ownerOf = new Map<number, string>();

  /** @param keepsRemoved Whether a source that is removed stays announced. */
  constructor(
    private readonly sourcesMaxPerEndpoint: number,
    private readonly keepsRemoved = true,
  ) {}

  /** Every source an endpoint has announced. */
  of(owner: string): SourceSet {
    return this.byOwner.get(owner)?.all ?? NO_SOURCES;
  }

  /** Every source that other endpoints have announced. */
  exceptOf(owner: string): SourceSet {
    return unionOf([...this.byOwner].filter(([id]) => id !== owner).map(([, { all }]) => all));
  }

  /** Adds an endpoint's sources and groups. Returns how many are refused: over the limit, or owned by another endpoint. */
  add(owner: string, { sources, groups }: SourceSet): number {
    const own = this.byOwner.get(owner) ?? new EndpointSources();
    this.byOwner.set(owner, own);
    let refused = 0;
    for (const source of sources) if (!this.addOne(owner, own, source)) refused += 1;
    for (const group of groups) if (!this.addGroup(own, group)) refused += 1;
    return refused;
  }

  /** An endpoint removes sources. */
  retire(owner: string, ssrcs: readonly number[]): void {
    const own = this.byOwner.get(owner);
    for (const ssrc of ssrcs) {
      if (!own?.sources.has(ssrc)) continue;
      if (this.keepsRemoved) own.retired.add(ssrc);
      else this.drop(own, ssrc);
    }
  }

  /** Forgets an endpoint whose session is over. */
  forget(owner: string): void {
    for (const ssrc of this.byOwner.get(owner)?.sources.keys() ?? []) this.ownerOf.delete(ssrc);
    this.byOwner.delete(owner);
  }

  private addOne(owner: string, own: EndpointSources, source: Source): boolean {
    const { ssrc } = source;
    if (own.sources.has(ssrc)) {
      own.retired.delete(ssrc);
      return true;
    }
    if (this.ownerOf.has(ssrc) || isBridgeSsrc(ssrc) || !this.makeRoom(own)) return false;
    own.sources.set(ssrc, source);
    this.ownerOf.set(ssrc, owner);
    return true;
  }

  private makeRoom(own: EndpointSources): boolean {
    if (own.sources.size < this.sourcesMaxPerEndpoint) return true;
    const [oldest] = own.retired;
    if (oldest === undefined) return false;
    this.drop(own, oldest);
    return true;
  }

  private drop(own: EndpointSources, ssrc: number): void {
    own.drop(ssrc);
    this.ownerOf.delete(ssrc);
  }

  private addGroup(own: EndpointSources, group: SourceGroup): boolean {
    if (!group.ssrcs.every((ssrc) => own.sources.has(ssrc))) return false;
    if (own.groups.some((known) => isSameGroup(known, group))) return true;
    if (own.groups.length >= this.sourcesMaxPerEndpoint) return false;
    own.groups = [...own.groups, group];
    return true;
  }
}

function isBridgeSsrc(ssrc: number): boolean {
  return ssrc === BRIDGE_SSRC.audio || ssrc === BRIDGE_SSRC.video;
}

function isSameGroup(a: SourceGroup, b: SourceGroup): boolean {
  return a.semantics === b.semantics && a.ssrcs.join() === b.ssrcs.join();
}

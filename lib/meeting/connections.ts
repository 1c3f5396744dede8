import type { Endpoint } from '@/lib/transport/transport';

/** Who is connected how: the newest connection of a person is theirs, older ones (a tab left open) no longer count. */
export class Connections {
  private readonly personByEndpoint = new Map<string, string>();
  private readonly endpointsByPerson = new Map<string, string[]>();

  /** An endpoint has come, or is known better than before. */
  add({ endpointId, personId }: Endpoint): void {
    if ((this.personByEndpoint.get(endpointId) ?? null) === personId) return;
    this.remove(endpointId);
    if (personId === null) return;
    this.personByEndpoint.set(endpointId, personId);
    const theirs = this.endpointsByPerson.get(personId) ?? [];
    theirs.push(endpointId);
    this.endpointsByPerson.set(personId, theirs);
  }

  /** An endpoint has gone. */
  remove(endpointId: string): void {
    const personId = this.personByEndpoint.get(endpointId);
    if (personId === undefined) return;
    this.personByEndpoint.delete(endpointId);
    const left = (this.endpointsByPerson.get(personId) ?? []).filter((id) => id !== endpointId);
    if (left.length > 0) this.endpointsByPerson.set(personId, left);
    else this.endpointsByPerson.delete(personId);
  }

  /** Whether `endpointId` is the newest connection of `personId`. */
  isNewest(endpointId: string, personId: string): boolean {
    return this.endpointsByPerson.get(personId)?.at(-1) === endpointId;
  }
}

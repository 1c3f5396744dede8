import type { Emitter } from '@/lib/core/emitter';
import type { Endpoint, TransportEvents } from './transport';

/** Who else is in a conference, and whose page is hidden; tells of every change. */
export class RemoteEndpoints {
  private readonly people = new Map<string, Endpoint>();
  private readonly hiddenIds = new Set<string>();

  constructor(private readonly events: Emitter<TransportEvents>) {}

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.people;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  greet(endpoint: Endpoint): void {
    this.people.set(endpoint.endpointId, endpoint);
    this.events.emit('joined', endpoint);
  }

  forget(endpointId: string): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint) return;
    this.noteHidden(endpointId, false);
    this.people.delete(endpointId);
    this.events.emit('left', endpoint);
  }

  forgetEverybody(): void {
    for (const endpointId of [...this.people.keys()]) this.forget(endpointId);
  }

  noteHidden(endpointId: string, isHidden: boolean): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint || this.hiddenIds.has(endpointId) === isHidden) return;
    if (isHidden) this.hiddenIds.add(endpointId);
    else this.hiddenIds.delete(endpointId);
    this.events.emit('hidden', { endpoint, isHidden });
  }
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient, type EventsConnection, ParleyApiError } from '@/lib/api';
import type { MeetingEvent } from '@/lib/core/meeting';
import { serveApi, startApi } from '@/tests/server/api/apiServer';

let api: Awaited<ReturnType<typeof startApi>>;
const stops: (() => void)[] = [];
beforeAll(async () => {
  api = await startApi();
}, 60_000);
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
afterAll(() => api.close());

const ada = { role: 'participant', name: 'Ada', avatar: 'ada' } as const;

/** Follows a meeting and records all callbacks. */
function follow(url: string, input: { id: string; stayToken?: string }) {
  const told = {
    events: [] as MeetingEvent[],
    errors: [] as ParleyApiError[],
    connections: [] as EventsConnection[],
    completed: 0,
    stop: () => {},
    types: () => told.events.map((event) => event.type),
  };
  told.stop = createParleyClient({ url }).meeting.events(input, {
    onEvent: (event) => told.events.push(event),
    onError: (error) => told.errors.push(error),
    onConnectionChange: (connection) => told.connections.push(connection),
    onComplete: () => {
      told.completed += 1;
    },
  });
  stops.push(told.stop);
  return told;
}

describe('the typed client in Node', () => {
  it('the client creates, joins, follows, leaves and ends meetings', async () => {
    const { meeting } = createParleyClient({ url: `${api.url}/` });
    const made = await meeting.create({ title: 'Stand-up', maxParticipants: 4 });
    const told = follow(api.url, made);
    await expect.poll(told.types).toEqual(['snapshot']);
    const grant = await meeting.join({ id: made.id, ...ada });
    expect(grant).toMatchObject({ seat: 0, jitsi: { room: made.id } });
    await meeting.heartbeat({ id: made.id, stayToken: grant.stayToken });
    await meeting.change({ id: made.id, stayToken: grant.stayToken, avatar: 'bo' });
    const { nonce } = await meeting.claim({ id: made.id, stayToken: grant.stayToken, endpointId: '3cbc0949' });
    expect((await meeting.get({ id: made.id })).people).toMatchObject([{ endpoint: { id: '3cbc0949', nonce } }]);
    await meeting.leave({ id: made.id, stayToken: grant.stayToken });
    expect((await meeting.get({ id: made.id })).people).toEqual([]);
    await meeting.end({ id: made.id, hostToken: made.hostToken });
    await expect.poll(told.types).toEqual(['snapshot', 'joined', 'changed', 'changed', 'left', 'ended']);
    await expect.poll(() => told.completed).toBe(1);
    expect(told.connections).toEqual(['connecting', 'open']);
    expect(told.errors).toEqual([]);
  });

  it('no address carries a secret, from the first call to the last', async () => {
    const addresses: string[] = [];
    const send: typeof fetch = (target, init) => {
      addresses.push(String(target));
      return fetch(target, init);
    };
    const { meeting } = createParleyClient({ url: api.url, fetch: send });
    const { id, hostToken } = await meeting.create();
    const { stayToken } = await meeting.join({ id, ...ada });
    const stop = meeting.events({ id, stayToken }, { onEvent: () => {} });
    stops.push(stop);
    await meeting.heartbeat({ id, stayToken });
    await meeting.change({ id, stayToken, avatar: 'bo' });
    await meeting.claim({ id, stayToken, endpointId: '3cbc0949' });
    await meeting.get({ id });
    await meeting.leave({ id, stayToken });
    await meeting.end({ id, hostToken });
    expect(addresses.some((address) => address.includes('meeting.events'))).toBe(true);
    for (const secret of [stayToken, hostToken]) expect(addresses.join()).not.toContain(secret);
  });

  it('a refused call rejects with a typed error', async () => {
    const { meeting } = createParleyClient({ url: api.url });
    const { id } = await meeting.create({ maxParticipants: 2 });
    await meeting.join({ id, ...ada });
    await meeting.join({ id, ...ada });
    const refusal = await meeting.join({ id, ...ada }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ParleyApiError);
    expect(refusal).toMatchObject({ reason: 'full', limit: 2, message: expect.stringContaining('2 seats') });
  });

  it('a call without an answer rejects as offline', async () => {
    const { meeting } = createParleyClient({ url: 'http://127.0.0.1:1' });
    await expect(meeting.get({ id: 'anything' })).rejects.toMatchObject({ reason: 'offline' });
  });

  it('a refused event stream gets the reason, once', async () => {
    const told = follow(api.url, { id: 'nobody-made-this' });
    await expect.poll(() => told.errors).toHaveLength(1);
    expect(told.errors[0]).toMatchObject({ reason: 'notFound' });
    expect(told.completed).toBe(0);
  });

  it('the event stream of a stay is told that it was replaced', async () => {
    const { meeting } = createParleyClient({ url: api.url });
    const { id } = await meeting.create();
    const identity = 'a secret of the client';
    const { stayToken } = await meeting.join({ id, ...ada, identity });
    const told = follow(api.url, { id, stayToken });
    await expect.poll(told.types).toEqual(['snapshot']);
    await meeting.join({ id, ...ada, identity });
    await expect.poll(() => told.errors.map(({ reason }) => reason)).toEqual(['replaced']);
  });

  it('a dropped event stream shortens its stay, so that the seat is free within 5 s', async () => {
    const { meeting } = createParleyClient({ url: api.url });
    const { id } = await meeting.create();
    const { stayToken } = await meeting.join({ id, ...ada });
    const told = follow(api.url, { id, stayToken });
    await expect.poll(told.types).toEqual(['snapshot']);
    told.stop();
    const seated = async () => {
      await api.services.meetings.sweep();
      return (await meeting.get({ id })).people.length;
    };
    await expect.poll(seated, { timeout: 10_000, interval: 250 }).toBe(0);
    expect(told.errors).toEqual([]);
  });

  it('an event stream reconnects after a cut, with a new snapshot', async () => {
    const { meeting } = createParleyClient({ url: api.url });
    const { id } = await meeting.create();
    const told = follow(api.url, { id });
    await expect.poll(told.types).toEqual(['snapshot']);
    api.cut();
    await expect.poll(told.types, { timeout: 10_000 }).toEqual(['snapshot', 'snapshot']);
    expect(told.connections).toEqual(['connecting', 'open', 'connecting', 'open']);
  });

  it('an event stream reconnects after the server was away', async () => {
    const first = await serveApi(api.services);
    const { id } = await createParleyClient({ url: api.url }).meeting.create();
    const told = follow(first.url, { id });
    await expect.poll(told.types).toEqual(['snapshot']);
    await first.close();
    await expect.poll(() => told.connections.at(-1)).toBe('connecting');
    const second = await serveApi(api.services, first.port);
    await expect.poll(told.types, { timeout: 10_000 }).toEqual(['snapshot', 'snapshot']);
    told.stop();
    await second.close();
  });

  it('an event stream is silent once unsubscribed', async () => {
    const { meeting } = createParleyClient({ url: api.url });
    const { id } = await meeting.create();
    const told = follow(api.url, { id });
    await expect.poll(told.types).toEqual(['snapshot']);
    told.stop();
    const other = follow(api.url, { id });
    await expect.poll(other.types).toEqual(['snapshot']);
    await meeting.join({ id, ...ada });
    await expect.poll(other.types).toContain('joined');
    expect(told.types()).toEqual(['snapshot']);
    expect(told.completed).toBe(0);
  });

  it('leaving on close does not wait for an answer', async () => {
    const sent: RequestInit[] = [];
    const spy: typeof fetch = (target, init) => {
      if (String(target).endsWith('/meeting.leave')) sent.push(init ?? {});
      return fetch(target, init);
    };
    const { meeting } = createParleyClient({ url: api.url, fetch: spy });
    const { id } = await meeting.create();
    const { stayToken } = await meeting.join({ id, ...ada });
    meeting.leaveOnClose({ id, stayToken });
    expect(sent).toMatchObject([{ method: 'POST', keepalive: true }]);
    const seated = async () => {
      await api.services.meetings.sweep();
      return (await meeting.get({ id })).people.length;
    };
    await expect.poll(seated, { timeout: 10_000, interval: 250 }).toBe(0);
  });
});

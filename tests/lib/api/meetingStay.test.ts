import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient, MeetingStay } from '@/lib/api';
import { OPS_TOKEN, startApi } from '@/tests/server/api/apiServer';

let api: Awaited<ReturnType<typeof startApi>>;
const stays: MeetingStay[] = [];
beforeAll(async () => {
  api = await startApi();
}, 60_000);
afterEach(async () => {
  for (const stay of stays.splice(0)) await stay.leave();
});
afterAll(() => api.close());

const IDENTITY = 'a secret of this stay';

/** Delays the answers to `meeting.join`, in order. */
function slowAnswers(delaysMs: number[]): typeof fetch {
  return async (target, init) => {
    const answer = await fetch(target, init);
    const delayMs = String(target).includes('meeting.join') ? (delaysMs.shift() ?? 0) : 0;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return answer;
  };
}

async function createStay(joinDelaysMs: number[] = [], id?: string) {
  const client = createParleyClient({ url: api.url, fetch: slowAnswers(joinDelaysMs) });
  const meetingId = id ?? (await client.meeting.create()).id;
  const stay = new MeetingStay(client, {
    id: meetingId,
    role: 'participant',
    name: 'Ada',
    avatar: 'ada',
    identity: IDENTITY,
  });
  stays.push(stay);
  const told: string[] = [];
  stay.events.on('event', ({ type }) => told.push(type));
  stay.events.on('refused', ({ reason }) => told.push(`refused: ${reason}`));
  stay.events.on('expired', () => told.push('expired'));
  return { client, meetingId, stay, told };
}

describe('a stay in a meeting', () => {
  it('a stay that enters again gets the same seat, and is not ended by the stay it replaces', async () => {
    const { client, meetingId, stay, told } = await createStay([0, 500, 0]);
    const first = await stay.enter();
    await expect.poll(() => told).toContain('snapshot');
    const again = stay.enter();
    // By now the server has replaced the first stay and says so, while the answer is still on its way.
    await expect.poll(async () => (await client.meeting.get({ id: meetingId })).people.length).toBe(1);
    stay.beat();
    const second = await again;
    expect(second).toMatchObject({ seat: first.seat, personId: first.personId });
    await expect.poll(() => told.filter((type) => type === 'snapshot').length).toBe(2);
    expect(told.filter((type) => type.startsWith('refused') || type === 'expired')).toEqual([]);
    await expect(stay.check()).resolves.toBeUndefined();
  });

  it('of several entries the latest counts, whichever answer comes last', async () => {
    const { stay, told } = await createStay([400, 0]);
    const early = stay.enter();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = await stay.enter();
    await early;
    expect(late.seat).toBe(0);
    await expect(stay.check()).resolves.toBeUndefined();
    expect(told.filter((type) => type.startsWith('refused'))).toEqual([]);
  });

  it('a change of name and avatar reaches all, and is kept when the stay enters again', async () => {
    const { client, meetingId, stay, told } = await createStay();
    await stay.enter();
    const people = async () => (await client.meeting.get({ id: meetingId })).people;
    await stay.change({ name: 'Ada L.', avatar: 'bo' });
    expect(await people()).toMatchObject([{ name: 'Ada L.', avatar: 'bo' }]);
    await expect.poll(() => told).toContain('changed');
    await stay.enter();
    expect(await people()).toMatchObject([{ name: 'Ada L.', avatar: 'bo' }]);
  });

  it('a participant reports an endpoint, which a later stay of theirs keeps; a spectator has none to report', async () => {
    const { client, meetingId, stay } = await createStay();
    expect(await stay.claim({ endpointId: 'too-early' })).toBeNull();
    await stay.enter();
    const nonce = await stay.claim({ endpointId: '3cbc0949', occupantId: 'A+/=' });
    await stay.enter();
    const people = async () => (await client.meeting.get({ id: meetingId })).people;
    expect(await people()).toMatchObject([{ endpoint: { id: '3cbc0949', occupantId: 'A+/=', nonce } }]);
    const watching = new MeetingStay(client, { id: meetingId, role: 'spectator' });
    stays.push(watching);
    await watching.enter();
    expect(await watching.claim({ endpointId: '6d0ee1f2' })).toBeNull();
  });

  it('a refused change leaves name and avatar as they were', async () => {
    const { client, meetingId, stay } = await createStay();
    await stay.enter();
    await expect(stay.change({ name: 'Ada L.', avatar: 'nobody' })).rejects.toMatchObject({ reason: 'badInput' });
    await stay.enter();
    const { people } = await client.meeting.get({ id: meetingId });
    expect(people).toMatchObject([{ name: 'Ada', avatar: 'ada' }]);
  });

  it('the end of a stay is told once, however many heartbeats are on their way', async () => {
    const { meetingId, stay, told } = await createStay();
    await stay.enter();
    await expect.poll(() => told).toContain('snapshot');
    const other = await createStay([], meetingId);
    await other.stay.enter();
    for (let k = 0; k < 3; k += 1) stay.beat();
    await expect.poll(() => told).toContain('refused: replaced');
    await stay.check().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told.filter((type) => type === 'refused: replaced')).toHaveLength(1);
  });

  it('a stay is over when the same identity joins elsewhere', async () => {
    const { meetingId, stay, told } = await createStay();
    await stay.enter();
    const other = await createStay([], meetingId);
    await other.stay.enter();
    await expect.poll(() => told).toContain('refused: replaced');
  });

  it('a stay is over for somebody whom an operator has put out, who does not enter again', async () => {
    const { meetingId, stay, told } = await createStay();
    const { personId } = await stay.enter();
    await expect.poll(() => told).toContain('snapshot');
    await api.services.ops.removePerson({ opsToken: OPS_TOKEN, id: meetingId, personId }, { ip: '::1', origin: '' });
    await expect.poll(() => told).toContain('refused: forbidden');
    expect(told).not.toContain('expired');
    await expect(stay.enter()).rejects.toMatchObject({ reason: 'forbidden' });
  });

  it('leaving while entering frees the seat', async () => {
    const { client, meetingId, stay } = await createStay([300]);
    const entering = stay.enter();
    await stay.leave();
    await expect(entering).rejects.toMatchObject({ reason: 'ended' });
    await expect.poll(async () => (await client.meeting.get({ id: meetingId })).people).toEqual([]);
  });
});

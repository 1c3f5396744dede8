import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { createServices, type Services } from '@/server/services/services';
import { HUB_PLACE } from '@/server/services/tokens/jitsiCoordinates';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const caller = { ip: '192.0.2.1', origin: 'https://meet.example.org' };
const ada = { role: 'participant', name: 'Ada', avatar: 'ada' } as const;

let folder: string;
let services: Services | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-services-'));
});
afterEach(async () => {
  await services?.close();
  services = null;
  await rm(folder, { recursive: true, force: true });
});

async function start(settings: Record<string, string> = {}, store = new MemoryMeetingStore()): Promise<Services> {
  const env = readEnv({ DATA_DIR: folder, ...settings });
  services = await createServices(env, wallClock, silentLog, async () => store);
  return services;
}

async function joined(from: Services) {
  const { id } = await from.meetings.create({}, caller);
  return from.meetings.join({ id, ...ada }, caller);
}

describe('createServices', () => {
  it('a join gives a token and coordinates for the hub, and the admission accepts the token', async () => {
    const started = await start();
    const grant = await joined(started);
    expect(grant.jitsi).toMatchObject({
      libUrl: 'https://meet.example.org/libs/lib-jitsi-meet.min.js',
      xmppWebSocketUrl: 'wss://meet.example.org/xmpp-websocket',
      xmppDomain: HUB_PLACE.xmppDomain,
    });
    expect(await started.admission?.verify(grant.joinToken)).toMatchObject({
      ok: true,
      admitted: { room: grant.meeting.id, personId: grant.personId, name: 'Ada', role: 'participant' },
    });
  });

  it('a join token admits as long as the stay it was issued for lasts, also while others go on', async () => {
    const started = await start();
    const { id } = await started.meetings.create({}, caller);
    const [ghost, ann] = [
      await started.meetings.join({ id, ...ada }, caller),
      await started.meetings.join({ id, ...ada }, caller),
    ];
    await started.meetings.leave({ id, stayToken: ghost.stayToken }, caller);
    expect(await started.admission?.verify(ghost.joinToken)).toEqual({ ok: false, reason: 'tokenInvalid' });
    const admitted = await started.admission?.verify(ann.joinToken);
    expect(admitted).toMatchObject({ ok: true });
    const stayIds = [ghost, ann].map(({ joinToken }) => (decodeJwt(joinToken)['parley'] as { stay: string }).stay);
    const present = stayIds.map((stayId) => ({ room: id, stayId, heardAgoMs: 100 }));
    expect(await started.admission?.review(present)).toEqual([stayIds[0]]);
  });

  it('as a stock Jitsi the hub admits by the token alone, and is believed about identities only with mod_presence_identity', async () => {
    const started = await start({ HUB_AS: 'jicofo' });
    const grant = await joined(started);
    expect(grant.jitsi.identity).toBe('claimed');
    await started.meetings.leave({ id: grant.meeting.id, stayToken: grant.stayToken }, caller);
    expect(await started.admission?.verify(grant.joinToken)).toMatchObject({ ok: true });
    expect(await started.admission?.review([{ room: grant.meeting.id, stayId: 'over', heardAgoMs: 100 }])).toEqual([]);
    await started.close();
    expect((await joined(await start({ HUB_AS: 'jicofo+identity' }))).jitsi.identity).toBe('enforced');
  });

  it('meetings, seats and the secret survive a restart', async () => {
    const store = new MemoryMeetingStore();
    store.close = async () => {};
    const first = await start({}, store);
    const { id } = await first.meetings.create({}, caller);
    const identity = 'a secret of the client';
    const before = await first.meetings.join({ id, ...ada, identity }, caller);
    await first.close();
    const second = await start({}, store);
    const stay = { id, stayToken: before.stayToken };
    await second.meetings.heartbeat(stay, caller);
    expect((await second.admission?.verify(before.joinToken))?.ok).toBe(true);
    expect(await second.meetings.join({ id, ...ada, identity }, caller)).toMatchObject({
      seat: 0,
      personId: before.personId,
    });
  });

  it('a join gives a token and coordinates for a real deployment, which needs no admission', async () => {
    const secret = 'the secret of the app';
    const started = await start({
      JITSI_URL: 'https://jitsi.example.org/base',
      JITSI_XMPP_DOMAIN: 'meet.jitsi',
      JITSI_MUC_DOMAIN: 'muc.meet.jitsi',
      JITSI_APP_ID: 'parley-app',
      JITSI_APP_SECRET: secret,
      JITSI_JWT_AUDIENCE: 'jitsi',
    });
    const grant = await joined(started);
    expect(started.admission).toBeNull();
    expect(grant.jitsi).toEqual({
      libUrl: 'https://jitsi.example.org/base/libs/lib-jitsi-meet.min.js',
      xmppWebSocketUrl: 'wss://jitsi.example.org/base/xmpp-websocket',
      xmppDomain: 'meet.jitsi',
      mucDomain: 'muc.meet.jitsi',
      focusDomain: 'focus.meet.jitsi',
      room: grant.meeting.id,
      identity: 'claimed',
    });
    await jwtVerify(grant.joinToken, new TextEncoder().encode(secret), { issuer: 'parley-app', audience: 'jitsi' });
    expect(decodeJwt(grant.joinToken)).toMatchObject({ sub: 'meet.jitsi', room: grant.meeting.id });
  });

  it('a join gives no token for an open deployment', async () => {
    const grant = await joined(await start({ JITSI_URL: 'https://jitsi.example.org' }));
    expect(grant.joinToken).toBe('');
  });

  it("meetings keep to the operator's limits", async () => {
    const started = await start({ MAX_PARTICIPANTS: '4', INITIAL_QUALITY: 'medium' });
    expect((await started.meetings.create({}, caller)).meeting).toMatchObject({
      maxParticipants: 4,
      tier: { name: 'medium' },
    });
    await expect(started.meetings.create({ maxParticipants: 5 }, caller)).rejects.toMatchObject({ reason: 'badInput' });
  });

  it("a join gives the operator's bandwidth", async () => {
    const started = await start({ MAX_BANDWIDTH_BPS: '800000' });
    expect(await joined(started)).toMatchObject({ bandwidthMaxBps: 800_000 });
  });

  it('expired stays are swept without a call', async () => {
    const started = await start();
    const { id } = await started.meetings.create({}, caller);
    const { personId, stayToken } = await started.meetings.join({ id, ...ada }, caller);
    const left = new Promise((resolve) => started.meetings.events.on('left', resolve));
    await started.meetings.leave({ id, stayToken, closing: true }, caller);
    expect(await left).toMatchObject({ id, personId, reason: 'timeout' });
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ParleyApiError } from '@/lib/api';
import { readTimeline } from '@/lib/recording/timeline';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { HookReceiver } from '@/tools/drills/support/hookReceiver';
import { msUntil } from '@/tools/drills/support/listening';
import { openUrlSource } from '@/tools/recording/urlSource';
import { atMost, CannotCheck, type Check, type CheckedSite, exactly } from './check';

const SEATS = 16;
const FEW = 4;
const ASKED = 32;
/** An answer of the API. */
const ANSWER_MAX_MS = 2_000;
const PATIENCE_MS = 60_000;
const MEET_MAX_MS = 15_000;
const POSE_AGE_MAX_MS = 500;
/** How long sixteen send before they are measured, and while they are. */
const SETTLE_MS = 4_000;
const MEASURE_MS = 6_000;
const RECORDED_MS = 4_000;
const BACK_MAX_MS = 8_000;
const ALERT_MAX_MS = 15_000;
const POSES_BACK = 5;

/** The reason of the API's refusal; rejects if there is none. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ParleyApiError) return error.reason;
    throw error;
  }
  throw new Error('The site took what it has to refuse.');
}

/** Does what the API may ask to wait with, as often as it asks, for a minute. */
async function patiently<Result>(call: () => Promise<Result>): Promise<Result> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ParleyApiError) || error.reason !== 'tooManyRequests') throw error;
      if (performance.now() > untilMs) throw error;
      await sleep(error.retryAfterMs ?? 1_000);
    }
  }
}

async function seatBots(site: CheckedSite, meetingId: string, count: number): Promise<BotParticipant[]> {
  const { url, client } = site;
  const bots = Array.from(
    { length: count },
    (_, k) => new BotParticipant({ url, client, meetingId, name: `Check ${k + 1}`, sharesClock: true }),
  );
  site.after(() => Promise.all(bots.map((bot) => bot.leave())));
  await Promise.all(bots.map((bot) => bot.join()));
  return bots;
}

const hears = (bot: BotParticipant, others: number, poses: number) =>
  bot.received().filter((other) => other.poses >= poses).length >= others;

/** Lets `wanted` bots meet, or as many as the site has seats for. */
async function meet(site: CheckedSite, wanted: number) {
  const created = await patiently(() => site.client.meeting.create({ title: 'A check of this site' }));
  const { id, hostToken } = created;
  const meeting = { id, hostToken };
  const count = Math.min(wanted, created.meeting.maxParticipants);
  site.after(() => site.client.meeting.end(meeting));
  const beganMs = performance.now();
  const bots = await seatBots(site, meeting.id, count);
  const allHear = () => bots.every((bot) => hears(bot, count - 1, 1));
  await msUntil('all see each other', allHear, MEET_MAX_MS * 2);
  return { meeting, bots, metMs: performance.now() - beganMs };
}

const create: Check = {
  name: 'create',
  what: 'a meeting is created, and can be looked up',
  async run({ client, after }) {
    const beganMs = performance.now();
    const { id, hostToken } = await client.meeting.create();
    after(() => client.meeting.end({ id, hostToken }));
    await client.meeting.get({ id });
    return [atMost(performance.now() - beganMs, ANSWER_MAX_MS, 'ms')];
  },
};

const exists: Check = {
  name: 'exists',
  what: 'a name that is taken is refused',
  async run({ client, after }) {
    const { id, hostToken } = await client.meeting.create();
    after(() => client.meeting.end({ id, hostToken }));
    return [exactly((await refusalOf(client.meeting.create({ id }))) === 'exists' ? 1 : 0, 1, 'refusals')];
  },
};

const notFound: Check = {
  name: 'not-found',
  what: 'a meeting that was never created is not found',
  async run({ client }) {
    const id = `check-${Math.random().toString(36).slice(2, 12)}`;
    return [exactly((await refusalOf(client.meeting.get({ id }))) === 'notFound' ? 1 : 0, 1, 'refusals')];
  },
};

const joinMany: Check = {
  name: 'join-many',
  what: 'four people join at once and see each other move',
  async run(site) {
    const { metMs } = await meet(site, FEW);
    return [atMost(metMs, MEET_MAX_MS, 'ms')];
  },
};

/** What one of the bots receives of all others on the wire, envelope modelled, in kilobits a second. */
function receivedKbps(bots: readonly BotParticipant[]): number {
  const sent = bots.slice(1).map((bot) => bot.stats().sending?.wireBps ?? 0);
  return sent.reduce((sum, bps) => sum + bps, 0) / 1000;
}

const bandwidth: Check = {
  name: 'bandwidth',
  what: 'sixteen people stay within what one may receive, and are seen in time',
  async run(site) {
    const { bots, meeting } = await meet(site, SEATS);
    await sleep(SETTLE_MS + MEASURE_MS);
    const ages = bots.flatMap((bot) => bot.stats().others.flatMap(({ poseAgeMs }) => poseAgeMs?.p95 ?? []));
    const { bandwidthMaxBps } = await patiently(() => site.client.meeting.join({ id: meeting.id, role: 'spectator' }));
    return [
      atMost(receivedKbps(bots), bandwidthMaxBps / 1000, 'kbps'),
      atMost(ages.sort((a, b) => a - b)[Math.ceil(ages.length * 0.95) - 1] ?? Number.NaN, POSE_AGE_MAX_MS, 'ms'),
    ];
  },
};

const limit: Check = {
  name: 'limit',
  what: 'of 32 who want a seat at once exactly as many get one as there are',
  async run({ client, after }) {
    const { id, hostToken, meeting } = await patiently(() => client.meeting.create());
    after(() => client.meeting.end({ id, hostToken }));
    const ask = (k: number) => patiently(() => client.meeting.join({ id, role: 'participant', name: `Check ${k}` }));
    const asked = await Promise.allSettled(Array.from({ length: ASKED }, (_, k) => ask(k)));
    const failed = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    const other = failed.find((error) => !(error instanceof ParleyApiError) || error.reason !== 'full');
    if (other) throw other;
    return [exactly(ASKED - failed.length, Math.min(meeting.maxParticipants, ASKED), 'seats')];
  },
};

const recording: Check = {
  name: 'recording',
  what: 'a meeting is recorded, can be opened, and is gone once it is deleted',
  async run(site) {
    const { client } = site;
    const { meeting } = await meet(site, 2);
    const { id } = await client.recording.start(meeting);
    await sleep(RECORDED_MS);
    const { replayUrl } = await client.recording.stop(meeting);
    const { timeline } = await readTimeline(await openUrlSource(replayUrl ?? ''));
    const people = timeline.people.filter(({ poses }) => poses > 0).length;
    await client.recording.delete({ id, hostToken: meeting.hostToken });
    const isGone = await openUrlSource(replayUrl ?? '').then(
      () => 0,
      () => 1,
    );
    return [exactly(people, 2, 'people'), exactly(isGone, 1, 'deleted')];
  },
};

const recovery: Check = {
  name: 'recovery',
  what: 'somebody whose pose channel or XMPP connection is cut is back by themselves',
  async run(site) {
    const { bots, meeting } = await meet(site, 2);
    const bot = bots[0]!;
    const heard = () => bot.received().reduce((sum, { poses }) => sum + poses, 0);
    bot.transport.cutChannel();
    const before = heard();
    const channelMs = await msUntil('poses again', () => heard() >= before + POSES_BACK, MEET_MAX_MS * 2);
    // Poses go on without XMPP, but a newcomer is seen only by it.
    const cutAtMs = performance.now();
    bot.transport.cutXmpp();
    await seatBots(site, meeting.id, 1);
    await msUntil('the newcomer', () => hears(bot, 2, 1), MEET_MAX_MS * 2);
    return [atMost(channelMs, BACK_MAX_MS, 'ms'), atMost(performance.now() - cutAtMs, BACK_MAX_MS, 'ms')];
  },
};

/** The address of this machine in the network towards the site, where that can call back. */
async function ownAddress(siteUrl: string): Promise<string> {
  const { protocol, hostname, port } = new URL(siteUrl);
  const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''));
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
    return socket.localAddress!;
  } finally {
    socket.destroy();
  }
}

/** Asks the site for a test alert. @throws Error with the site's sentence */
async function askForAlert(siteUrl: string, opsToken: string, url: string): Promise<void> {
  const response = await fetch(`${siteUrl}/api/trpc/ops.testAlert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ opsToken, url }),
  });
  if (response.ok) return;
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: { readonly message: string } };
  throw new Error(error?.message ?? `The site answers ${response.status}.`);
}

const alert: Check = {
  name: 'alert',
  what: 'an alert reaches a receiver here, and so does its end',
  async run({ url, opsToken, after }) {
    if (opsToken === null) {
      throw new CannotCheck(
        'needs the operators’ token: --ops-token, OPS_TOKEN, or DATA_DIR on the site’s own machine',
      );
    }
    const receiver = await HookReceiver.start(await ownAddress(url));
    after(() => receiver.close());
    const beganMs = performance.now();
    await askForAlert(url, opsToken, receiver.url);
    const has = (status: string) => () => receiver.received.some(({ body }) => JSON.parse(body).status === status);
    await msUntil('an alert', has('firing'), ALERT_MAX_MS * 2);
    const firingMs = performance.now() - beganMs;
    await msUntil('its end', has('resolved'), ALERT_MAX_MS * 2);
    return [atMost(firingMs, ALERT_MAX_MS, 'ms')];
  },
};

/** Every line of the list, in order. */
export const CHECKS: readonly Check[] = [
  create,
  exists,
  notFound,
  joinMany,
  bandwidth,
  limit,
  recording,
  recovery,
  alert,
];

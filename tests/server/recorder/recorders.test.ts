import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { LiveState } from '@/lib/core/recording';
import { openSegment } from '@/lib/recording/segmentReader';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { encodeTone, readOpus, wrapOpus } from '@/tests/lib/transport/headless/madeVoice';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { runRecordingCommand } from '@/tools/recording/recordingCommand';
import { startRecordingSite } from './recordingSite';

const SOON = { timeout: 30_000, interval: 100 };
const PEOPLE = 3;
const DAY_MS = 86_400_000;
/** The second itself, and what it takes to keep it. */
const SEGMENT_BEHIND_MAX_MS = 1_500;

describe.each([
  ['the hub', { isStock: false }],
  ['a Jitsi deployment as it comes', { isStock: true }],
] as const)('recordings of %s', (_place, kind) => {
  let site: Awaited<ReturnType<typeof startRecordingSite>>;
  let voice: OpusSource;
  const bots: BotParticipant[] = [];
  beforeAll(async () => {
    site = await startRecordingSite(kind);
    voice = await readOpus(await wrapOpus(encodeTone(2), 'ogg'));
  }, 60_000);
  afterEach(() => Promise.all(bots.splice(0).map((bot) => bot.leave())));
  afterAll(() => site.close());

  async function command(...args: string[]) {
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    const status = await runRecordingCommand(args, output);
    return { status, json: said.out ? JSON.parse(said.out) : null, err: said.err };
  }
  const inspect = async (address: string) => (await command('inspect', address, '--json')).json;

  async function meet(count: number) {
    const client = createParleyClient({ url: site.url });
    const { id, hostToken } = await client.meeting.create();
    for (let k = 0; k < count; k += 1) {
      const bot = new BotParticipant({ url: site.url, meetingId: id, name: `Bot ${k}`, voice, sharesClock: true });
      bots.push(bot);
      await bot.join();
    }
    const asHost = ['--url', site.url, '--id', id, '--host-token', hostToken];
    return { client, id, hostToken, asHost };
  }

  it('a meeting is recorded from the command line: everybody’s poses and voices, watched by a link, until it is deleted', async () => {
    const { client, id, hostToken, asHost } = await meet(PEOPLE);
    const heard: MeetingEvent[] = [];
    const stopEvents = client.meeting.events({ id }, { onEvent: (event) => heard.push(event) });
    await expect.poll(() => heard.length, SOON).toBeGreaterThan(0);
    const started = await command('start', ...asHost);
    expect(started).toMatchObject({
      status: 0,
      json: { id: expect.stringMatching(/^[0-9a-f]{32}$/), state: 'recording' },
    });
    const own = { id: started.json.id as string, hostToken };
    const { replayUrl } = await client.recording.get(own);
    type Person = { name: string; poses: number; voicePackets: number };
    const complete = (people: readonly Person[]) =>
      people.filter((person) => person.poses > 0 && person.voicePackets > 0);
    // A viewer reads what is kept while more is added.
    await expect.poll(async () => complete((await inspect(replayUrl!))?.people ?? []).length, SOON).toBe(PEOPLE);

    // The newest segment is there for those who watch it as it is made, a moment after its second.
    const { filesUrl } = await client.recording.live({ id });
    const live = async () => (await (await fetch(`${filesUrl}live.json`)).json()) as LiveState;
    const behindMs = ({ serverMs, startedAtMs, newest }: LiveState) => serverMs - startedAtMs - 1000 * (newest! + 1);
    await expect.poll(async () => behindMs(await live()), SOON).toBeLessThan(SEGMENT_BEHIND_MAX_MS);
    const { newest } = await live();
    const fileName = `${String(newest).padStart(6, '0')}.bin`;
    const segment = await fetch(`${filesUrl}${fileName}`);
    expect(segment.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(openSegment(new Uint8Array(await segment.arrayBuffer())).number).toBe(newest);

    const stopped = await command('stop', ...asHost);
    expect(stopped).toMatchObject({ status: 0, json: { id: own.id, state: 'ready', replayUrl: expect.any(String) } });
    expect(stopped.json.durationS).toBeGreaterThan(1);
    expect(stopped.json.sizeBytes).toBe(await site.storage.sizeOf(own.id, 'segments'));
    const report = await inspect(stopped.json.replayUrl);
    expect(report).toMatchObject({ id: own.id, meetingId: id, complete: true, takes: 1, damagedBytes: 0 });
    expect(
      complete(report.people)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(bots.map((_, k) => `Bot ${k}`).sort());
    expect((await command('list', ...asHost)).json).toMatchObject([{ id: own.id, state: 'ready' }]);
    const changes = () => heard.flatMap((event) => (event.type === 'recording' ? [event.change] : []));
    await expect.poll(changes, SOON).toEqual(['started', 'stopped', 'ready']);
    stopEvents();

    const shared = await command('share', '--url', site.url, '--id', own.id, '--host-token', hostToken, '--days', '2');
    expect(Date.parse(shared.json.expiresAt) - Date.now()).toBeGreaterThan(2 * DAY_MS);
    const watched = await client.recording.get({ id: own.id, right: shared.json.right });
    expect(watched).toMatchObject({ state: 'ready', replayUrl: shared.json.replayUrl, failure: null });
    const head = await fetch(`${watched.filesUrl}segments`, { headers: { range: 'bytes=0-3' } });
    expect([head.status, await head.text()]).toEqual([206, 'PSEG']);
    expect(head.headers.get('cache-control')).toBe('private, max-age=3600');
    const again = await fetch(`${watched.filesUrl}${fileName}`);
    expect([again.status, again.headers.get('cache-control')]).toEqual([200, 'private, max-age=3600']);
    const early = await fetch(`${watched.filesUrl}009999.bin`);
    expect([early.status, early.headers.get('cache-control')]).toEqual([404, 'no-store']);
    const forged = shared.json.right.replace(/.{22}$/, 'A'.repeat(22));
    const refused = { reason: 'forbidden' };
    await expect(client.recording.get({ id: own.id, right: forged })).rejects.toMatchObject(refused);
    await expect(client.recording.delete({ id: own.id, right: shared.json.right })).rejects.toMatchObject(refused);
    expect((await fetch(`${site.url}/b/${forged}/segments`)).status).toBe(403);

    const stranger = ['--url', site.url, '--id', own.id, '--host-token', 'a guess'];
    expect(await command('delete', ...stranger)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^Only the host/),
    });
    const deleted = await command('delete', '--url', site.url, '--id', own.id, '--host-token', hostToken);
    expect(deleted).toMatchObject({ status: 0, json: { id: own.id, deleted: true } });
    expect(await site.storage.list()).toEqual([]);
    for (const link of [stopped.json.replayUrl, shared.json.replayUrl]) {
      expect((await command('inspect', link, '--json')).err).toMatch(/the server answers 404/);
    }
    expect(site.hub.errors).toEqual([]);
  }, 90_000);

  it('a recorder whose thread dies goes on as the next take, and loses no more than its last moment', async () => {
    const { client, hostToken, asHost } = await meet(2);
    const begun = await command('start', ...asHost);
    expect(begun).toMatchObject({ status: 0, err: '' });
    const { id } = begun.json;
    const own = { id: id as string, hostToken };
    const kept = async () => (await client.recording.get(own)).durationS;
    await expect.poll(kept, SOON).toBeGreaterThanOrEqual(2);
    await site.killThread();
    const before = await kept();
    await expect.poll(kept, SOON).toBeGreaterThanOrEqual(before + 3);
    const { json } = await command('stop', ...asHost);
    const report = await inspect(json.replayUrl);
    expect(report).toMatchObject({ complete: true, takes: 2, damagedBytes: 0 });
    expect(report.people.filter((person: { poses: number }) => person.poses > 0)).toHaveLength(2);
  }, 90_000);
});

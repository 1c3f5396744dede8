import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concat, makeRecording, voiceRun } from '@/tests/lib/recording/recordingWorld';
import { runRecordingCommand } from '@/tools/recording/recordingCommand';

/** Three seconds of Ana. */
function threeSeconds() {
  const made = makeRecording();
  made.writer.appendEvent(0, {
    kind: 'recordingStarted',
    by: null,
    meetingId: 'team',
    title: 'Team',
    consent: 'notice',
  });
  made.writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
  made.write(voiceRun('ana', 100, 500));
  made.writer.appendEvent(2750, { kind: 'recordingStopped', by: null, reason: 'host' });
  made.writer.end(2750);
  return made;
}

describe('the recording command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-recording-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;

  function file(bytes: Uint8Array): string {
    files += 1;
    const path = join(folder, `${files}.parley`);
    writeFileSync(path, bytes);
    return path;
  }

  async function run(...args: string[]) {
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    return { status: await runRecordingCommand(args, output), ...said };
  }

  it('recording inspect prints a recording as JSON', async () => {
    const bytes = threeSeconds().bytes();
    const { status, out } = await run('inspect', file(bytes), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      id: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
      meetingId: 'team',
      title: 'Team',
      startedAt: '2026-01-02T03:04:05.678Z',
      durationS: 2.75,
      segments: 3,
      sizeBytes: bytes.length,
      takes: 1,
      people: [{ id: 'ana', name: 'Ana', poses: 0, voicePackets: 100, fromS: 0, toS: 2.48 }],
      screens: 0,
      messages: 0,
      chapters: [],
      events: 4,
      skipped: 0,
      damagedBytes: 0,
      complete: true,
    });
  });

  it('recording inspect prints a recording for people', async () => {
    const { out } = await run('inspect', file(threeSeconds().bytes()));
    expect(out).toMatch(/^Team, 2026-01-02T03:04:05.678Z$/m);
    expect(out).toMatch(/00:00:02 in 3 segments, 1 takes/);
    expect(out).toMatch(/Ana: 00:00:00 to 00:00:02, 0 pose packets, 100 voice packets/);
    expect(out).toMatch(/complete$/);
  });

  it('recording verify tells a whole recording from a damaged, a torn and an unfinished one', async () => {
    const made = threeSeconds();
    const bytes = made.bytes();
    expect(await run('verify', file(bytes))).toEqual({ status: 0, out: 'complete', err: '' });
    const damaged = bytes.slice();
    damaged[made.rows[1]!.atByte + 50]! ^= 1;
    expect(await run('verify', file(damaged))).toMatchObject({
      status: 1,
      out: `${made.rows[1]!.sizeBytes} bytes are damaged or torn`,
    });
    expect(await run('verify', file(concat(made.segments.slice(0, 2))))).toMatchObject({
      status: 1,
      out: 'not ended, or segments are missing',
    });
  });

  it('recording repair saves the whole segments and never writes over a file', async () => {
    const made = threeSeconds();
    const bytes = made.bytes();
    bytes[made.rows[1]!.atByte + 50]! ^= 1;
    const out = join(folder, 'repaired.parley');
    const path = file(bytes);
    expect(await run('repair', path, '--out', out)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^2 segments/),
    });
    expect(new Uint8Array(readFileSync(out))).toEqual(concat([made.segments[0]!, made.segments[2]!]));
    expect(await run('repair', path, '--out', out)).toMatchObject({ status: 2, err: expect.stringMatching(/already/) });
    expect(await run('repair', path, '--out', join(folder, 'no', 'x'))).toMatchObject({ status: 2 });
  });

  it('recording has a sentence for what is no recording, a missing file and wrong arguments', async () => {
    expect(await run('inspect', file(new Uint8Array(100)))).toMatchObject({
      status: 1,
      err: 'This is not a Parley recording. Choose a .parley file.',
    });
    expect(await run('inspect', join(folder, 'missing.parley'))).toMatchObject({
      status: 2,
      err: expect.stringMatching(/cannot be read/),
    });
    expect(await run('repair', file(threeSeconds().bytes()))).toMatchObject({ status: 2 });
    for (const args of [[], ['dance', 'x'], ['inspect'], ['inspect', 'a', 'b'], ['verify', 'a', '--loudly']]) {
      expect(await run(...args)).toMatchObject({ status: 2, err: expect.stringMatching(/Usage: /) });
    }
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { parseBvh } from '@/lib/motion/parseBvh';
import { bodyPoses, record, sent } from '@/tests/lib/export/motionWorld';
import { makeRecording } from '@/tests/lib/recording/recordingWorld';
import { readExportCommand, runExportCommand } from '@/tools/recording/exportCommand';
import { runRecordingCommand } from '@/tools/recording/recordingCommand';

describe('recording export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-export-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;

  const path = (ending: string) => {
    files += 1;
    return join(folder, `${files}.${ending}`);
  };

  /** A file with four seconds of people who move. */
  function recordingOf(...people: readonly string[]): string {
    const made = makeRecording();
    made.writer.appendEvent(0, { kind: 'joined', person: 'cy', name: 'Cy', avatar: 'ada', seat: 7 });
    made.writer.appendEvent(0, { kind: 'chat', person: 'cy', text: 'Hello' });
    people.forEach((name, seat) => {
      const personId = name.toLowerCase();
      made.writer.appendEvent(0, { kind: 'joined', person: personId, name, avatar: 'ada', seat });
      record(made, sent({ personId, poses: bodyPoses(4) }));
    });
    made.writer.end(4500);
    const file = path('parley');
    writeFileSync(file, made.bytes());
    return file;
  }

  async function run(...args: string[]) {
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    return { status: await runRecordingCommand(['export', ...args], output), ...said };
  }

  it('recording export writes the motion of the only person who moved, of the time asked for', async () => {
    const out = path('bvh');
    const args = ['--to', 'bvh', '--from', '1', '--until', '3.5', '--out', out];
    const { status, out: said, err } = await run(recordingOf('Ana'), ...args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(said).toMatch(/written, \d+\.\d\d MB\.$/);
    expect(parseBvh(readFileSync(out, 'utf8')).frameCount).toBe(76);
  });

  it('recording export takes a number after --to for the end, and reports as JSON', async () => {
    const out = path('bvh');
    const args = ['--from', '1', '--to', '3.5', '--to', 'bvh', '--json', '--out', out];
    const { status, out: said } = await run(recordingOf('Ana'), ...args);
    expect(status).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(JSON.parse(said)).toEqual({ path: out, format: 'bvh', sizeBytes: text.length });
    expect(parseBvh(text).frameCount).toBe(76);
  });

  it('recording export finds a person by name or id, and asks which one is meant', async () => {
    const file = recordingOf('Ana', 'Ben');
    for (const person of ['Ben', 'ben']) {
      const out = path('vrma');
      expect(await run(file, '--to', 'vrma', '--person', person, '--out', out)).toMatchObject({ status: 0 });
      expect(readFileSync(out).toString('latin1', 0, 4)).toBe('glTF');
    }
    const refusals: ReadonlyArray<readonly [args: readonly string[], sentence: string]> = [
      [[], 'Choose one person, by name or id: Ana (ana), Ben (ben). Name them with --person.'],
      [
        ['--person', 'Dee'],
        'There is no such person. Choose one of those who have moved: Ana (ana), Ben (ben). Name them with --person.',
      ],
    ];
    for (const [args, err] of refusals) {
      const out = path('vrma');
      expect(await run(file, '--to', 'vrma', ...args, '--out', out)).toMatchObject({ status: 2, err });
      expect(existsSync(out)).toBe(false);
    }
  });

  it('recording export puts a motion into an avatar: that of the person, or another file', async () => {
    const sizes: number[] = [];
    for (const args of [[], ['--avatar', 'public/models/ada-lod2.vrm']]) {
      const out = path('glb');
      expect(await run(recordingOf('Ana'), '--to', 'glb', ...args, '--out', out)).toMatchObject({ status: 0 });
      expect(inspectAvatar(readFileSync(out)).report.kind).toBe('vrm1');
      sizes.push(readFileSync(out).length);
    }
    expect(sizes[0]).toBeGreaterThan(2 * sizes[1]!);
    const wrong = ['--to', 'glb', '--avatar', recordingOf('Ana'), '--out', path('glb')];
    expect(await run(recordingOf('Ana'), ...wrong)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/--avatar/),
    });
  });

  it('recording export writes chat as WebVTT', async () => {
    const out = path('vtt');
    expect(await run(recordingOf(), '--to', 'vtt', '--out', out)).toMatchObject({ status: 0 });
    expect(readFileSync(out, 'utf8')).toMatch(/^WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n<v Cy>Hello\n$/);
  });

  it('recording export has a sentence for every wrong argument and never writes over a file', async () => {
    const file = recordingOf('Ana');
    const out = path('vrma');
    writeFileSync(out, 'kept');
    expect(await run(file, '--to', 'vrma', '--out', out)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/already/),
    });
    expect(readFileSync(out, 'utf8')).toBe('kept');
    expect(await run(file, '--to', 'fbx', '--out', path('fbx'))).toMatchObject({
      status: 2,
      err: expect.stringMatching(/export needs --to/),
    });
    expect(await run(file, '--to', 'vrma')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/export needs --out/),
    });
    const late = ['--to', 'vrma', '--from', '100', '--out', path('vrma')];
    expect(await run(file, ...late)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/nothing of Ana in that time.*--until/),
    });
    const backwards = ['--to', 'vrma', '--from', '3', '--until', '2', '--out', path('vrma')];
    expect(await run(file, ...backwards)).toMatchObject({ status: 2, err: '--until must be later than --from.' });
    const nowhere = ['--to', 'vtt', '--out', join(folder, 'none', 'a.vtt')];
    expect(await run(file, ...nowhere)).toMatchObject({ status: 2, err: expect.stringMatching(/cannot be written/) });
    const wrong = ['--to', 'vrma', '--from', 'soon', '--out', path('vrma')];
    expect(await run(file, ...wrong)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/--from must be seconds/),
    });
    expect(await run(recordingOf(), '--to', 'bvh', '--out', path('bvh'))).toMatchObject({
      status: 2,
      err: expect.stringMatching(/No one in this recording has moved/),
    });
  });

  it('a cancelled export leaves no file, and says so', async () => {
    const cancel = new AbortController();
    const whole = makeRecording();
    record(whole, sent({ poses: bodyPoses(8) }));
    whole.writer.end(9000);
    const bytes = whole.bytes();
    let reads = 0;
    const source = {
      sizeBytes: bytes.length,
      read: async (atByte: number, sizeBytes: number) => {
        reads += 1;
        // The first read is of the whole recording; the next are of segments.
        if (reads === 4) cancel.abort();
        return bytes.subarray(atByte, atByte + sizeBytes);
      },
    };
    const out = path('vrma');
    const command = readExportCommand(['export', 'any', '--to', 'vrma', '--out', out])!;
    const said: string[] = [];
    const output = { print: (text: string) => said.push(text), complain: (text: string) => said.push(text) };
    expect(await runExportCommand(command, source, output, cancel.signal)).toBe(130);
    expect(said).toEqual(['Cancelled. Nothing was written.']);
    expect(
      readdirSync(folder).filter((name) => name.includes('.vrma') && name.includes(out.slice(folder.length + 1))),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { writeVtt } from '@/lib/export/webVtt';
import { memorySource } from '@/lib/recording/byteSource';
import { readTimeline } from '@/lib/recording/timeline';
import { makeRecording } from '@/tests/lib/recording/recordingWorld';

async function timeline() {
  const { writer, bytes } = makeRecording();
  writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana & Co', avatar: 'ada', seat: 0 });
  writer.appendEvent(0, { kind: 'joined', person: 'ben', name: '', avatar: 'hari', seat: 1 });
  writer.appendEvent(1000, { kind: 'speaking', person: 'ana', isSpeaking: true });
  writer.appendEvent(2000, { kind: 'chapter', title: 'One' });
  writer.appendEvent(2500, { kind: 'chat', person: 'ben', text: 'a < b --> c\n\n00:00 & more ' });
  writer.appendEvent(3250, { kind: 'speaking', person: 'ana', isSpeaking: false });
  writer.appendEvent(3500, { kind: 'chat', person: 'ana', text: ' \n ' });
  writer.appendEvent(8000, { kind: 'chapter', title: 'Two' });
  writer.appendEvent(3_600_000, { kind: 'chat', person: 'ana', text: 'Late' });
  writer.appendEvent(3_600_500, { kind: 'recordingStopped', by: null, reason: 'host' });
  writer.end(3_600_500);
  return (await readTimeline(memorySource(bytes()))).timeline;
}

describe('WebVTT', () => {
  it('chat and speaking are cues with names, in order, and no text can end a cue', async () => {
    expect(writeVtt(await timeline(), ['chat', 'speaking'])).toBe(
      [
        'WEBVTT\n',
        '00:00:01.000 --> 00:00:03.250\n<v Ana &amp; Co>Ana &amp; Co\n',
        '00:00:02.500 --> 00:00:07.500\n<v ?>a &lt; b --&gt; c 00:00 &amp; more\n',
        '01:00:00.000 --> 01:00:05.000\n<v Ana &amp; Co>Late\n',
      ].join('\n'),
    );
  });

  it('chapters last until the next one', async () => {
    expect(writeVtt(await timeline(), ['chapters'])).toBe(
      'WEBVTT\n\n00:00:02.000 --> 00:00:08.000\nOne\n\n00:00:08.000 --> 01:00:00.500\nTwo\n',
    );
  });

  it('times count from the moment that is asked for, and what was over by then is left out', async () => {
    expect(writeVtt(await timeline(), ['chat', 'speaking'], { startMs: 3000 })).toBe(
      [
        'WEBVTT\n',
        '00:00:00.000 --> 00:00:00.250\n<v Ana &amp; Co>Ana &amp; Co\n',
        '00:00:00.000 --> 00:00:04.500\n<v ?>a &lt; b --&gt; c 00:00 &amp; more\n',
        '00:59:57.000 --> 01:00:02.000\n<v Ana &amp; Co>Late\n',
      ].join('\n'),
    );
  });
});

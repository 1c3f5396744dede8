import { hasVersion, isKeyframe, timeOf } from '@/lib/codec/packetHeader';
import type { MeetingEvent, SeatedPerson } from '@/lib/core/meeting';
import type { RecordedEvent } from '@/lib/recording/events';
import type { TrackKindName } from '@/lib/recording/format';
import { RecordingWriter, type ResumePoint } from '@/lib/recording/recordingWriter';
import type { WriterTrack, WrittenSegment } from '@/lib/recording/segmentWriter';
import { unwrapPacket } from '@/lib/transport/bridgeMessage';
import { audioLevelDb, rtpSsrc } from '@/server/hub/media/rtp/rtpHeader';
import type { RecordingOrder } from './recorderContract';
import { readScreen, readVoice } from './rtpMedia';
import { ScreenOrder } from './screenOrder';
import { SpeakingMeter } from './speakingMeter';
import type { TapListener, TapSender } from './tapChunk';

/** A pose packet is at most this long (`lib/codec`). */
const POSE_MAX_BYTES = 2048;
/** A shared screen of which nothing comes for this long is over: a still one sends several frames a second. */
const SCREEN_SILENT_MS = 5000;

export interface MeetingRecordingParts {
  readonly order: RecordingOrder;
  /** Where an interrupted recording goes on. */
  readonly resume: ResumePoint | undefined;
  readonly onSegment: (segment: WrittenSegment) => void;
}

/** A shared screen. */
interface Screen {
  readonly ssrc: number;
  readonly order: ScreenOrder;
  /** When the last fragment came. */
  atMs: number;
}

/** A recorded person. */
interface Recorded {
  view: SeatedPerson;
  /** By endpoint, for poses, and by SSRC: each source has sequence numbers and a clock of its own. */
  readonly tracks: Map<string | number, WriterTrack>;
  readonly speaking: SpeakingMeter;
  isSpeaking: boolean;
  /** Null while they share none. */
  screen: Screen | null;
}

/**
 * Writes one meeting: what its people send, and what happens to them. Times are ms since the recording began. Who has not
 * agreed is left out where people are asked.
 */
export class MeetingRecording implements TapListener {
  private readonly writer: RecordingWriter;
  private readonly people = new Map<string, Recorded>();
  private readonly packet = new Uint8Array(POSE_MAX_BYTES);
  private readonly asks: boolean;

  constructor(parts: MeetingRecordingParts, nowMs: number) {
    const { id, startedAtMs, meetingId, title, consent, people, resumes } = parts.order;
    const { resume, onSegment } = parts;
    this.asks = consent === 'ask';
    const recordingId = Buffer.from(id, 'hex');
    this.writer = new RecordingWriter({ recordingId, startedAtMs, onSegment, ...(resume && { resume }) });
    const mode = this.asks ? 'ask' : 'notice';
    // The order takes a moment to come: without this a replay would begin in an empty room.
    const beganMs = resumes ? nowMs : 0;
    if (!resume) this.event(beganMs, { kind: 'recordingStarted', by: null, meetingId, title, consent: mode });
    this.setPeople(beganMs, people);
  }

  /** What has changed in the meeting. */
  follow(nowMs: number, event: MeetingEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.setPeople(nowMs, event.meeting.people);
        break;
      case 'joined':
      case 'changed':
        this.setPerson(nowMs, event.person);
        break;
      case 'left':
        this.remove(nowMs, event.personId, event.reason);
    }
  }

  onMessage({ endpointId, personId }: TapSender, timeMs: number, message: Buffer): void {
    const person = this.people.get(personId);
    if (!person) return;
    const sizeBytes = unwrapPacket(payloadOf(message), this.packet);
    const packet = this.packet.subarray(0, Math.max(0, sizeBytes));
    if (packet.length === 0 || !hasVersion(packet)) return;
    const isKey = isKeyframe(packet);
    const track = this.trackOf('pose', person, endpointId);
    this.writer.appendPose(track, timeMs, packet, isKey, isKey ? timeOf(packet) : -1);
  }

  onRtp({ personId }: TapSender, timeMs: number, kind: 'audio' | 'video', header: Buffer, payload: Buffer): void {
    const person = this.people.get(personId);
    if (!person) return;
    if (kind === 'audio') this.takeVoice(person, timeMs, header, payload);
    else this.takeScreen(person, timeMs, header, payload);
  }

  /** Ends what has become silent, and the segments that are over. */
  advance(nowMs: number): void {
    for (const person of this.people.values()) {
      person.speaking.sweep(nowMs);
      this.noteSpeaking(person, nowMs);
      person.screen?.order.sweep(nowMs);
      if (person.screen && nowMs - person.screen.atMs > SCREEN_SILENT_MS) this.endScreen(person, nowMs);
    }
    this.writer.advance(nowMs);
  }

  /** Ends the recording. */
  end(nowMs: number, reason: string): void {
    this.event(nowMs, { kind: 'recordingStopped', by: null, reason });
    this.writer.end(nowMs);
  }

  private takeVoice(person: Recorded, timeMs: number, header: Buffer, payload: Buffer): void {
    const voice = readVoice(header, payload);
    if (!voice) return;
    const { sequence, timestamp, hasMarker, opus } = voice;
    const track = this.trackOf('voice', person, rtpSsrc(header));
    this.writer.appendVoice(track, timeMs, opus, sequence, timestamp, hasMarker);
    person.speaking.note(audioLevelDb(header), timeMs);
    this.noteSpeaking(person, timeMs);
  }

  private takeScreen(person: Recorded, timeMs: number, header: Buffer, payload: Buffer): void {
    const fragment = readScreen(header, payload);
    if (!fragment) return;
    const { screen } = person;
    const isAnother = !fragment.isAgain && screen?.ssrc !== rtpSsrc(header);
    const current = isAnother ? this.beginScreen(person, timeMs, rtpSsrc(header)) : screen;
    // What is sent again has an SSRC of its own, and belongs to what there is.
    if (!current) return;
    current.atMs = timeMs;
    current.order.add(timeMs, fragment);
  }

  private beginScreen(person: Recorded, timeMs: number, ssrc: number): Screen {
    const track = this.trackOf('screen', person, ssrc);
    this.event(timeMs, { kind: 'screen', person: person.view.id, track: track.id });
    const order = new ScreenOrder((atMs, { sequence, timestamp, vp8, isFirst, isLast }, isKey) => {
      this.writer.appendFragment(track, atMs, vp8, sequence, timestamp, { isFirst, isLast, isKeyframe: isKey });
    });
    person.screen = { ssrc, order, atMs: timeMs };
    return person.screen;
  }

  private endScreen(person: Recorded, nowMs: number): void {
    if (!person.screen) return;
    person.screen = null;
    this.event(nowMs, { kind: 'screen', person: person.view.id, track: null });
  }

  private noteSpeaking(person: Recorded, nowMs: number): void {
    const { isSpeaking } = person.speaking;
    if (isSpeaking === person.isSpeaking) return;
    person.isSpeaking = isSpeaking;
    this.event(nowMs, { kind: 'speaking', person: person.view.id, isSpeaking });
  }

  private setPeople(nowMs: number, people: readonly SeatedPerson[]): void {
    const here = new Set(people.map(({ id }) => id));
    for (const id of [...this.people.keys()]) if (!here.has(id)) this.remove(nowMs, id, 'left');
    for (const person of people) this.setPerson(nowMs, person);
  }

  private setPerson(nowMs: number, view: SeatedPerson): void {
    const known = this.people.get(view.id);
    const isRecorded = !this.asks || view.agreesToRecording === true;
    if (known && !isRecorded) this.withdraw(nowMs, view.id);
    else if (known) this.change(nowMs, known, view);
    else if (isRecorded) this.add(nowMs, view);
  }

  private add(nowMs: number, view: SeatedPerson): void {
    const { id: person, name, avatar, seat, agreesToRecording } = view;
    const speaking = new SpeakingMeter();
    this.people.set(person, { view, tracks: new Map(), speaking, isSpeaking: false, screen: null });
    this.event(nowMs, { kind: 'joined', person, name, avatar, seat });
    if (agreesToRecording !== undefined) this.event(nowMs, { kind: 'consent', person, isGiven: agreesToRecording });
  }

  private change(nowMs: number, known: Recorded, view: SeatedPerson): void {
    const { view: before } = known;
    const { id: person, name, avatar, seat, agreesToRecording } = view;
    known.view = view;
    if (before.name !== name) this.event(nowMs, { kind: 'name', person, name });
    if (before.avatar !== avatar) this.event(nowMs, { kind: 'appearance', person, avatar });
    if (before.seat !== seat) this.event(nowMs, { kind: 'seat', person, seat });
    const isSaid = agreesToRecording !== undefined && before.agreesToRecording !== agreesToRecording;
    if (isSaid) this.event(nowMs, { kind: 'consent', person, isGiven: agreesToRecording });
  }

  private withdraw(nowMs: number, personId: string): void {
    this.event(nowMs, { kind: 'consent', person: personId, isGiven: false });
    this.remove(nowMs, personId, 'consent');
  }

  private remove(nowMs: number, personId: string, reason: string): void {
    const person = this.people.get(personId);
    if (!person) return;
    this.endScreen(person, nowMs);
    this.people.delete(personId);
    this.event(nowMs, { kind: 'left', person: personId, reason });
  }

  private event(nowMs: number, event: RecordedEvent): void {
    this.writer.appendEvent(nowMs, event);
  }

  /** Remembered by person: finding it takes the writer a search. */
  private trackOf(kind: TrackKindName, { tracks, view }: Recorded, source: string | number): WriterTrack {
    const known = tracks.get(source);
    if (known) return known;
    const track = this.writer.trackOf(kind, view.id, String(source));
    tracks.set(source, track);
    return track;
  }
}

/** The payload of an endpoint message; null for anything else. Never throws. */
function payloadOf(message: Buffer): unknown {
  try {
    return (JSON.parse(message.toString()) as { readonly msgPayload?: unknown } | null)?.msgPayload;
  } catch {
    return null;
  }
}

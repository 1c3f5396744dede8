import { cleanup, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Attendance } from '@/app/_components/meeting/Attendance';
import { EMPTY_LINK } from '@/app/_components/meeting/meetingLink';
import type { Language } from '@/app/_i18n/language';
import type { SessionFailure, SessionFailureReason } from '@/app/_session/sessionContract';
import { sessionFailureOf } from '@/app/_session/sessionFailure';
import { ParleyApiError } from '@/lib/api';
import type { MeetingRole } from '@/lib/core/meeting';
import { focusRefused, loginRefused, loginUnanswered, roomRefused, unreachable } from '@/lib/transport/refusals';
import { FakeSession } from '@/tests/support/app/fakeSession';
import { renderApp } from '@/tests/support/app/render';

/** The only action of each failure. */
const ACTIONS: Readonly<Record<SessionFailureReason, string>> = {
  notFound: 'New meeting',
  ended: 'New meeting',
  full: 'Watch',
  replaced: 'Sit here instead',
  tokenInvalid: 'Join again',
  tokenExpired: 'Join again',
  jitsiRefused: 'Join again',
  jitsiLost: 'Join again',
  jitsiUnreachable: 'Try again',
  unavailable: 'Try again',
  offline: 'Try again',
  tooManyRequests: 'Try again',
  exists: 'Back to the lobby',
  forbidden: 'Back to the home page',
  badInput: 'Back to the lobby',
  motionUnreadable: 'Back to the lobby',
};

function show(failure: SessionFailure, language: Language = 'en', role: MeetingRole = 'participant') {
  const session = new FakeSession({ phase: 'failed', failure, meeting: null, self: null });
  const { container } = renderApp(
    <Attendance
      link={EMPTY_LINK}
      session={session}
      snapshot={session.getSnapshot()}
      meetingId="round-table"
      meetingRole={role}
      choice={null}
      onAttend={() => {}}
    />,
    language,
  );
  return {
    sentence: screen.getByRole('heading').textContent ?? '',
    words: container.querySelector('main p')?.textContent ?? null,
    actions: [...container.querySelectorAll('main button, main a')].map(({ textContent }) => textContent),
  };
}

describe('a failed attendance', () => {
  it.each(Object.keys(ACTIONS) as SessionFailureReason[])(
    'the failure %s has a complete sentence and one action',
    (reason) => {
      const { sentence, actions } = show({ reason, limit: 16, line: 3, detail: 'no CHANNELS' });
      expect(sentence).toMatch(/^[A-Z][^{}]{5,}$/);
      expect(actions).toEqual([ACTIONS[reason]]);
    },
  );

  it.each(Object.keys(ACTIONS) as SessionFailureReason[])(
    'the failure %s has a complete sentence in Chinese',
    (reason) => {
      const { sentence } = show({ reason, limit: 16, line: 3, detail: 'no CHANNELS' }, 'zh-Hans');
      expect(sentence).toMatch(/\p{Script=Han}/u);
      expect(sentence).not.toMatch(/[{}]/);
    },
  );

  it.each([
    ['en', /^This site can’t save anything right now/],
    ['zh-Hans', /^本站暂时无法保存/],
  ] as const)('a site that cannot save has a sentence of its own in %s', (language, sentence) => {
    const failure = sessionFailureOf(new ParleyApiError({ reason: 'unavailable', cannotSave: true }, 'refused'));
    expect(show(failure, language).sentence).toMatch(sentence);
  });

  it('the sentence for a full meeting names its seats', () => {
    expect(show({ reason: 'full', limit: 16 }).sentence).toContain('All 16 seats are taken');
  });

  it('whoever finds too many watching is led to the live recording', () => {
    const { sentence, actions } = show({ reason: 'full', limit: 200 }, 'en', 'spectator');
    expect(sentence).toMatch(/^As many people are watching as can/);
    expect(actions).toEqual(['Watch live']);
    expect(screen.getByRole('link', { name: 'Watch live' }).getAttribute('href')).toBe('/m/round-table/live');
  });

  it('the sentence for a motion file names the line', () => {
    expect(show({ reason: 'motionUnreadable', line: 7, detail: 'x' }).sentence).toContain('line 7');
  });

  it('the sentence for a motion file does without a line if there is none', () => {
    expect(show({ reason: 'motionUnreadable' }).sentence).toBe(
      'The motion file can’t be read. Choose another, or join with automatic motion.',
    );
  });

  const REFUSED = [
    loginRefused('Invalid signature'),
    loginRefused("invalid 'iss' claim"),
    loginRefused("invalid 'aud' claim"),
    loginRefused('Not acceptable by exp (32.0 sec since expired, valid for:300.0 sec)'),
    loginRefused('Not acceptable by nbf'),
    loginRefused('token required'),
    loginRefused('could not obtain public key'),
    roomRefused('Room and token mismatched'),
    roomRefused('registration-required'),
    focusRefused("Missing mandatory attribute 'machine-uid'"),
    loginUnanswered(),
  ];

  it.each(['en', 'zh-Hans'] as const)(
    'T-84 each refusal of a Jitsi server has a sentence of its own in %s',
    (language) => {
      const sentences = REFUSED.map((error) => {
        const { sentence, words } = show(sessionFailureOf(error), language);
        cleanup();
        expect(sentence).toMatch(language === 'en' ? /^[A-Z][^{}]{20,}\.$|=0\.$/ : /\p{Script=Han}/u);
        expect(sentence).not.toMatch(/[{}]/);
        expect(words ?? '').toContain(error.detail);
        return sentence;
      });
      expect(new Set(sentences).size).toBe(REFUSED.length);
    },
  );

  it('T-84 a server that said nothing is not quoted, and one that is away is', () => {
    expect(show(sessionFailureOf(loginRefused(''))).words).toBeNull();
    cleanup();
    expect(show(sessionFailureOf(unreachable('Away.', 'Room does not exist'))).words).toBe(
      'It says: Room does not exist',
    );
  });
});

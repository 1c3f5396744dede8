import { describe, expect, it } from 'vitest';
import { FAILURE_PLANS, failureSentence } from '@/app/_components/meeting/Attendance';
import { messagesOf } from '@/app/_i18n/catalogues';
import { createTranslator } from '@/app/_i18n/translator';
import type { SessionFailureReason } from '@/app/_session/sessionContract';

const translators = [createTranslator('en', messagesOf('en')), createTranslator('zh-Hans', messagesOf('zh-Hans'))];
const REASONS = Object.keys(FAILURE_PLANS) as SessionFailureReason[];

describe.each(REASONS)('the failure %s', (reason) => {
  it('its sentence is complete in both languages', () => {
    for (const translator of translators) {
      const sentence = failureSentence(translator, { reason, limit: 16, line: 3, detail: 'no CHANNELS' });
      expect(sentence).not.toMatch(/[{}]/);
      expect(sentence.length).toBeGreaterThan(5);
    }
  });
});

describe('failureSentence', () => {
  it('the sentence for a full meeting names its seats', () => {
    expect(failureSentence(translators[0]!, { reason: 'full', limit: 16 })).toContain('All 16 seats are taken');
  });

  it('the sentence for a motion file names the line, if there is one', () => {
    const [en] = translators;
    expect(failureSentence(en!, { reason: 'motionUnreadable', line: 7, detail: 'x' })).toContain('line 7');
    expect(failureSentence(en!, { reason: 'motionUnreadable' })).toBe(messagesOf('en')['failure.motionUnreadable']);
  });

  it('a full meeting leads to watching, a replaced seat back to itself', () => {
    expect(FAILURE_PLANS.full.action).toBe('watch');
    expect(FAILURE_PLANS.replaced.action).toBe('again');
  });
});

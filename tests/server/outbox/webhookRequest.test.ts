import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendWebhook, signWebhook } from '@/server/outbox/webhookRequest';
import { HookReceiver } from '@/tools/drills/support/hookReceiver';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW_MS = 1_614_265_330_500;

describe('a webhook', () => {
  let receiver: HookReceiver;
  beforeAll(async () => {
    receiver = await HookReceiver.start();
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answer = { status: 204 };
  });
  afterAll(() => receiver.close());

  const send = (url = receiver.url, allowsPrivate = true) =>
    sendWebhook(
      { id: 'msg_1', url, body: '{"ü":1}' },
      { secret: SECRET, allowsPrivate: () => allowsPrivate, nowMs: () => NOW_MS },
    );

  it('a webhook is signed as the example of Standard Webhooks', () => {
    const signed = signWebhook(SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}');
    expect(signed).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('a webhook is delivered with its id, the time and a signature over both and the body', async () => {
    expect(await send()).toEqual({ kind: 'delivered' });
    const timestampS = 1_614_265_330;
    const signature = signWebhook(SECRET, 'msg_1', timestampS, '{"ü":1}');
    expect(receiver.received).toEqual([{ id: 'msg_1', timestampS, signature, body: '{"ü":1}' }]);
  });

  it.each([
    [{ status: 410 }, { kind: 'unwanted' }],
    [{ status: 500 }, { kind: 'failed', why: 'the receiver answers 500', retryAfterMs: null }],
    [
      { status: 503, headers: { 'retry-after': '120' } },
      { kind: 'failed', why: 'the receiver answers 503', retryAfterMs: 120_000 },
    ],
    [
      { status: 429, headers: { 'retry-after': new Date(NOW_MS + 60_500).toUTCString() } },
      { kind: 'failed', why: 'the receiver answers 429', retryAfterMs: 60_500 },
    ],
    [
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { kind: 'failed', why: 'the receiver answers 302', retryAfterMs: null },
    ],
  ])('a receiver that answers %j leads to %j', async (answer, outcome) => {
    receiver.answer = answer;
    expect(await send()).toEqual(outcome);
    expect(receiver.received).toHaveLength(1);
  });

  it('an address inside the network is called only if the operator allows it, by whatever name', async () => {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]']) {
      const outcome = await send(`http://${host}:${port}/hook`, false);
      expect(outcome, host).toMatchObject({
        kind: 'failed',
        why: expect.stringContaining('not on the public internet'),
      });
    }
    expect(receiver.received).toEqual([]);
  });

  it('a receiver that is not there is a failure', async () => {
    expect(await send('http://127.0.0.1:1/')).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await send('http://nowhere.invalid/')).toMatchObject({ kind: 'failed' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { apiServices, OPS_TOKEN, serveApi } from './apiServer';

describe('what operators do over the API', () => {
  let site: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    site = await serveApi(apiServices(new MemoryMeetingStore()));
  });
  afterAll(() => site.close());

  async function testAlert(input: object) {
    const response = await fetch(`${site.url}/api/trpc/ops.testAlert`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const { result, error } = (await response.json()) as { result?: { data: unknown }; error?: { data: object } };
    return { status: response.status, data: result?.data, refusal: error?.data };
  }

  it('a test alert needs the token of the operators, and an address where alerts go nowhere', async () => {
    const url = 'http://127.0.0.1:9/hook';
    expect(await testAlert({ opsToken: OPS_TOKEN, url })).toMatchObject({ status: 200, data: { sentTo: 1 } });
    expect(await testAlert({ opsToken: OPS_TOKEN })).toMatchObject({ status: 400, refusal: { reason: 'badInput' } });
    for (const opsToken of ['', 'x', `${OPS_TOKEN}x`, 'x'.repeat(300)]) {
      const { status } = await testAlert({ opsToken, url });
      expect([400, 403], opsToken).toContain(status);
    }
    for (const wrong of ['ftp://127.0.0.1/', 'nowhere', `http://a/${'x'.repeat(2_000)}`]) {
      expect((await testAlert({ opsToken: OPS_TOKEN, url: wrong })).status, wrong.slice(0, 20)).toBe(400);
    }
  });

  it('a caller that guesses the token is made to wait', async () => {
    let last = { status: 0 };
    for (let k = 0; k < 40 && last.status !== 429; k += 1) last = await testAlert({ opsToken: `guess ${k}` });
    expect(last).toMatchObject({ status: 429, refusal: { reason: 'tooManyRequests' } });
  });
});

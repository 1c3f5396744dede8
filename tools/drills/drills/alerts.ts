import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyClient } from '@/lib/api';
import { signWebhook } from '@/server/outbox/webhookRequest';
import { type Drill, exactly } from '../drill';
import { HookReceiver, type Received } from '../support/hookReceiver';
import { msUntil, wallMs } from '../support/listening';

const SECRET = `whsec_${Buffer.from('the secret of a drill, 32 bytes.').toString('base64')}`;
const WAIT_MAX_MS = 120_000;
/** The rule of full meetings looks a minute back. */
const END_MAX_MS = 75_000;
const SEATS = 2;
/** Long enough for the alert to be found and kept, and for one attempt to fail. */
const FOUND_MS = 4_000;

interface Told {
  readonly id: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly isSigned: boolean;
}

function read({ id, body, timestampS, signature }: Received): Told {
  const [alert] = JSON.parse(body).alerts;
  const isSigned = signature === signWebhook(SECRET, id, timestampS, body);
  return { id, isSigned, name: alert.labels.alertname, status: alert.status };
}

/** Somebody finds no seat. */
async function overfill({ meeting }: ParleyClient): Promise<void> {
  const { id } = await meeting.create({ maxParticipants: SEATS });
  for (let k = 0; k < SEATS; k += 1) await meeting.join({ id, role: 'participant', name: `Person ${k}` });
  await meeting.join({ id, role: 'participant', name: 'One too many' }).catch(() => {});
}

/** Alerts reach their receiver, whatever is away or killed in between. */
export const alertsDelivered: Drill = {
  name: 'alerts',
  passMark:
    'alerts <= 15 s, with their ends; receiver away and server killed in between: all arrive, none under two ids',
  needsServer: true,
  async run(world) {
    const receiver = await HookReceiver.start();
    world.after(() => receiver.close());
    const server = await world.otherServer({
      TRUST_PROXY: 'on',
      ALERT_WEBHOOK_URL: receiver.url,
      ALERT_WEBHOOK_SECRET: SECRET,
      ALERT_WEBHOOK_PRIVATE: 'on',
    });
    const told = () => receiver.received.map(read);
    const idsOf = (status: Told['status']) =>
      new Set(told().flatMap((each) => (each.name === 'MeetingFull' && each.status === status ? [each.id] : [])));
    const client = world.clientOf(server.url);

    const causedAtMs = wallMs();
    await overfill(client);
    await msUntil('an alert', async () => idsOf('firing').size > 0, WAIT_MAX_MS);
    const firingMs = wallMs() - causedAtMs;
    const endMs = await msUntil('its end', async () => idsOf('resolved').size > 0, WAIT_MAX_MS);

    await receiver.close();
    await overfill(client);
    await sleep(FOUND_MS);
    await server.kill();
    await receiver.open();
    await server.startAgain();
    const backMs = await msUntil('the alert after the kill', async () => idsOf('firing').size > 1, WAIT_MAX_MS);
    await msUntil('its end', async () => idsOf('resolved').size > 1, WAIT_MAX_MS);
    return [
      { what: 'alert told after', value: firingMs, unit: 'ms', atMost: 15_000 },
      { what: 'its end told after', value: endMs, unit: 'ms', atMost: END_MAX_MS },
      { what: 'after the kill told', value: backMs, unit: 'ms', atMost: 40_000 },
      { what: 'alerts', value: idsOf('firing').size, unit: '', ...exactly(2) },
      { what: 'ends', value: idsOf('resolved').size, unit: '', ...exactly(2) },
      { what: 'badly signed', value: told().filter(({ isSigned }) => !isSigned).length, unit: '', ...exactly(0) },
    ];
  },
};

import { createHash } from 'node:crypto';
import type { FiringAlert } from '@/server/store/outboxStore';

/** What Alertmanager writes while an alert fires. */
const NO_END = '0001-01-01T00:00:00Z';
const RECEIVER = 'parley';

const iso = (ms: number) => new Date(ms).toISOString();

/** Of an alert's labels, in their order by name: the same for the same alert, as in Alertmanager. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(labels).sort()) hash.update(`${name}\0${labels[name]}\0`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * The body of a webhook in the form of Alertmanager, version 4, with one alert.
 * @param endsAtMs When it ended; null while it fires
 * @param siteUrl The site's address, or ''
 */
export function alertMessage(alert: FiringAlert, endsAtMs: number | null, siteUrl: string): string {
  const { fingerprint, labels, annotations, startsAtMs } = alert;
  const status = endsAtMs === null ? 'firing' : 'resolved';
  const groupLabels = { alertname: labels['alertname'] ?? '' };
  return JSON.stringify({
    receiver: RECEIVER,
    status,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: iso(startsAtMs),
        endsAt: endsAtMs === null ? NO_END : iso(endsAtMs),
        generatorURL: siteUrl,
        fingerprint,
      },
    ],
    groupLabels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: siteUrl,
    version: '4',
    groupKey: `{}:{alertname="${groupLabels.alertname}"}`,
    truncatedAlerts: 0,
  });
}

import type { OpsClient, OverseenMeeting, OverseenMeetings, OverseenRecordings } from '@/lib/api/opsClient';
import { Button } from '../ui/Button';
import type { Deed } from './Ask';
import styles from './OpsPage.module.css';
import { momentText, sizeText, useOpsText } from './opsText';

interface Listing {
  readonly client: OpsClient;
  /** Asks before something is done. */
  onAsk(deed: Deed): void;
}

type Person = OverseenMeeting['people'][number];

function PersonRow({ meetingId, person, client, onAsk }: Listing & { meetingId: string; person: Person }) {
  const { t, language } = useOpsText();
  const { id, seat, since, customAvatar } = person;
  const name = person.name || t('ops.namelessSpectator');
  const remove = () =>
    onAsk({
      title: t('ops.removeTitle', { name }),
      body: t('ops.removeBody'),
      confirm: t('ops.remove'),
      done: t('ops.removed', { name }),
      act: () => client.removePerson(meetingId, id),
    });
  const removeAvatar = (sha256: string) =>
    onAsk({
      title: t('ops.avatarTitle'),
      body: t('ops.avatarBody'),
      confirm: t('ops.avatar'),
      done: t('ops.avatarRemoved'),
      act: () => client.deleteAvatar(sha256),
    });
  return (
    <li className={styles.row}>
      <div>
        <strong>{name}</strong>
        <span className={styles.soft}>
          {seat === null ? t('ops.spectator') : t('ops.seat', { seat: seat + 1 })}
          {' · '}
          {t('ops.since', { time: momentText(language, Date.parse(since), Date.now()) })}
        </span>
      </div>
      <div className={styles.actions}>
        {customAvatar !== null && (
          <Button onClick={() => removeAvatar(customAvatar)} aria-label={t('ops.avatarOf', { name })}>
            {t('ops.avatar')}
          </Button>
        )}
        <Button onClick={remove} aria-label={t('ops.removeOf', { name })}>
          {t('ops.remove')}
        </Button>
      </div>
    </li>
  );
}

function Meeting({ meeting, client, onAsk }: Listing & { meeting: OverseenMeeting }) {
  const { t } = useOpsText();
  const { id, seats, people, isRecorded } = meeting;
  const title = meeting.title || t('ops.untitled');
  const end = () =>
    onAsk({
      title: t('ops.endTitle'),
      body: t('ops.endBody', { title }),
      confirm: t('ops.end'),
      done: t('ops.ended'),
      act: () => client.endMeeting(id),
    });
  const taken = people.filter(({ seat }) => seat !== null).length;
  return (
    <article className={styles.meeting} aria-label={title}>
      <div className={styles.row}>
        <div>
          <h3>{title}</h3>
          <span className={styles.soft}>
            {id} · {t('ops.seats', { taken, seats })}
            {isRecorded && ` · ${t('ops.beingRecorded')}`}
          </span>
        </div>
        <Button tone="danger" onClick={end} aria-label={t('ops.endOf', { title })}>
          {t('ops.end')}
        </Button>
      </div>
      <ul className={styles.rows}>
        {people.map((person) => (
          <PersonRow
            key={`${person.id} ${person.since}`}
            meetingId={id}
            person={person}
            client={client}
            onAsk={onAsk}
          />
        ))}
      </ul>
    </article>
  );
}

/** Meetings with somebody in them, and what may be done about them. */
export function Meetings({ meetings, ...listing }: Listing & { meetings: OverseenMeetings }) {
  const { t } = useOpsText();
  return (
    <section aria-label={t('ops.meetings')}>
      <h2 className={styles.heading}>{t('ops.meetings')}</h2>
      {meetings.length === 0 && <p className={styles.soft}>{t('ops.noMeetings')}</p>}
      {meetings.map((meeting) => (
        <Meeting key={meeting.id} meeting={meeting} {...listing} />
      ))}
    </section>
  );
}

/** The newest recordings of all meetings. */
export function Recordings({ recordings, client, onAsk }: Listing & { recordings: OverseenRecordings }) {
  const { t, language } = useOpsText();
  const rows = recordings.map((recording) => {
    const { id, meetingId, state, startedAt, sizeBytes } = recording;
    const title = recording.title || meetingId;
    const time = momentText(language, Date.parse(startedAt), Date.now());
    const ask = () =>
      onAsk({
        title: t('ops.deleteTitle'),
        body: t('ops.deleteBody', { title }),
        confirm: t('ops.delete'),
        done: t('ops.deleted'),
        act: () => client.deleteRecording(id),
      });
    return (
      <li key={id} className={styles.row}>
        <div>
          <strong>{title}</strong>
          <span className={styles.soft}>
            {time} · {sizeText(language, sizeBytes)} · {t(`opsRecording.${state}`)}
          </span>
        </div>
        <Button onClick={ask} aria-label={t('ops.deleteOf', { title, time })}>
          {t('ops.delete')}
        </Button>
      </li>
    );
  });
  return (
    <section aria-label={t('ops.recordings')}>
      <h2 className={styles.heading}>{t('ops.recordings')}</h2>
      {rows.length === 0 ? (
        <p className={styles.soft}>{t('ops.noRecordings')}</p>
      ) : (
        <ul className={styles.rows}>{rows}</ul>
      )}
    </section>
  );
}

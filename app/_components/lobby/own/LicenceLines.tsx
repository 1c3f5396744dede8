import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { AvatarLicence } from '@/lib/avatarFile/report/licence';
import styles from './LicenceLines.module.css';

/** What a file says about itself: title, author, who may do what. Its own words are shown as plain text. */
export function LicenceLines({ licence }: { licence: AvatarLicence }) {
  const { t, list } = useTranslator();
  const { title, authors, users, redistribution, name, url, copyright } = licence;
  const by = authors.length > 0 ? t('own.by', { authors: list(authors) }) : '';
  return (
    <div className={styles.licence}>
      {(title || by) && (
        <p>
          <strong>{title}</strong> {by}
        </p>
      )}
      <p>
        {t(`ownUsers.${users}`)} {redistribution !== 'unstated' && t(`ownRedistribution.${redistribution}`)}
      </p>
      {copyright && <p className={styles.small}>{copyright}</p>}
      {url ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          {name || t('own.licenceRead')}
        </a>
      ) : (
        name && <p className={styles.small}>{name}</p>
      )}
    </div>
  );
}

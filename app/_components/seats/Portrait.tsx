'use client';

import { useState } from 'react';
import { avatarKeyOf } from '@/lib/core/avatars';
import styles from './Portrait.module.css';

function Silhouette() {
  return (
    <svg className={styles.silhouette} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <circle cx="24" cy="19" r="9" />
      <path d="M6 50c0-11 8-18 18-18s18 7 18 18Z" />
    </svg>
  );
}

/**
 * The face of an avatar (see `parseAvatarRef`) in a circle that fills its box; a silhouette for custom avatars and where
 * there is no picture. Decorative.
 */
export function Portrait({ avatar }: { avatar: string }) {
  const [missing, setMissing] = useState(false);
  const key = avatarKeyOf(avatar);
  return (
    <span className={styles.portrait} data-avatar={key}>
      {missing || !key || key === 'custom' ? (
        <Silhouette />
      ) : (
        <img
          className={styles.picture}
          src={`/models/${key}.png`}
          alt=""
          draggable={false}
          ref={(image) => {
            // A picture that failed before hydration fires no error event.
            if (image?.complete && image.naturalWidth === 0) setMissing(true);
          }}
          onError={() => setMissing(true)}
        />
      )}
    </span>
  );
}

'use client';

import { useEffect, useMemo, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { LiveFeed } from '@/lib/replay/live/liveFeed';
import { LiveFollower } from '@/lib/replay/live/liveFollower';
import { Replay } from '@/lib/replay/replay';
import type { View } from '@/scene/react/sceneContract';
import { Icon } from '../icons/Icon';
import { startingMood, startingView } from '../meeting/meetingUi';
import { WaitingScreen } from '../page/StateScreen';
import { type Look, RecordedRoom, usePlateLabels } from '../replay/RecordedRoom';
import roomStyles from '../replay/ReplayRoom.module.css';
import { nextReplayView, VIEW_LOOK } from '../replay/Tape';
import { openScreens, openVoices, type ReplaySession } from '../replay/useReplay';
import { IconButton } from '../ui/IconButton';
import styles from './LiveRoom.module.css';

/** A replay that follows a feed, closed with the page. */
function useLiveSession(feed: LiveFeed): ReplaySession | null {
  const [session, setSession] = useState<ReplaySession | null>(null);
  useEffect(() => {
    const replay = new Replay({ recording: feed });
    const voices = openVoices(replay);
    const screens = openScreens(replay);
    const follower = new LiveFollower(replay, feed);
    // Browsers play no sound before a press; those that would are asked to wait for it as well.
    voices?.setMaster(0);
    void follower.start();
    setSession({ replay, voices, screens });
    return () => {
      setSession(null);
      follower.close();
      voices?.close();
      screens?.close();
      replay.close();
    };
  }, [feed]);
  return session;
}

interface LiveRoomProps {
  readonly feed: LiveFeed;
  /** All of it has been shown. */
  onEnd(): void;
}

/** A meeting as it is being recorded, seconds later. */
export function LiveRoom({ feed, onEnd }: LiveRoomProps) {
  const session = useLiveSession(feed);
  return session ? <OpenRoom {...session} feed={feed} onEnd={onEnd} /> : <WaitingScreen />;
}

function OpenRoom({ replay, voices, screens, feed, onEnd }: ReplaySession & LiveRoomProps) {
  const { t } = useTranslator();
  const { meeting, isWaiting, hasEnded, people } = useSnapshot(replay.store);
  const { trouble } = useSnapshot(feed.store);
  const [view, setView] = useState<View>(() => startingView(null, window.innerWidth / window.innerHeight));
  const [isHeard, setHeard] = useState(false);
  const labels = usePlateLabels();
  const [sceneLost, setSceneLost] = useState(false);
  const drawn = useSupportsWebgl() && !sceneLost;
  const look = useMemo((): Look => ({ view, seatOf: null, hidden: new Set() }), [view]);
  useEffect(() => {
    if (hasEnded) onEnd();
  }, [hasEnded, onEnd]);

  const toggleSound = () => {
    voices?.resume();
    voices?.setMaster(isHeard ? 0 : 1);
    setHeard(!isHeard);
  };
  const status = trouble ? t('replay.trouble') : isWaiting ? t('replay.waiting') : '';
  return (
    <main className={roomStyles.page}>
      <div className={roomStyles.room} data-mood={startingMood()}>
        <RecordedRoom
          replay={replay}
          voices={voices}
          screens={screens}
          look={look}
          label={t('live.scene')}
          labels={labels}
          drawn={drawn}
          onLost={() => setSceneLost(true)}
        />
        <header className={roomStyles.title}>
          <h1>{meeting.title || t('meeting.untitled')}</h1>
          <p>{people.map(({ name }) => name).join(', ')}</p>
        </header>
      </div>
      <section className={styles.bar} aria-label={t('replay.controls')}>
        <p className={styles.mark}>
          <span className={styles.dot} />
          {t('live.mark')}
        </p>
        <p className={styles.status} role="status">
          {status}
        </p>
        <div className={styles.group}>
          {voices && (
            <button type="button" className={styles.sound} data-on={isHeard || undefined} onClick={toggleSound}>
              <Icon name={isHeard ? 'volume' : 'volumeOff'} />
              {t(isHeard ? 'replay.mute' : 'replay.unmute')}
            </button>
          )}
          {drawn && (
            <IconButton
              icon={VIEW_LOOK[view].icon}
              label={t(VIEW_LOOK[view].label)}
              title={t(VIEW_LOOK[view].label)}
              onClick={() => setView(nextReplayView)}
            />
          )}
        </div>
      </section>
    </main>
  );
}

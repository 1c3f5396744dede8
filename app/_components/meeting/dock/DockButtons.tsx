'use client';

import { type ReactNode, useCallback, useRef } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import type { MeetingRole } from '@/lib/core/meeting';
import { pageDevices } from '@/lib/devices/deviceManager';
import type { View } from '@/scene/react/sceneContract';
import { Icon, type IconName } from '../../icons/Icon';
import { useLevel } from '../../ui/LevelMeter';
import { MOOD_LABEL, type UiControls } from '../meetingUi';
import styles from './DockButton.module.css';
import { microphoneLook, webcamLook } from './deviceLook';
import voiceStyles from './VoiceButtons.module.css';
import webcamStyles from './WebcamButton.module.css';

interface DockButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** For a button that opens something. */
  readonly expanded?: boolean;
  /** For a button that stays down. */
  readonly pressed?: boolean;
  /** `shut`: not sent; `live`: sent to the others; `warn`: can't be sent. */
  readonly tone?: 'shut' | 'live' | 'warn';
  /** More to know, below the name. */
  readonly hint?: string;
  readonly busy?: boolean;
  /** Left out on narrow screens, where the menu has it. */
  readonly roomy?: boolean;
  /** Drawn behind the icon. */
  readonly children?: ReactNode;
  onClick(): void;
}

/** One round button; its name shows above it on hover and focus. */
export function DockButton({ icon, label, shortcut, hint, onClick, children, ...state }: DockButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-expanded={state.expanded}
      aria-pressed={state.pressed}
      aria-busy={state.busy || undefined}
      data-tone={state.tone}
      data-roomy={state.roomy || undefined}
      aria-keyshortcuts={shortcut}
      onClick={(event) => {
        // After a press by pointer, Space must talk again rather than press the button once more.
        if (event.detail > 0 && state.expanded === undefined) event.currentTarget.blur();
        onClick();
      }}
    >
      {children}
      <Icon name={icon} />
      <span className={styles.tip} aria-hidden="true">
        {label}
        {shortcut && <kbd className={styles.key}>{shortcut}</kbd>}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </button>
  );
}

/** How loud others hear the local participant, as a ring that breathes. */
function LevelRing({ voice }: { voice: VoiceSession }) {
  const ring = useRef<HTMLSpanElement>(null);
  const read = useCallback(() => voice.ownLevel(), [voice]);
  useLevel(ring, read);
  return <span className={voiceStyles.ring} ref={ring} />;
}

/** The buttons for the voice, and for a shared screen where the browser can share one. */
export function VoiceButtons({ voice }: { voice: VoiceSession }) {
  const { t } = useTranslator();
  const snapshot = useSnapshot(voice);
  const { icon, label, tone, hint, busy } = microphoneLook(snapshot);
  return (
    <>
      <DockButton
        icon={icon}
        label={t(label)}
        shortcut="M"
        tone={tone}
        hint={hint && t(hint)}
        busy={busy}
        onClick={() => voice.toggleMuted()}
      >
        {tone === 'live' && <LevelRing voice={voice} />}
      </DockButton>
      {pageDevices.supports('screen') && (
        <DockButton
          icon={snapshot.isSharing ? 'screenOff' : 'screen'}
          label={t(snapshot.isSharing ? 'dock.stopSharing' : 'dock.share')}
          shortcut="S"
          roomy
          pressed={snapshot.isSharing}
          onClick={() => void voice.shareScreen(!snapshot.isSharing)}
        />
      )}
    </>
  );
}

const PARTS = ['face', 'body', 'hands'] as const;

/** The webcam's button; three small lights show what the webcam sees. */
export function WebcamButton({ webcam }: { webcam: WebcamSession }) {
  const { t } = useTranslator();
  const snapshot = useSnapshot(webcam);
  const { icon, label, tone, hint, busy } = webcamLook(snapshot);
  return (
    <DockButton
      icon={icon}
      label={t(label)}
      shortcut="B"
      tone={tone}
      hint={hint && t(hint)}
      busy={busy}
      onClick={() => webcam.toggle()}
    >
      {snapshot.phase === 'live' && (
        <span className={webcamStyles.lights}>
          {PARTS.map((part) => (
            <span key={part} className={webcamStyles.light} data-seen={snapshot.tracked[part] || undefined} />
          ))}
        </span>
      )}
    </DockButton>
  );
}

const VIEW_LOOK: Readonly<Record<View, { icon: IconName; label: MessageKey }>> = {
  orbit: { icon: 'orbit', label: 'dock.viewOrbit' },
  overTable: { icon: 'overTable', label: 'dock.viewOverTable' },
  speaker: { icon: 'speaker', label: 'dock.viewSpeaker' },
  firstPerson: { icon: 'seatView', label: 'dock.viewFirstPerson' },
  free: { icon: 'freeView', label: 'dock.viewFree' },
};

/** The buttons for the own avatar, the view and the light. Each shows the current choice and goes on to the next. */
export function ViewButtons({ meetingRole, controls }: { meetingRole: MeetingRole; controls: UiControls }) {
  const { t } = useTranslator();
  const { showSelf, view, mood } = controls.ui;
  const look = VIEW_LOOK[view];
  return (
    <>
      {meetingRole === 'participant' && (
        <DockButton
          icon={showSelf ? 'selfShown' : 'selfHidden'}
          label={t(showSelf ? 'dock.hideSelf' : 'dock.showSelf')}
          shortcut="V"
          roomy
          onClick={controls.toggleSelf}
        />
      )}
      <DockButton icon={look.icon} label={t(look.label)} shortcut="C" onClick={controls.nextView} />
      <DockButton icon={mood} label={t(MOOD_LABEL[mood])} shortcut="L" roomy onClick={controls.nextMood} />
    </>
  );
}

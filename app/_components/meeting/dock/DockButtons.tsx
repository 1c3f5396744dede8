'use client';

import { type ReactNode, useCallback, useRef } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import type { MeetingRole } from '@/lib/core/meeting';
import { pageDevices } from '@/lib/devices/deviceManager';
import type { CameraMode } from '@/scene/react/sceneContract';
import { Icon, type IconName } from '../../icons/Icon';
import { useLevel } from '../../ui/LevelMeter';
import { MOOD_LABEL, type RoomControls } from '../view';
import cameraButtonStyles from './CameraButton.module.css';
import dockButtonStyles from './DockButton.module.css';
import { cameraLook, microphoneLook } from './deviceLook';
import voiceButtonsStyles from './VoiceButtons.module.css';

interface DockButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** For a button that opens something. */
  readonly expanded?: boolean;
  /** For a button that stays down. */
  readonly pressed?: boolean;
  /** `shut`: what it stands for is closed; `live`: it goes out to the others; `warn`: it can't. */
  readonly tone?: 'shut' | 'live' | 'warn';
  /** A second thing to know, beside the name. */
  readonly hint?: string;
  readonly busy?: boolean;
  /** Left out on a narrow screen, where the menu has it. */
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
      className={dockButtonStyles.button}
      aria-label={label}
      aria-expanded={state.expanded}
      aria-pressed={state.pressed}
      aria-busy={state.busy || undefined}
      data-tone={state.tone}
      data-roomy={state.roomy || undefined}
      aria-keyshortcuts={shortcut}
      onClick={(event) => {
        // After a press by pointer the keys belong to the room again: Space is to talk, not to press once more.
        if (event.detail > 0 && state.expanded === undefined) event.currentTarget.blur();
        onClick();
      }}
    >
      {children}
      <Icon name={icon} />
      <span className={dockButtonStyles.tip} aria-hidden="true">
        {label}
        {shortcut && <kbd className={dockButtonStyles.key}>{shortcut}</kbd>}
        {hint && <span className={dockButtonStyles.hint}>{hint}</span>}
      </span>
    </button>
  );
}

/** How loud one is to the others, as a ring that breathes. */
function LevelRing({ voice }: { voice: VoiceSession }) {
  const ring = useRef<HTMLSpanElement>(null);
  const read = useCallback(() => voice.ownLevel(), [voice]);
  useLevel(ring, read);
  return <span className={voiceButtonsStyles.ring} ref={ring} />;
}

/** What a person on a seat sends: the voice, and a screen where the browser can. */
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

/** The dock's camera: on or off, with what it sees as three small lights. */
export function CameraButton({ camera }: { camera: WebcamSession }) {
  const { t } = useTranslator();
  const snapshot = useSnapshot(camera);
  const { icon, label, tone, hint, busy } = cameraLook(snapshot);
  return (
    <DockButton
      icon={icon}
      label={t(label)}
      shortcut="B"
      tone={tone}
      hint={hint && t(hint)}
      busy={busy}
      onClick={() => camera.toggle()}
    >
      {snapshot.phase === 'live' && (
        <span className={cameraButtonStyles.lights}>
          {PARTS.map((part) => (
            <span key={part} className={cameraButtonStyles.light} data-seen={snapshot.tracked[part] || undefined} />
          ))}
        </span>
      )}
    </DockButton>
  );
}

const CAMERA_LOOK: Readonly<Record<CameraMode, { icon: IconName; label: MessageKey }>> = {
  orbit: { icon: 'orbit', label: 'dock.cameraOrbit' },
  overTable: { icon: 'overTable', label: 'dock.cameraOverTable' },
  speaker: { icon: 'speaker', label: 'dock.cameraSpeaker' },
  firstPerson: { icon: 'seatView', label: 'dock.cameraFirstPerson' },
  free: { icon: 'freeView', label: 'dock.cameraFree' },
};

/** The buttons that change the picture: oneself, the camera, the light. Each shows what is, and goes on to the next. */
export function ViewButtons({ meetingRole, controls }: { meetingRole: MeetingRole; controls: RoomControls }) {
  const { t } = useTranslator();
  const { showSelf, camera, mood } = controls.view;
  const look = CAMERA_LOOK[camera];
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
      <DockButton icon={look.icon} label={t(look.label)} shortcut="C" onClick={controls.nextCamera} />
      <DockButton icon={mood} label={t(MOOD_LABEL[mood])} shortcut="L" roomy onClick={controls.nextMood} />
    </>
  );
}

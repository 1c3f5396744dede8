'use client';

import { useEffect, useRef, useState } from 'react';
import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import type { UploadAvatar } from '@/app/_session/visit';
import { ParleyApiError } from '@/lib/api';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { customAvatarUrl, parseAvatarRef } from '@/lib/core/avatarRef';
import type { AvatarCheck } from './checkAvatarFile';

/** The sentence that says what is wrong. */
export interface CustomAvatarProblem {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

/** A file that has been read and checked. */
export interface CheckedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: AvatarReport;
}

/**
 * The steps to a custom avatar. `tooHeavy` and `asking` (for the author's permission) wait for the person; `worn` is what
 * the meeting will see.
 */
export type CustomAvatarState =
  | { readonly step: 'empty'; readonly problem: CustomAvatarProblem | null }
  | { readonly step: 'reading'; readonly fileName: string }
  | ({ readonly step: 'tooHeavy' } & CheckedFile)
  | ({ readonly step: 'asking'; readonly problem: CustomAvatarProblem | null } & CheckedFile)
  | ({ readonly step: 'sending' } & CheckedFile)
  | ({ readonly step: 'worn' } & CheckedFile);

/** The state that follows a check. */
function afterCheck(check: AvatarCheck, fileName: string, bytes: Uint8Array<ArrayBuffer>): CustomAvatarState {
  if (check.kind === 'broken') {
    const key = `avatarError.${check.reason}` as const;
    return { step: 'empty', problem: { key, values: { detail: check.detail } } };
  }
  const file = { fileName, bytes, report: check.report };
  if (check.report.rank === 'tooHeavy') return { step: 'tooHeavy', ...file };
  return check.report.terms === 'permission'
    ? { step: 'asking', problem: null, ...file }
    : { step: 'sending', ...file };
}

/** The sentence for an upload that failed. */
function uploadProblem(error: unknown): CustomAvatarProblem {
  if (!(error instanceof ParleyApiError)) return { key: 'avatarUpload.offline' };
  const { reason, retryAfterMs = 0, avatarReason } = error;
  switch (reason) {
    case 'tooManyRequests':
      return { key: 'avatarUpload.tooManyRequests', values: { seconds: Math.ceil(retryAfterMs / 1000) } };
    case 'unavailable':
      return { key: 'avatarUpload.unavailable' };
    case 'badInput':
    case 'forbidden':
      if (avatarReason === 'slow') return { key: 'avatarUpload.slow' };
      return { key: 'avatarUpload.refused' };
    default:
      return { key: 'avatarUpload.offline' };
  }
}

/** Checks a file in its own worker, which a hostile file may crash. Never rejects; `signal` ends it early. */
function checkInWorker(bytes: Uint8Array, signal: AbortSignal): Promise<AvatarCheck> {
  const worker = new Worker(new URL('./checkAvatarFile.worker.ts', import.meta.url), { type: 'module' });
  signal.addEventListener('abort', () => worker.terminate());
  return new Promise<AvatarCheck>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<AvatarCheck>) => resolve(data);
    worker.onerror = () => resolve({ kind: 'broken', reason: 'container', detail: '' });
    worker.postMessage(bytes);
  }).finally(() => worker.terminate());
}

const EMPTY: CustomAvatarState = { step: 'empty', problem: null };
/** The largest file that is read at all, to say what is wrong with it. */
const READ_MAX_BYTES = AVATAR_LIMITS.sizeBytes * 6;

/** The file of the custom avatar that is already worn; null if the site no longer has it. */
async function fetchWorn(avatar: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
  const ref = parseAvatarRef(avatar);
  if (ref?.kind !== 'custom') return null;
  const answer = await fetch(customAvatarUrl(ref), { signal }).catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/** Reads, checks and uploads a custom avatar; `onWear` gets its reference when the upload is done. */
export function useCustomAvatar(avatar: string, upload: UploadAvatar, onWear: (avatar: string) => void) {
  const isWorn = parseAvatarRef(avatar)?.kind === 'custom';
  const [state, setState] = useState<CustomAvatarState>(isWorn ? { step: 'reading', fileName: '' } : EMPTY);
  const current = useRef(new AbortController());
  const first = useRef(avatar);

  /** Cancels the work in progress, whose late results are dropped. */
  const begin = (): AbortSignal => {
    current.current.abort();
    current.current = new AbortController();
    return current.current.signal;
  };

  const send = async (file: CheckedFile, hasPermission: boolean, signal: AbortSignal) => {
    setState({ ...file, step: 'sending' });
    try {
      const stored = await upload(file.bytes, { hasPermission, signal });
      if (signal.aborted) return;
      setState({ ...file, step: 'worn' });
      onWear(stored.avatar);
    } catch (error) {
      if (signal.aborted) return;
      const problem = uploadProblem(error);
      setState(hasPermission ? { ...file, step: 'asking', problem } : { step: 'empty', problem });
    }
  };

  const choose = async (file: File) => {
    const signal = begin();
    if (file.size > READ_MAX_BYTES) {
      setState({
        step: 'empty',
        problem: { key: 'avatarError.size', values: { detail: `${READ_MAX_BYTES / 1e6} MB` } },
      });
      return;
    }
    setState({ step: 'reading', fileName: file.name });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const next = afterCheck(await checkInWorker(bytes, signal), file.name, bytes);
    if (signal.aborted) return;
    setState(next);
    if (next.step === 'sending') await send(next, false, signal);
  };

  useEffect(() => {
    const { signal } = current.current;
    const worn = first.current;
    if (parseAvatarRef(worn)?.kind !== 'custom') return;
    void fetchWorn(worn, signal).then(async (bytes) => {
      if (signal.aborted) return;
      if (!bytes) return setState({ step: 'empty', problem: { key: 'custom.gone' } });
      const check = await checkInWorker(bytes, signal);
      if (signal.aborted || check.kind === 'broken') return;
      setState({ step: 'worn', fileName: '', bytes, report: check.report });
    });
    return () => current.current.abort();
  }, []);

  return {
    state,
    choose,
    /** Goes on with the author's permission, which the person claims to have. */
    permit: () => (state.step === 'asking' ? send(state, true, begin()) : undefined),
    /** Takes the avatar off, or starts again. */
    clear: () => {
      begin();
      setState(EMPTY);
    },
  };
}

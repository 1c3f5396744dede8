'use client';

import { useEffect, useRef, useState } from 'react';
import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import { parleyClient } from '@/app/_session/parleyClient';
import { ParleyApiError } from '@/lib/api';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { ownAvatarUrl, parseAvatarRef } from '@/lib/core/avatarRef';
import type { AvatarCheck } from './checkAvatarFile';

/** A sentence that says what is wrong. */
export interface OwnAvatarProblem {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

/** A file that has been read. */
export interface CheckedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: AvatarReport;
}

/**
 * How far somebody has come with an avatar of their own. `tooHeavy` and `asking` (for the author's permission) wait for
 * the person; `worn` is what the meeting will see.
 */
export type OwnAvatarState =
  | { readonly step: 'empty'; readonly problem: OwnAvatarProblem | null }
  | { readonly step: 'reading'; readonly fileName: string }
  | ({ readonly step: 'tooHeavy' } & CheckedFile)
  | ({ readonly step: 'asking'; readonly problem: OwnAvatarProblem | null } & CheckedFile)
  | ({ readonly step: 'sending' } & CheckedFile)
  | ({ readonly step: 'worn' } & CheckedFile);

/** What follows a check. */
function afterCheck(check: AvatarCheck, fileName: string, bytes: Uint8Array<ArrayBuffer>): OwnAvatarState {
  if (check.kind === 'broken') {
    const key = `ownError.${check.reason}` as const;
    return { step: 'empty', problem: { key, values: { detail: check.detail } } };
  }
  const file = { fileName, bytes, report: check.report };
  if (check.report.rank === 'tooHeavy') return { step: 'tooHeavy', ...file };
  return check.report.terms === 'permission'
    ? { step: 'asking', problem: null, ...file }
    : { step: 'sending', ...file };
}

/** The sentence for an upload that failed. */
function uploadProblem(error: unknown): OwnAvatarProblem {
  const { reason, retryAfterMs = 0 } = error instanceof ParleyApiError ? error : { reason: 'offline' as const };
  switch (reason) {
    case 'tooManyRequests':
      return { key: 'own.upload.tooManyRequests', values: { seconds: Math.ceil(retryAfterMs / 1000) } };
    case 'unavailable':
      return { key: 'own.upload.unavailable' };
    case 'badInput':
    case 'forbidden':
      return { key: 'own.upload.refused' };
    default:
      return { key: 'own.upload.offline' };
  }
}

/** Checks a file in a worker of its own, which may die of a hostile one. Never rejects; ends early by `signal`. */
function checkInWorker(bytes: Uint8Array, signal: AbortSignal): Promise<AvatarCheck> {
  const worker = new Worker(new URL('./checkAvatarFile.worker.ts', import.meta.url), { type: 'module' });
  signal.addEventListener('abort', () => worker.terminate());
  return new Promise<AvatarCheck>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<AvatarCheck>) => resolve(data);
    worker.onerror = () => resolve({ kind: 'broken', reason: 'container', detail: '' });
    worker.postMessage(bytes);
  }).finally(() => worker.terminate());
}

const EMPTY: OwnAvatarState = { step: 'empty', problem: null };
/** What is read at most, to say what is wrong with it. */
const READ_MAX_BYTES = AVATAR_LIMITS.sizeBytes * 6;

/** The file of an own avatar that is worn already; null where the site has it no more. */
async function fetchWorn(avatar: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
  const ref = parseAvatarRef(avatar);
  if (ref?.kind !== 'own') return null;
  const answer = await fetch(ownAvatarUrl(ref), { signal }).catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/** Reads, checks and brings along an avatar of one's own; `onWear` is told its reference once the site has it. */
export function useOwnAvatar(avatar: string, onWear: (avatar: string) => void) {
  const isWorn = parseAvatarRef(avatar)?.kind === 'own';
  const [state, setState] = useState<OwnAvatarState>(isWorn ? { step: 'reading', fileName: '' } : EMPTY);
  const current = useRef(new AbortController());
  const first = useRef(avatar);

  /** Ends what was going on; what comes of it late is dropped. */
  const begin = (): AbortSignal => {
    current.current.abort();
    current.current = new AbortController();
    return current.current.signal;
  };

  const send = async (file: CheckedFile, hasPermission: boolean, signal: AbortSignal) => {
    setState({ ...file, step: 'sending' });
    try {
      const stored = await parleyClient().avatar.upload(file.bytes, { hasPermission, signal });
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
      setState({ step: 'empty', problem: { key: 'ownError.size', values: { detail: `${READ_MAX_BYTES / 1e6} MB` } } });
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
    if (parseAvatarRef(worn)?.kind !== 'own') return;
    void fetchWorn(worn, signal).then(async (bytes) => {
      if (signal.aborted) return;
      if (!bytes) return setState({ step: 'empty', problem: { key: 'own.gone' } });
      const check = await checkInWorker(bytes, signal);
      if (signal.aborted || check.kind === 'broken') return;
      setState({ step: 'worn', fileName: '', bytes, report: check.report });
    });
    return () => current.current.abort();
  }, []);

  return {
    state,
    choose,
    /** The person says to have the author's permission. */
    permit: () => (state.step === 'asking' ? send(state, true, begin()) : undefined),
    /** Takes it off, or begins anew. */
    clear: () => {
      begin();
      setState(EMPTY);
    },
  };
}

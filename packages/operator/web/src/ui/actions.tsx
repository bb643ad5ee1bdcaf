/** What can be done to a monitor, and what the server said to it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem, postJson } from '../api/client.js';
import type { MonitorDetail } from '../api/types.js';
import { askForToken } from '../live/token.js';

type Action = 'restart' | 'round' | 'pause' | 'resume';

const DONE: Readonly<Record<Action, string>> = {
  restart: 'A new run was asked for.',
  round: 'A round was asked for.',
  pause: 'It is being paused.',
  resume: 'It runs again.',
};
const SHOWN_MS = 6_000;

interface Said {
  readonly text: string;
  readonly isBad: boolean;
}

export function Actions({ monitor }: { readonly monitor: MonitorDetail }): JSX.Element {
  const [said, setSaid] = useState<Said | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (said === null || said.isBad) return;
    const timer = setTimeout(() => {
      setSaid(null);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  const act = async (action: Action): Promise<void> => {
    setBusy(true);
    try {
      await postJson(`/api/v1/monitors/${encodeURIComponent(monitor.id)}/${action}`);
      setSaid({ text: DONE[action], isBad: false });
    } catch (error) {
      if (error instanceof ApiProblem && error.isTokenMissing) askForToken(null, () => void act(action));
      else setSaid({ text: sentenceOf(error), isBad: true });
    } finally {
      setBusy(false);
    }
  };
  const isUp = monitor.state === 'running';
  return (
    <div class="actions">
      <div class="buttons">
        <ActionButton word="Round now" isOff={isBusy || !isUp} onClick={() => act('round')} />
        <ActionButton word="Restart" isOff={isBusy || monitor.isPaused} onClick={() => act('restart')} />
        {monitor.isPaused ? (
          <ActionButton word="Resume" isOff={isBusy} onClick={() => act('resume')} />
        ) : (
          <ActionButton word="Pause" isOff={isBusy} onClick={() => act('pause')} />
        )}
      </div>
      <p class={said?.isBad === true ? 'said wrong' : 'said'} role="status">
        {said?.text}
      </p>
    </div>
  );
}

interface ActionButtonProps {
  readonly word: string;
  readonly isOff: boolean;
  readonly onClick: () => Promise<void>;
}

function ActionButton({ word, isOff, onClick }: ActionButtonProps): JSX.Element {
  return (
    <button type="button" disabled={isOff} onClick={() => void onClick()}>
      {word}
    </button>
  );
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'It could not be asked for.';
  return error.remedy === null ? error.message : `${error.message}. ${error.remedy}`;
}

/** What config says shall run, what of it runs, and what was refused and why. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem, getJson } from '../api/client.js';
import type { Refusal, Scope } from '../api/types.js';
import { freshness, onLiveEvent } from '../live/start.js';
import { now } from '../live/status.js';
import { clockTime, counted, wholeNumber } from '../model/format.js';
import { Glyph } from './glyph.js';
import { Foreign } from './name.js';

export function ConfigView(): JSX.Element {
  const { scopes, problem } = useScopes();
  const sorted = [...(scopes ?? [])].sort(
    (a, b) => refusalsOf(b) - refusalsOf(a) || (a.scope < b.scope ? -1 : 1),
  );
  const refused = sorted.reduce((sum, scope) => sum + refusalsOf(scope), 0);
  return (
    <>
      <div class="view-head">
        <h1>{scopes !== null && refused > 0 ? `Config: ${counted(refused, 'refusal')}` : 'Config'}</h1>
        <p class="quiet">
          {problem ??
            (scopes === null
              ? 'Reading.'
              : refused === 0
                ? 'Everything that was sent last was taken.'
                : 'What was refused changes nothing: what ran before goes on.')}
        </p>
      </div>
      {scopes?.length === 0 && <p class="empty">No config was taken yet.</p>}
      <div class="scopes">
        {sorted.map((scope) => (
          <ScopeCard key={scope.scope} scope={scope} />
        ))}
      </div>
    </>
  );
}

function refusalsOf({ refusals, notTaken }: Scope): number {
  return refusals.length + (notTaken === null ? 0 : Math.max(1, notTaken.refusals.length));
}

function ScopeCard({ scope }: { readonly scope: Scope }): JSX.Element {
  const { wanted, running, takenAt, refusals, notTaken } = scope;
  const isWhole = running === wanted;
  return (
    <section class="card scope" aria-label={`Scope ${scope.scope.slice(0, 100)}`}>
      <h2>
        <Foreign text={scope.scope} most={120} />
      </h2>
      <p class="scope-line">
        <span class={`sign tone-${isWhole ? 'good' : 'warn'}`}>
          <Glyph shape={isWhole ? 'check' : 'diamond'} tone={isWhole ? 'good' : 'warn'} />
          <span class="sign-word">
            {wholeNumber(running)} of {wholeNumber(wanted)} running
          </span>
        </span>
        <span class="quiet">
          {takenAt === null ? 'taken in an earlier life' : `taken ${clockTime(takenAt, now.value)}`}
        </span>
      </p>
      {notTaken !== null && (
        <>
          <h3>Not taken at all, {clockTime(notTaken.at, now.value)}</h3>
          <Refusals refusals={notTaken.refusals} />
        </>
      )}
      {refusals.length > 0 && (
        <>
          <h3>Refused entries</h3>
          <Refusals refusals={refusals} />
        </>
      )}
    </section>
  );
}

function Refusals({ refusals }: { readonly refusals: readonly Refusal[] }): JSX.Element {
  return (
    <ul class="refusals">
      {refusals.map(({ code, configId, field, reason, remedy }, index) => (
        <li key={index} class="problem tone-bad">
          <p>
            <code>{code}</code> {configId !== null && <Foreign text={configId} most={120} />}
            {field !== null && (
              <span class="quiet">
                {' '}
                field <Foreign text={field} most={80} />
              </span>
            )}
          </p>
          <p>
            <Foreign text={reason} most={400} />
          </p>
          <p class="remedy">{remedy}</p>
        </li>
      ))}
    </ul>
  );
}

/** Read when the view opens, and again when config comes. */
function useScopes(): { readonly scopes: readonly Scope[] | null; readonly problem: string | null } {
  const [scopes, setScopes] = useState<readonly Scope[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stream = freshness.value;
  useEffect(() => {
    const ended = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const { items } = await getJson<{ readonly items: readonly Scope[] }>(
          '/api/v1/configs',
          ended.signal,
        );
        setScopes(items);
        setProblem(null);
      } catch (error) {
        if (!ended.signal.aborted)
          setProblem(error instanceof ApiProblem ? error.message : 'It cannot be read');
      }
    };
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = onLiveEvent(({ name }) => {
      if (name === 'monitor.round-ended') return;
      timer ??= setTimeout(() => {
        timer = null;
        void read();
      }, 500);
    });
    void read();
    return () => {
      stop();
      ended.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [stream]);
  return { scopes, problem };
}

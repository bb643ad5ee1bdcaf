/** Says when what one sees is not live, and what is done about it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { connection, retryNow } from '../live/connection.js';
import { askForToken } from '../live/token.js';

export function LinkBanner(): JSX.Element | null {
  const state = connection.value;
  if (state.state === 'locked') {
    return (
      <div class="banner tone-warn">
        <span>This server shows monitors to those who have a token.</span>
        <button
          type="button"
          onClick={() => {
            askForToken(null);
          }}
        >
          Enter a token
        </button>
      </div>
    );
  }
  if (state.state !== 'lost') return null;
  return (
    <div class="banner tone-bad">
      <span>
        {state.why}. What you see is from before. <Countdown until={state.retryAt} />
      </span>
      <button type="button" onClick={retryNow}>
        Try now
      </button>
    </div>
  );
}

/** Its own clock: that of the page stands still while the server is away. */
function Countdown({ until }: { readonly until: number }): JSX.Element {
  const [left, setLeft] = useState(until - Date.now());
  useEffect(() => {
    setLeft(until - Date.now());
    const timer = setInterval(() => {
      setLeft(until - Date.now());
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, [until]);
  return <span>{left > 0 ? `Next try in ${Math.ceil(left / 1_000)} s.` : 'Trying.'}</span>;
}

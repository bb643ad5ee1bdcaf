/** Asks for a token. Promise: it is sent to the server only, and kept as long as the tab. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, tryToken } from '../api/client.js';
import { keepToken, tokenWish } from '../live/token.js';

export function TokenDialog(): JSX.Element | null {
  const wish = tokenWish.value;
  return wish === null ? null : <OpenDialog problem={wish.problem} />;
}

function OpenDialog({ problem }: { readonly problem: string | null }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(problem);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    input.current?.focus();
  }, []);
  const close = (): void => {
    tokenWish.value = null;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (text === '') return void setWrong('Nothing was entered');
    setBusy(true);
    try {
      await tryToken(text);
      keepToken(text);
    } catch (error) {
      setWrong(error instanceof ApiProblem ? sentenceOf(error) : 'It holds signs that no token has');
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="token-title" onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="token-title">A token is needed</h2>
        <p>
          One line of the file that <code>vedette run --token-file</code> was given, or{' '}
          <code>VEDETTE_API_TOKEN</code>. It is kept until this tab is closed.
        </p>
        <label for="token">Token</label>
        <input
          id="token"
          ref={input}
          type="password"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={wrong !== null}
          aria-describedby="token-wrong"
        />
        <p id="token-wrong" class="wrong" role="alert">
          {wrong}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            Not now
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Use it
          </button>
        </div>
      </form>
    </dialog>
  );
}

function sentenceOf({ message, remedy }: ApiProblem): string {
  return remedy === null ? message : `${message}. ${remedy}`;
}

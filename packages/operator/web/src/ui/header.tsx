/** Where one is, where one can go, whether what one sees is live. */
import type { JSX } from 'preact';
import { connection, type Connection } from '../live/connection.js';
import { nextTheme, theme, type Theme } from '../live/theme.js';
import type { Route } from '../model/route.js';

const PLACES: readonly (readonly [views: readonly Route['view'][], hash: string, word: string])[] = [
  [['overview'], '#/', 'Overview'],
  [['monitors', 'monitor'], '#/monitors', 'Monitors'],
  [['chains'], '#/chains', 'Chains'],
  [['config'], '#/config', 'Config'],
];

export function Header({ view }: { readonly view: Route['view'] }): JSX.Element {
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Vedette, overview">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <rect width="24" height="24" rx="6" />
          <path d="M6 7l6 11 6-11" />
          <circle cx="12" cy="8" r="1.9" />
        </svg>
        <span class="brand-word">Vedette</span>
      </a>
      <nav aria-label="Views">
        {PLACES.map(([views, hash, word]) => (
          <a key={hash} href={hash} aria-current={views.includes(view) ? 'page' : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <LinkState />
      <ThemeSwitch />
    </header>
  );
}

const LINK_WORDS: Readonly<Record<Connection['state'], readonly [word: string, tone: string]>> = {
  connecting: ['Connecting', 'note'],
  live: ['Live', 'good'],
  lost: ['Reconnecting', 'bad'],
  locked: ['Locked', 'warn'],
};

function LinkState(): JSX.Element {
  const [word, tone] = LINK_WORDS[connection.value.state];
  return (
    <span class={`live tone-${tone}`} role="status" data-state={connection.value.state}>
      <span class="live-dot" aria-hidden="true" />
      {word}
    </span>
  );
}

const THEME_PATHS: Readonly<Record<Theme, string>> = {
  auto: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 4v16M12 8h6.8M12 12h8M12 16h6.8',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
};

function ThemeSwitch(): JSX.Element {
  const label = `Colours: ${theme.value === 'auto' ? 'as the system' : theme.value}; change`;
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={nextTheme}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={THEME_PATHS[theme.value]} />
      </svg>
    </button>
  );
}

/** The frame of every view, and which view it is. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { route } from '../live/address.js';
import type { Route } from '../model/route.js';
import { ChainsView } from './chains-view.js';
import { ConfigView } from './config-view.js';
import { Header } from './header.js';
import { LinkBanner } from './link-banner.js';
import { MonitorView } from './monitor-view.js';
import { MonitorsView } from './monitors-view.js';
import { Overview } from './overview.js';
import { TokenDialog } from './token-dialog.js';

export function App(): JSX.Element {
  const main = useRef<HTMLElement>(null);
  const here = route.value;
  const place = here.view === 'monitor' ? `monitor ${here.id}` : here.view;
  const before = useRef(place);
  // Who uses a reader or the keyboard goes on at the top of what they went to.
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  return (
    <>
      <a class="skip" href="#main" onClick={skipTo(main)}>
        Skip to content
      </a>
      <Header view={here.view} />
      <LinkBanner />
      <main id="main" ref={main} tabIndex={-1} class={`view view-${here.view}`}>
        <View here={here} />
      </main>
      <TokenDialog />
    </>
  );
}

function View({ here }: { readonly here: Route }): JSX.Element {
  switch (here.view) {
    case 'overview':
      return <Overview />;
    case 'monitors':
      return <MonitorsView query={here.query} />;
    case 'monitor':
      return <MonitorView key={here.id} id={here.id} />;
    case 'chains':
      return <ChainsView />;
    case 'config':
      return <ConfigView />;
    case 'nowhere':
      return (
        <div class="empty">
          <h1>There is nothing here</h1>
          <p>
            This address leads nowhere. <a href="#/">Go to the overview</a>
          </p>
        </div>
      );
  }
}

/** The hash holds the route: a plain link to `#main` would leave the view. */
function skipTo(main: { readonly current: HTMLElement | null }): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    main.current?.focus();
  };
}

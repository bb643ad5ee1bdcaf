/** The route the address bar holds, as a signal. */
import { signal } from '@preact/signals';
import { hashOf, routeOf, type Route } from '../model/route.js';

export const route = signal<Route>(routeOf(location.hash));

export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = routeOf(location.hash);
  });
}

/** What is typed changes the address without a step to go back over. */
export function refine(next: Route): void {
  history.replaceState(null, '', hashOf(next));
  route.value = next;
}

export function goTo(hash: string): void {
  location.hash = hash;
}

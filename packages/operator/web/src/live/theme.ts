/** Light, dark, or as the system has it. Promise: only that word is kept in the browser. */
import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'vedette.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

export const theme = signal<Theme>(kept());

export function nextTheme(): void {
  theme.value = NEXT[theme.peek()];
  try {
    localStorage.setItem(KEY, theme.peek());
  } catch {
    // A browser that keeps nothing: it holds for this page.
  }
  showTheme();
}

export function showTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.peek() === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme.peek();
}

function kept(): Theme {
  try {
    const word = localStorage.getItem(KEY);
    return word === 'light' || word === 'dark' ? word : 'auto';
  } catch {
    return 'auto';
  }
}

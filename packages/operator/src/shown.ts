/** What leaves the server of settings and errors. Promise: no credential among them, and nothing without an end. */
import {
  ERROR_CODES,
  isSecretName,
  maskText,
  type JsonObject,
  type JsonValue,
  type SerialisedError,
} from '@vedette/contract';

const MASK = '***';
const MAX_TEXT = 2_000;
/** Longer text is not shown at all: masking must stay cheap. */
const MAX_MASKED = 16_000;
const MAX_DEPTH = 8;
const MAX_ITEMS = 500;
/** Names the contract does not know, which people give to headers and keys of their own kinds. */
const MORE_SECRETS =
  /authoriz|auth(?!or)|cookie|private|signature|passphrase|mnemonic|bearer|jwt|(^|[_-])(key|pin|pwd)$|[a-z]Key$/i;

/** What an `Authorization` header holds, wherever it stands. */
const HEADER_VALUE = /\b(bearer|basic) +[\w+/=.~-]{8,}/gi;

/** Settings as a person may see them: values of secret names and credentials in texts are masked. */
export function shownSettings(settings: JsonObject): JsonObject {
  return masked(settings, 0) as JsonObject;
}

export function shownText(text: string): string {
  if (text.length > MAX_MASKED) return `text of ${text.length} characters`;
  // Masked before it is cut: half a URL does not look like one.
  const shown = maskText(text).replace(HEADER_VALUE, '$1 ***');
  return shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT)}…` : shown;
}

/** Without stack: it names files of the machine. */
export interface ShownError {
  readonly code: string | null;
  readonly message: string;
  readonly remedy: string | null;
}

export function shownError(error: SerialisedError): ShownError {
  const { code, message } = error;
  return { code, message: shownText(message), remedy: code === null ? null : ERROR_CODES[code][1] };
}

function masked(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return shownText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => masked(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, isHidden(name, item) ? MASK : masked(item, depth + 1)]),
  );
}

/** That there is none is no secret. */
function isHidden(name: string, value: JsonValue): boolean {
  if (value === null || value === '' || typeof value === 'boolean') return false;
  return isSecretName(name) || MORE_SECRETS.test(name);
}

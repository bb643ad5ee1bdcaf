/** User names and passwords in URLs of settings: refused unless allowed, at any depth. */
import type { Refusal } from './config-message.js';
import type { JsonValue } from './json.js';

/** `names`: how the message calls a setting. */
export function credentialRefusals(
  configId: string,
  settings: Readonly<Record<string, JsonValue | undefined>>,
  options: { readonly allowUrlCredentials?: boolean | undefined },
  names: Readonly<Record<string, string>> = {},
): Refusal[] {
  if (options.allowUrlCredentials === true) return [];
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined && holdsCredentials(value))
    .map(([setting]) => {
      const field = names[setting] ?? setting;
      return {
        code: 'CONFIG_INVALID_URL' as const,
        configId,
        field,
        reason: `${field} carries a user name or password in its URL`,
        remedy: 'Take them out, or set VEDETTE_ALLOW_URL_CREDENTIALS=true to accept them',
      };
    });
}

function holdsCredentials(value: JsonValue): boolean {
  if (typeof value === 'string') {
    return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(value) || /^[^/?#\s:@]+:[^/?#\s@]*@/.test(value);
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsCredentials);
}

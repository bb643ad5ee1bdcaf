/** Schema pieces strategies share; main thread only, since a schema library is too dear for a worker. */
import { z } from 'zod';

const MAX_TEXT = 2_000;

/** Non-empty text of bounded length without control characters: names and ids. */
export const label = z
  .string()
  .min(1, 'must not be empty')
  .max(300, 'must be at most 300 characters')
  // eslint-disable-next-line no-control-regex -- control characters would corrupt logs and terminals
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'must not hold control characters');

/** Protocols a source is reached by. */
type Schemes = readonly ['http', 'https'] | readonly ['ws', 'wss'];

/** A complete URL with one of two schemes; credentials are judged by the strategy. */
function urlWith(schemes: Schemes): z.ZodString {
  return z
    .string()
    .max(MAX_TEXT)
    .superRefine((text, context) => {
      const problem = urlProblem(text, schemes);
      if (problem !== null) {
        context.addIssue({ code: 'custom', message: problem, params: { code: 'CONFIG_INVALID_URL' } });
      }
    });
}

/**
 * A URL in PANIC's form. Text without a scheme is kept: PANIC starts such a monitor, which then publishes
 * an error, and its alerters tell the operator. A foreign scheme is refused.
 */
function panicUrlWith(schemes: Schemes): z.ZodString {
  return z
    .string()
    .max(MAX_TEXT)
    .superRefine((text, context) => {
      const scheme = /^([a-z][a-z0-9+.-]*):(?:\/\/|(?!\d))/i.exec(text)?.[1]?.toLowerCase();
      if (scheme === undefined || schemes.some((one) => one === scheme) || /^[^:/]+\.[^:/]+:/.test(text))
        return;
      context.addIssue({
        code: 'custom',
        message: `must use ${schemes.join(' or ')}, not ${scheme.slice(0, 20)}`,
        params: { code: 'CONFIG_INVALID_URL' },
      });
    });
}

const HTTP = ['http', 'https'] as const;
const WEB_SOCKET = ['ws', 'wss'] as const;

/** Schema of an http: or https: URL. */
export const httpUrl = urlWith(HTTP);
/** Its monitor publishes 5009 for text without a scheme. */
export const panicUrl = panicUrlWith(HTTP);
/** Schema of a ws: or wss: URL. */
export const wsUrl = urlWith(WEB_SOCKET);
/** Its monitor publishes 5015 for text without a scheme. */
export const panicWsUrl = panicUrlWith(WEB_SOCKET);

const MAX_URLS = 100;

/** PANIC's comma-separated URLs, at least one. Blank items are dropped; trimming is ours: URLs hold no blanks. */
export const panicUrlList = z
  .string()
  .max(20_000, 'must be at most 20000 characters')
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''))
  .superRefine((urls, context) => {
    if (urls.length === 0) context.addIssue({ code: 'custom', message: 'must name at least one URL' });
    if (urls.length > MAX_URLS) {
      context.addIssue({ code: 'custom', message: `must name at most ${String(MAX_URLS)} URLs` });
    }
    for (const [index, url] of urls.slice(0, MAX_URLS).entries()) {
      const problem = panicUrl.safeParse(url).error?.issues[0];
      if (problem === undefined) continue;
      const message = `item ${String(index + 1)} ${problem.message}`;
      context.addIssue({ code: 'custom', message, params: { code: 'CONFIG_INVALID_URL' } });
    }
  });

/** The same in native settings. */
export const httpUrlList = z
  .array(httpUrl)
  .min(1, 'must name at least one URL')
  .max(MAX_URLS, `must name at most ${String(MAX_URLS)} URLs`);

function urlProblem(text: string, schemes: Schemes): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `must be a complete URL such as ${schemes[0]}://host:port/path`;
  }
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.some((one) => one === scheme)) {
    return `must use ${schemes.join(' or ')}, not ${url.protocol.slice(0, 20)}`;
  }
  return url.hostname === '' ? 'must name a host' : null;
}

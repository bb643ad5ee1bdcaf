/**
 * One request of a command. Not `fetch`: loading that takes longer than all the rest of a short command. Promise:
 * redirects are not followed, so that a token goes nowhere else.
 */
import { request as plainRequest, type IncomingMessage } from 'node:http';

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request and whatever is still to be read of its answer. */
  readonly signal: AbortSignal;
}

/** Resolves with the head; the rest is read from it. Rejects with what the socket says, or an AbortError. */
export async function askHttp(url: string, { method, headers, body, signal }: Ask): Promise<IncomingMessage> {
  // TLS is loaded where it is needed.
  const request = url.startsWith('https:') ? (await import('node:https')).request : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
      // A command asks a few times and ends: a connection that is kept open would hold it up.
      agent: false,
    });
    sent.on('error', reject).once('response', resolve).end(body);
  });
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) text += String(chunk);
  return text;
}

/** A client of events over a socket, as a browser would be one. It can also stop reading. */
import { get, type IncomingMessage } from 'node:http';

export interface Told {
  readonly id: string | null;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into data of any shape
  readonly data: any;
}

export interface EventClient {
  readonly status: number;
  readonly told: readonly Told[];
  readonly isEnded: () => boolean;
  of(event: string): Told[];
  pause(): void;
  resume(): void;
  close(): void;
}

export async function listenTo(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  const told: Told[] = [];
  let text = '';
  let isEnded = false;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const one = parse(text.slice(0, end));
      if (one !== null) told.push(one);
      text = text.slice(end + 2);
    }
  });
  response.on('error', () => undefined);
  response.once('close', () => {
    isEnded = true;
  });
  return {
    status: response.statusCode ?? 0,
    told,
    isEnded: () => isEnded,
    of: (event) => told.filter((one) => one.event === event),
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}

function parse(block: string): Told | null {
  const fields = new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }),
  );
  const event = fields.get('event');
  if (event === undefined) return null;
  return { id: fields.get('id') ?? null, event, data: JSON.parse(fields.get('data') ?? 'null') };
}

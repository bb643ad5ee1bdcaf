/** An operator on a real manager, asked without a socket. */
import type { InjectOptions } from 'fastify';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { Operator, type OperatorOptions } from '../../src/index.js';
import { aManager, type TestManager } from './a-manager.js';

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  readonly json: any;
}

export interface TestOperator extends TestManager {
  readonly operator: Operator;
  get(url: string, headers?: Record<string, string>): Promise<Answered>;
  post(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  ask(options: InjectOptions): Promise<Answered>;
  stop(): Promise<void>;
}

export function anOperator(
  options: Partial<OperatorOptions> = {},
  strategies: readonly MonitorStrategy[] = [],
): TestOperator {
  const under = aManager(strategies);
  const operator = new Operator({
    manager: under.manager,
    listen: { host: '127.0.0.1', port: 0 },
    allowActions: true,
    ...options,
  });
  const ask = async (request: InjectOptions): Promise<Answered> => {
    const { statusCode, payload, headers } = await operator.server.inject({
      ...request,
      headers: { host: '127.0.0.1', ...request.headers },
    });
    const type = String(headers['content-type']).split(';')[0] ?? '';
    return {
      status: statusCode,
      type,
      text: payload,
      json: type.includes('json') && payload !== '' ? JSON.parse(payload) : null,
    };
  };
  return {
    ...under,
    operator,
    ask,
    get: (url, headers = {}) => ask({ url, headers }),
    post: (url, body = {}, headers = {}) =>
      ask({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async stop() {
      await operator.close();
      await under.manager.stop();
    },
  };
}

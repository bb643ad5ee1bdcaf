/** The HTTP server with its limits and its way to answer what goes wrong. Routes are added by others. */
import { serialiseError, VedetteError, type Logger } from '@vedette/contract';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { z } from 'zod';
import { describeIssues } from './issues.js';
import { readJsonOnly } from './json-body.js';
import { codedError, PROBLEM_TYPE, problemOf } from './problem.js';

/** Sockets at a time; further ones are closed at once. */
export const MAX_CONNECTIONS = 512;
/** Of bodies, where a route does not say otherwise. */
export const BODY_LIMIT_BYTES = 16 * 1024;
/** A request line, headers included, must have come by then. */
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** A connection on which nothing moves, neither in nor out; streams of events are never quiet for so long. */
const STUCK_MS = 30_000;
/** Ids hold up to 300 characters, each up to nine once encoded. */
const MAX_PARAM_LENGTH = 4_000;

export function createServer(logger: Logger): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: STUCK_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(rawProblem(error as NodeJS.ErrnoException));
      else socket.destroy();
    },
    frameworkErrors: (error, _request, reply) => {
      answer(reply as FastifyReply, error, logger);
    },
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  readJsonOnly(server);
  server.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data };
    return {
      error: new VedetteError('API_BAD_REQUEST', describeIssues(parsed.error, value, httpPart ?? 'request')),
    };
  });
  server.setErrorHandler<FastifyError>((error, _request, reply) => answer(reply, error, logger));
  const methodsOf = methodsByPath(server);
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '');
    if (methods.length === 0) {
      return answer(reply, new VedetteError('API_NOT_FOUND', 'there is nothing at this path'), logger);
    }
    reply.header('allow', methods.join(', '));
    return answer(
      reply,
      new VedetteError('API_METHOD_NOT_ALLOWED', 'this path takes another method'),
      logger,
    );
  });
  return server;
}

/** Which methods a path takes, of all routes added from now on. */
function methodsByPath(server: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const text = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    routes.push({ pattern: new RegExp(`^${text}$`), methods: [method].flat() });
  });
  return (path) => [
    ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
  ];
}

function answer(reply: FastifyReply, thrown: unknown, logger: Logger): FastifyReply {
  const error = codedError(thrown);
  if (error.code === 'API_FAILED') {
    logger.log('error', 'A request failed', { component: 'operator', err: serialiseError(error.cause) });
  }
  const problem = problemOf(error);
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** For what Node's parser refuses, before there is a request. */
function rawProblem({ code: why }: NodeJS.ErrnoException): string {
  const [line, status] =
    why === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 431]
      : why === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 408]
        : ['400 Bad Request', 400];
  const error = new VedetteError('API_BAD_REQUEST', 'the request is no HTTP, too large or too slow');
  const body = JSON.stringify({ ...problemOf(error), status });
  const head = [
    `HTTP/1.1 ${line}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

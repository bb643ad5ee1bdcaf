/** One operation of the API: what validates a request also describes it. */
import type { ErrorCode } from '@vedette/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Need } from '../access.js';

export interface Answer {
  readonly what: string;
  /** Registered under a name. Absent for what is no JSON. */
  readonly schema?: z.ZodType;
  /** Default application/json. */
  readonly type?: string;
}

export interface Request<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Shape<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for a parameter. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly need: Need;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyLimit?: number;
  /** Status of a good answer. Default 200. */
  readonly status?: 200 | 202;
  readonly answer: Answer;
  /** Codes of its own; those every operation can answer with are known. */
  readonly problems?: readonly ErrorCode[];
}

/** As the server and the document take it. */
export interface Endpoint extends Shape<z.ZodObject, z.ZodObject, z.ZodType> {
  readonly handle: (request: Request<unknown, unknown, unknown>) => unknown;
}

/** Gives the handler the types of its schemas. */
export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  shape: Shape<P, Q, B> & {
    readonly handle: (request: Request<z.output<P>, z.output<Q>, z.output<B>>) => unknown;
  },
): Endpoint {
  return shape as unknown as Endpoint;
}

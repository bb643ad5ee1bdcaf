/** What leaves a worker about errors and log fields: plain data without credentials. */
import {
  maskText,
  serialiseError,
  type JsonObject,
  type JsonValue,
  type LogFields,
  type SerialisedError,
} from '@vedette/contract';
import { copyJson } from './plain-json.js';

/** Serialised with its causes; every URL in a text is masked. */
export function reportable(error: unknown): SerialisedError {
  return masked(serialiseError(error));
}

/** Log fields as JSON: errors serialised, texts masked, what JSON cannot hold as text. */
export function plainFields(fields: LogFields): JsonObject {
  const plain: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) plain[name] = plainField(value);
  }
  return plain;
}

function masked(error: SerialisedError): SerialisedError {
  return {
    ...error,
    message: maskText(error.message),
    details: plainFields(error.details),
    ...(error.stack === undefined ? {} : { stack: maskText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: masked(error.cause) }),
  };
}

function plainField(value: unknown): JsonValue {
  if (value instanceof Error) return reportable(value) as unknown as JsonObject;
  if (typeof value === 'string') return maskText(value);
  try {
    return copyJson(value);
  } catch {
    return maskText(String(value)).slice(0, 500);
  }
}

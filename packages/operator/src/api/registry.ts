/** Schemas that have a name in the API's document. */
import { z } from 'zod';

export const named = z.registry<{ id: string }>();

/** Registers and gives back. */
export function name<T extends z.ZodType>(id: string, schema: T): T {
  named.add(schema, { id });
  return schema;
}

/** Values of a chain on their way into a message: JSON is a part of what a message can hold. */
import type { WireObject, WireValue } from '@vedette/contract';

export function wire(json: unknown): WireValue {
  return json as WireValue;
}

export function wireObject(json: object): WireObject {
  return json as WireObject;
}

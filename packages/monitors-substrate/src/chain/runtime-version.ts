/** Which code a chain runs at a block. Storage and events are laid out as this version says. */
import { isJsonObject, VedetteError } from '@vedette/contract';

export interface RuntimeVersion {
  readonly specName: string;
  readonly specVersion: number;
}

/** Reads the answer of `state_getRuntimeVersion`. */
export function versionOf(answer: unknown, url: string): RuntimeVersion {
  const specName = isJsonObject(answer) ? answer['specName'] : undefined;
  const specVersion = isJsonObject(answer) ? answer['specVersion'] : undefined;
  if (typeof specName === 'string' && typeof specVersion === 'number') return { specName, specVersion };
  throw new VedetteError('SOURCE_BAD_BODY', `${url} does not say which runtime it runs`);
}

export function isSameVersion(one: RuntimeVersion, other: RuntimeVersion): boolean {
  return one.specName === other.specName && one.specVersion === other.specVersion;
}

/** Expects a request to fail with a code. */
import { isVedetteError, type ErrorCode, type VedetteError } from '@vedette/contract';
import { expect } from 'chai';
import { httpRequest, type HttpRequest } from '../../src/sources/http.js';

export async function refused(request: HttpRequest, code: ErrorCode): Promise<VedetteError> {
  const error: unknown = await httpRequest(request).then(
    () => expect.fail('it was answered'),
    (reason: unknown) => reason,
  );
  if (!isVedetteError(error)) throw error;
  expect(error.code).to.equal(code);
  return error;
}

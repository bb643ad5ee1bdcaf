import { expect } from 'chai';
import { answer, BROKEN, startStub, type StubSource } from '../../../../test/support/stub-source.js';
import {
  batchesOf,
  closeHttp,
  isRevert,
  JsonRpcSource,
  jsonOf,
  type RpcAnswer,
  type RpcCall,
} from '@vedette/monitor';

interface Asked extends RpcCall {
  readonly id: number;
}

describe('many JSON-RPC calls at once', () => {
  let stub: StubSource;
  beforeEach(async () => {
    stub = await startStub(BROKEN.reset);
  });
  afterEach(async () => {
    closeHttp();
    await stub.close();
  });

  const ask = (
    count: number,
    options: { isBatched?: boolean; requestMs?: number; budgetMs?: number } = {},
  ): Promise<RpcAnswer[]> => {
    const { requestMs = 3_000, budgetMs = 6_000, ...rest } = options;
    const source = new JsonRpcSource({
      url: stub.url,
      signal: new AbortController().signal,
      requestMs,
      budgetMs,
      ...rest,
    });
    return source.ask(Array.from({ length: count }, (_none, index) => ({ method: 'm', params: [index] })));
  };
  const replies = (make: (call: Asked) => object) => {
    stub.behave((socket, request) => {
      const asked = JSON.parse(request.body) as Asked | Asked[];
      const body = Array.isArray(asked) ? asked.map(make).reverse() : make(asked);
      answer(JSON.stringify(body), { type: 'application/json' })(socket, request);
    });
  };
  const codesOf = (answers: readonly RpcAnswer[]): unknown[] =>
    answers.map((one) => ('error' in one ? one.error.code : one.result));

  it('are answered in their order, whatever that of the replies', async () => {
    replies(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
    expect(codesOf(await ask(123))).to.deep.equal(Array.from({ length: 123 }, (_none, index) => index));
    expect(stub.requests).to.have.lengthOf(8);
  });

  it('fail each by itself: a missing reply, an error, a revert, no reply at all', async () => {
    replies(
      ({ id, params }) =>
        [
          { jsonrpc: '2.0', id, result: 'ok' },
          { jsonrpc: '2.0', id: 77, result: 'whose?' },
          { jsonrpc: '2.0', id, error: { code: -32000, message: 'header not found' } },
          { jsonrpc: '2.0', id, error: { code: -32000, message: 'VM Exception: revert' } },
          { jsonrpc: '2.0', id },
        ][Number(params[0])] as object,
    );
    const answers = await ask(5);
    expect(codesOf(answers)).to.deep.equal([
      'ok',
      'SOURCE_BAD_BODY',
      'SOURCE_HTTP_STATUS',
      'SOURCE_HTTP_STATUS',
      'SOURCE_BAD_BODY',
    ]);
    expect(answers.map((one) => 'error' in one && isRevert(one.error))).to.deep.equal([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  it('travel singly where batches are known to be refused', async () => {
    replies(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
    expect(codesOf(await ask(20, { isBatched: false }))).to.have.lengthOf(20);
    expect(stub.requests).to.have.lengthOf(20);
  });

  it('end with the budget of all together', async () => {
    stub.behave(BROKEN['black hole']);
    const begun = performance.now();
    const codes = codesOf(await ask(30, { isBatched: false, requestMs: 200, budgetMs: 300 }));
    expect(performance.now() - begun).to.be.lessThan(2_000);
    expect(new Set(codes)).to.deep.equal(new Set(['SOURCE_TIMEOUT']));
  });

  it('are split into as many batches as may be in flight, none too small or too large', () => {
    expect([0, 1, 10, 11, 80, 200, 401].map((count) => batchesOf(count).length)).to.deep.equal([
      0, 1, 1, 2, 8, 8, 9,
    ]);
    expect(batchesOf(11)).to.deep.equal([
      [0, 10],
      [10, 11],
    ]);
  });
});

describe('a body', () => {
  it('is JSON in UTF-8, or nothing', () => {
    expect(jsonOf(Buffer.from('{"a": "é"}'))).to.deep.equal({ a: 'é' });
    for (const bytes of ['', '{', '<html>']) expect(jsonOf(Buffer.from(bytes))).to.equal(undefined);
    expect(jsonOf(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { refusalFor, type Caller, type Need, type Policy } from '../src/access.js';

const NOBODY: Caller = {
  token: 'none',
  hostHeader: '127.0.0.1:9464',
  origin: undefined,
  fetchSite: undefined,
};
const HERE: Policy = { isLoopback: true, hasTokens: false, allowActions: false };
const ABROAD: Policy = { isLoopback: false, hasTokens: true, allowActions: false };

describe('refusalFor', () => {
  const cases: readonly [
    what: string,
    need: Need,
    caller: Partial<Caller>,
    policy: Policy,
    verdict: string | null,
  ][] = [
    ['reading here', 'read', {}, HERE, null],
    ['reading here under another name of this machine', 'read', { hostHeader: 'localhost' }, HERE, null],
    ['reading here, IPv6', 'read', { hostHeader: '[::1]:9464' }, HERE, null],
    ['reading here without a Host', 'read', { hostHeader: undefined }, HERE, null],
    ['reading here, name rebound', 'read', { hostHeader: 'evil.example:9464' }, HERE, 'API_FOREIGN_HOST'],
    ['health here, name rebound', 'open', { hostHeader: 'evil.example' }, HERE, 'API_FOREIGN_HOST'],
    ['another name, with a token', 'read', { hostHeader: 'proxy.example', token: 'good' }, HERE, null],
    ['a wrong token where none is needed', 'read', { token: 'bad' }, HERE, 'API_BAD_TOKEN'],
    ['acting here', 'act', {}, HERE, 'API_ACTIONS_NOT_ALLOWED'],
    ['acting here, tokens set', 'act', {}, { ...HERE, hasTokens: true }, 'API_TOKEN_REQUIRED'],
    ['acting here, allowed', 'act', {}, { ...HERE, allowActions: true }, null],
    [
      'acting here, own page',
      'act',
      { origin: 'http://127.0.0.1:9464' },
      { ...HERE, allowActions: true },
      null,
    ],
    [
      'acting here, page of another site',
      'act',
      { origin: 'http://evil.example' },
      { ...HERE, allowActions: true },
      'API_FOREIGN_ORIGIN',
    ],
    [
      'acting here, page of another port',
      'act',
      { origin: 'http://127.0.0.1:80' },
      { ...HERE, allowActions: true },
      'API_FOREIGN_ORIGIN',
    ],
    [
      'acting here, page without an origin',
      'act',
      { origin: 'null' },
      { ...HERE, allowActions: true },
      'API_FOREIGN_ORIGIN',
    ],
    [
      'acting here, cross-site by the browser',
      'act',
      { fetchSite: 'cross-site' },
      { ...HERE, allowActions: true },
      'API_FOREIGN_ORIGIN',
    ],
    ['acting with a token', 'act', { token: 'good' }, ABROAD, null],
    [
      'acting abroad, allowed but without a token',
      'act',
      {},
      { ...ABROAD, allowActions: true },
      'API_TOKEN_REQUIRED',
    ],
    ['reading abroad', 'read', {}, ABROAD, 'API_TOKEN_REQUIRED'],
    ['reading abroad, wrong token', 'read', { token: 'bad' }, ABROAD, 'API_BAD_TOKEN'],
    ['reading abroad with a token', 'read', { token: 'good', hostHeader: 'any.example' }, ABROAD, null],
    ['health abroad', 'open', { hostHeader: 'any.example' }, ABROAD, null],
  ];
  for (const [what, need, caller, policy, verdict] of cases) {
    it(`${what}: ${verdict ?? 'granted'}`, () => {
      expect(refusalFor(need, { ...NOBODY, ...caller }, policy)).to.equal(verdict);
    });
  }
});

/** What people read about kind `github`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const githubDocs: KindDocs = {
  reads: [
    'GET `urlTemplate` (GitHub: `/repos/owner/name/releases`), 30 releases a page, with `If-None-Match`',
    'further pages only when no release of the first is known, at most five in all',
  ],
  publishes: [{ routingKey: 'github', what: 'each round: the releases by index, newest first, or an error' }],
  facts: {
    release_count: 'releases of the repository that were read',
    new_releases: 'releases that were not there the round before',
    rate_limit_remaining: 'requests GitHub still answers before it refuses',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5005, when: 'the answer broke off' },
    { code: 5006, when: 'GitHub cannot be reached, or the address cannot be used or leads elsewhere' },
    {
      code: 5007,
      when: 'GitHub refused (no such repository, rate limit), or sent something else than releases',
    },
    { code: 5012, when: 'the answer is not JSON' },
  ],
  differs: [
    'PANIC reads one page, so consumers, who count releases, never see a new one of a repository with 30 or more. New releases are found by id here and the list grows by them; it shrinks to 30 in a quiet round once it is longer than 60. The first round after a migration publishes what PANIC did.',
    'A new release of an older line stands first in the round it is found: consumers tell of the first ones.',
    'An unchanged list costs no rate limit (`ETag`), and a limit that is used up is waited for; meanwhile error 5007 says until when.',
    'An unusable address, redirects and answers of another shape are errors 5006 and 5007; PANIC says nothing.',
    'Drafts, which a token with write access sees, are passed over.',
  ],
};

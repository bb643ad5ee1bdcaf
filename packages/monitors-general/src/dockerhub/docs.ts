/** What people read about kind `dockerhub`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const dockerhubDocs: KindDocs = {
  reads: ["GET `urlTemplate` with `page_size=100`, then each page's `next` until there is none"],
  publishes: [
    {
      routingKey: 'dockerhub',
      what: 'each round: all tags by index, in the order of the pages, or an error',
    },
  ],
  facts: {
    tag_count: 'tags of the repository',
    unreadable_tags: 'tags left out because they cannot be read',
    page_count: 'pages they came in',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5005, when: 'an answer broke off' },
    { code: 5012, when: 'an answer is not JSON' },
    {
      code: 5020,
      when: 'there is no such repository, or no tag in it, or something else than tags was sent',
    },
    {
      code: 5021,
      when: 'Docker Hub cannot be reached, refuses (rate limit, server error), cannot send all pages in time, or the address cannot be used or leads elsewhere',
    },
  ],
  differs: [
    'A hundred tags a page instead of ten: a tenth of the requests for the same list.',
    'A missing repository (404) is error 5020, a rate limit (429) error 5021, and the limit is waited for; PANIC crashes on both and asks again every 10 s.',
    'A tag without a readable `last_updated` is left out; it costs PANIC the whole list, and nobody is told.',
    'A list that cannot be read to its end within 100 s or 1,000 pages is error 5021, never a shorter list: consumers would take the rest for deleted.',
    'A `next` that leads to another host, or back to a page that was read, is error 5021.',
  ],
};

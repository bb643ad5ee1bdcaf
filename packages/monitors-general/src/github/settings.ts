/** Settings of kind `github`, native and in PANIC's form. Main thread only. */
import { label } from '@vedette/contract/strategy';
import { z } from 'zod';
import { repositoryPath, urlTemplate } from '../repositories/url-template.js';

/** PANIC's `GITHUB_RELEASES_TEMPLATE` as shipped; `{}` is the repository with a slash at its end. */
export const RELEASES_TEMPLATE = 'https://api.github.com/repos/{}releases';

const token = z
  .string()
  .max(1_000, 'must be at most 1000 characters')
  .regex(/^[\x21-\x7e]*$/, 'must be printable and hold no blanks');

export const githubSettings = z.object({
  repo: repositoryPath
    .regex(/^[^/]+\/[^/]+$/, 'must be owner/name')
    .describe('The repository as owner/name; also its name in tables and in messages'),
  urlTemplate: urlTemplate(1)
    .default(RELEASES_TEMPLATE)
    .describe('Where releases are read; {} stands for owner/name/ with its slash'),
  token: token
    .default('')
    .describe(
      'Access token, which raises the rate limit; sent over https or to this machine only, shown nowhere',
    ),
});

export type GithubSettings = z.output<typeof githubSettings>;

/** The four fields PANIC reads, and two of ours, which PANIC ignores. A name without an owner is GitHub's to refuse. */
export const githubEntry = z
  .object({
    id: label,
    parent_id: label,
    repo_name: z
      .string()
      .trim()
      .transform((text) => text.replace(/\/+$/, ''))
      .pipe(repositoryPath),
    monitor_repo: z.string(),
    url_template: urlTemplate(1).default(RELEASES_TEMPLATE),
    token: token.default(''),
  })
  .transform((raw) => ({
    id: raw.id,
    name: raw.repo_name,
    parentId: raw.parent_id,
    settings: { repo: raw.repo_name, urlTemplate: raw.url_template, token: raw.token },
  }));

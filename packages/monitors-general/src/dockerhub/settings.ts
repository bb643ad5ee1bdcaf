/** Settings of kind `dockerhub`, native and in PANIC's form. Main thread only. */
import { label } from '@vedette/contract/strategy';
import { z } from 'zod';
import { repositoryPath, urlTemplate } from '../repositories/url-template.js';

/** PANIC's `DOCKERHUB_TAGS_TEMPLATE` as shipped; the first `{}` is the namespace, the second the name. */
export const TAGS_TEMPLATE = 'https://hub.docker.com/v2/repositories/{}/{}/tags';

export const dockerhubSettings = z.object({
  namespace: repositoryPath.describe('Owner of the repository; `library` for official images'),
  name: repositoryPath.describe('The repository without its owner'),
  urlTemplate: urlTemplate(2)
    .default(TAGS_TEMPLATE)
    .describe('Where tags are read; the first {} stands for the namespace, the second for the name'),
});

export type DockerhubSettings = z.output<typeof dockerhubSettings>;

/** The five fields PANIC reads, and `url_template` of ours, which PANIC ignores. */
export const dockerhubEntry = z
  .object({
    id: label,
    parent_id: label,
    repo_namespace: z.string().trim().pipe(repositoryPath),
    repo_name: z.string().trim().pipe(repositoryPath),
    monitor_repo: z.string(),
    url_template: urlTemplate(2).default(TAGS_TEMPLATE),
  })
  .transform((raw) => ({
    id: raw.id,
    name: `${raw.repo_namespace}/${raw.repo_name}`,
    parentId: raw.parent_id,
    settings: { namespace: raw.repo_namespace, name: raw.repo_name, urlTemplate: raw.url_template },
  }));

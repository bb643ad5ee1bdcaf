/** What the command knows, for those who write about it: docs/kinds.md, docs/configuration.md and their tests. */
export { VARIABLES } from './environment.js';
export { STRATEGIES } from './registry.js';
export { settingRows, type SettingRow } from './setting-rows.js';
export { gaugeName } from '@vedette/contract/strategy';

/** The built-in kinds for those who write about them: docs/kinds.md and its test. */
export { STRATEGIES } from './registry.js';
export { settingRows, type SettingRow } from './setting-rows.js';
export { gaugeName } from '@vedette/contract/strategy';

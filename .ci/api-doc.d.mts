/** Types of what tests import. */
export interface ApiName {
  readonly name: string;
  /** The package it is re-exported from; null for one of its own. */
  readonly from: string | null;
  readonly code: readonly { readonly bare: string; readonly full: string }[];
  readonly doc: string;
}
export interface PackageApi {
  readonly name: string;
  readonly description: string;
  readonly folder: string;
  readonly entries: readonly { readonly path: string; readonly names: readonly ApiName[] }[];
  readonly hidden: readonly ApiName[];
}
export function readApi(): PackageApi[];
export function apiPages(api?: readonly PackageApi[]): Promise<Map<string, string>>;

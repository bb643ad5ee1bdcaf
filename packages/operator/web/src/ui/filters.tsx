/** What of the table is shown: search as one types, and one choice per property. */
import type { JSX, RefObject } from 'preact';
import { calmRows } from '../live/fleet.js';
import { about, countConditions } from '../model/condition.js';
import { shortened, wholeNumber } from '../model/format.js';
import { ALL_MONITORS, FILTERS, type TableQuery } from '../model/route.js';
import { ATTENTION, choicesOf } from '../model/table.js';

interface FiltersProps {
  readonly query: TableQuery;
  readonly onChange: (query: TableQuery) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

interface Choice {
  readonly value: string;
  readonly word: string;
}

export function Filters({ query, onChange, search }: FiltersProps): JSX.Element {
  const all = calmRows.value;
  const isFiltered = FILTERS.some((name) => query[name] !== '');
  const choices = (field: 'kind' | 'chain' | 'state' | 'health'): Choice[] =>
    choicesOf(all, field).map(({ value, count }) => ({
      value,
      word: `${shortened(value, 60)} (${wholeNumber(count)})`,
    }));
  const conditions: Choice[] = [
    { value: ATTENTION, word: 'Needs attention' },
    ...countConditions(all).map(({ condition, count }) => ({
      value: condition,
      word: `${about(condition).word} (${wholeNumber(count)})`,
    })),
  ];
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <div class="search">
        <input
          ref={search}
          type="search"
          value={query.q}
          placeholder="Search name, id, kind, chain"
          aria-label="Search monitors"
          autocomplete="off"
          spellcheck={false}
          maxLength={300}
          onInput={(event) => {
            onChange({ ...query, q: event.currentTarget.value });
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <Select name="is" label="Condition" choices={conditions} query={query} onChange={onChange} />
      <Select name="state" label="State" choices={choices('state')} query={query} onChange={onChange} />
      <Select name="health" label="Health" choices={choices('health')} query={query} onChange={onChange} />
      <Select name="kind" label="Kind" choices={choices('kind')} query={query} onChange={onChange} />
      <Select name="chain" label="Chain" choices={choices('chain')} query={query} onChange={onChange} />
      {isFiltered && (
        <button
          type="button"
          class="clear"
          onClick={() => {
            onChange({ ...ALL_MONITORS, sort: query.sort, isReversed: query.isReversed });
          }}
        >
          Clear
        </button>
      )}
    </form>
  );
}

interface SelectProps extends Omit<FiltersProps, 'search'> {
  readonly name: 'is' | 'state' | 'health' | 'kind' | 'chain';
  readonly label: string;
  readonly choices: readonly Choice[];
}

function Select({ name, label, choices, query, onChange }: SelectProps): JSX.Element {
  const value = query[name];
  // What the address asks for is shown even if no monitor is like that now.
  const isKnown = value === '' || choices.some((choice) => choice.value === value);
  return (
    <select
      aria-label={label}
      class={value === '' ? '' : 'is-set'}
      value={value}
      onChange={(event) => {
        onChange({ ...query, [name]: event.currentTarget.value });
      }}
    >
      <option value="">{`${label}: any`}</option>
      {!isKnown && <option value={value}>{`${shortened(value, 60)} (0)`}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.word}
        </option>
      ))}
    </select>
  );
}

/** examples/prometheus: rules that promtool tries, a dashboard that asks only for what there is. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { findPrometheus } from '../../.ci/prometheus.mjs';
import { ROOT } from '../support/root.js';

const FOLDER = join(ROOT, 'examples/prometheus');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const promtool = (...args: string[]): [number | null, string] => {
  const { status, stdout, stderr } = spawnSync(findPrometheus()?.promtool ?? '', args, {
    cwd: FOLDER,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return [status, `${stdout}${stderr}`];
};

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly labels: { readonly severity?: string };
      readonly annotations: { readonly summary?: string };
    }[];
  }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly object[];
    }[];
  }[];
}

describe('examples/prometheus', () => {
  it('has a config and rules that promtool takes', () => {
    const [status, said] = promtool('check', 'config', 'prometheus.yml');
    expect(status, said).to.equal(0);
  });

  it('has rules that fire when they should and are quiet when they should', () => {
    const [status, said] = promtool('test', 'rules', 'rules.test.yml');
    expect(status, said).to.equal(0);
  });

  it('tries every rule, and says of each how bad it is and what it is', () => {
    const { groups } = parse(read('examples/prometheus/rules.yml')) as Rules;
    const { tests } = parse(read('examples/prometheus/rules.test.yml')) as RuleTests;
    const fired = tests
      .flatMap(({ alert_rule_test: checks }) => checks)
      .filter(({ exp_alerts: alerts }) => alerts.length > 0)
      .map(({ alertname }) => alertname);
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ alert }) => alert)).to.have.members(fired);
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['none', 'warning', 'critical']);
      expect(annotations.summary, alert).to.be.a('string').that.is.not.empty;
    }
  });

  for (const file of ['rules.yml', 'grafana/dashboard.json']) {
    it(`${file} names only metrics that there are`, () => {
      const there = new Set(
        [
          ...`${read('docs/metrics.md')}${read('docs/kinds.md')}`.matchAll(/`((?:vedette|process)_\w+)`/g),
        ].map(([, name]) => name),
      );
      const asked = [
        ...read(`examples/prometheus/${file}`).matchAll(/\b(?:vedette|process)_(?:\w+|\([^)]*\)\w*)/g),
      ]
        .flatMap(([name]) => spelledOut(name))
        .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
      expect(asked.length).to.be.above(10);
      expect(asked.filter((name) => !there.has(name))).to.deep.equal([]);
    });
  }
});

/** `a_(b|c)_d` to `a_b_d` and `a_c_d`. */
function spelledOut(pattern: string): string[] {
  const [, before = '', choices, after = ''] = /^(\w*)\(([^)]*)\)(\w*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  return choices.split('|').map((choice) => `${before}${choice}${after}`);
}

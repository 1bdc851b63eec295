/**
 * The CloudFormation host: templates of CloudFormation and SAM in YAML, files of the Serverless Framework, and policies by
 * shape in any other YAML. A module is one file. Evaluates what the text tells; never loads other files.
 */
import type { Module, Source } from '../../policy/module.ts';
import { contains } from '../../text/text.ts';
import type { Host } from '../host.ts';
import { jsonHost } from '../json/json.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { commentAbove, commentDirectives, metadataDirectives } from './directives.ts';
import { withHalfTyped } from './half-typed.ts';
import { isJson } from './json.ts';
import { octalProblems } from './numbers.ts';
import { printTemplate } from './print.ts';
import { grantsIn } from './sam-policies.ts';
import { templatesIn } from './scope.ts';
import { findSites } from './sites.ts';
import { readYaml, type YamlReading } from './yaml/read.ts';

/** Reads `.yaml`, `.yml` and `.template`, which holds YAML or JSON. */
export const cloudformationHost: Host = {
  id: 'cloudformation',
  reads: (path) => /\.(?:ya?ml|template)$/i.test(path),
  moduleOf: (path) => path,
  read: (sources, options, previous) => {
    const [source] = sources;
    if (!source) return emptyModule(sources);
    if (previous?.sources[0] === source) return previous;
    if (isJson(source.text)) return { ...jsonHost.read(sources, options), host: cloudformationHost.id };
    return readSource(source);
  },
  print: (module, edits) => printTemplate(module, edits),
  ignore: (module, span, rule, reason) => {
    const [source] = module.sources;
    if (!source || !isRead(module)) return undefined;
    return commentAbove(source, module.reading, span, `# leastwise-ignore ${rule}: ${reason}`);
  },
};

/** A module with its file as read. */
interface YamlModule extends Module {
  readonly reading: YamlReading;
}

function isRead(module: Module): module is YamlModule {
  return 'reading' in module;
}

function emptyModule(sources: readonly Source[]): Module {
  return {
    host: cloudformationHost.id,
    sources,
    sites: [],
    things: [],
    problems: [],
    directives: [],
    readings: [],
  };
}

/** No YAML without one of these words holds a policy, or the name of a policy template. */
const WORDS = /Statement|statements:|resourcePolicy:|AWS::Serverless::/;

/** CloudFormation takes templates of one megabyte; longer texts are no work of hands. */
const LARGEST = 4_000_000;

function readSource(source: Source): Module {
  if (!WORDS.test(source.text) || source.text.length > LARGEST) return emptyModule([source]);
  const read = readYaml(source.path, source.text);
  const reading: YamlReading = { ...read, documents: read.documents.map((one) => withHalfTyped(one, source)) };
  const { sites, readings, things, problems } = findSites(reading.documents, source.path);
  const comments = commentDirectives(source, reading);
  const templates = reading.documents.flatMap(templatesIn);
  const metadata = metadataDirectives(templates);
  const inside = reading.problems.filter(({ span }) => sites.some((site) => contains(site.span, span)));
  const module: YamlModule = {
    host: cloudformationHost.id,
    sources: [source],
    sites,
    things,
    readings,
    grants: templates.flatMap(grantsIn),
    directives: [...comments.directives, ...metadata.directives],
    problems: [
      ...[...problems, ...inside].map(syntaxProblem),
      ...comments.problems,
      ...metadata.problems,
      ...octalProblems(reading.documents, [...sites.map(({ span }) => span), ...readings.map(({ origin }) => origin)]),
    ],
    reading,
  };
  return module;
}

/** Templates of CloudFormation in JSON: read by the reader of JSON, evaluated as those in YAML are. Loads no parser of YAML. */
import type { Module, Source } from '../../policy/module.ts';
import { contains, sourceText } from '../../text/text.ts';
import { readJson } from '../../value/json.ts';
import { PLAIN_JSON } from '../../value/value.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { metadataDirectives } from './directives.ts';
import { grantsIn } from './sam-policies.ts';
import { templatesIn } from './scope.ts';
import { findSites } from './sites.ts';

/** The module of a JSON file that is a template; undefined for any other, which costs one look at its letters. */
export function readJsonTemplate(source: Source): Module | undefined {
  const { path, text } = source;
  if (!text.includes('"Resources"') || !text.includes('Statement') || !RESOURCE.test(text)) return undefined;
  const { value, problems } = readJson(
    sourceText(path, text),
    { source: path, start: 0, end: text.length },
    PLAIN_JSON,
  );
  const templates = value ? templatesIn(value) : [];
  if (!value || templates.length === 0) return undefined;
  const found = findSites([value], path);
  const { directives, problems: ignored } = metadataDirectives(templates);
  const inside = problems.filter(({ span }) => found.sites.some((site) => contains(site.span, span)));
  return {
    host: 'json',
    sources: [source],
    sites: found.sites,
    things: found.things,
    readings: found.readings,
    grants: templates.flatMap(grantsIn),
    directives,
    problems: [...[...inside, ...found.problems].map(syntaxProblem), ...ignored],
  };
}

/** Whether a file is written in JSON. Tags of templates begin with braces too. */
export function isJson(content: string): boolean {
  return /^\s*\{(?![{%])/.test(content);
}

const RESOURCE = /"Type"\s*:\s*"(?:AWS|Alexa|Custom)::/;

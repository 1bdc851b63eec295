/**
 * Calls of local modules: the scope of a module as one call of it makes it, with the arguments in place of the variables.
 * What is not given has its default there for certain. Cycles and bombs end in calls that are not followed.
 */

import type { Span } from '../../text/text.ts';
import { folderOf, resolved } from './beside.ts';
import { ask, type Evaluation, NONE, UNSETTLED } from './evaluation.ts';
import { attributeOf, type Call, spanIn, type TerraformFile } from './file.ts';
import { bindingsOf, isNone } from './repetition.ts';
import { type Definition, type Scope, scopeOf } from './scope.ts';

/** A call with the scope that it makes; `several` where there may be more or fewer than one of it. */
export interface Called {
  readonly scope: Scope;
  readonly name: string;
  readonly span: Span;
  readonly several: boolean;
}

/** Calls of one module altogether, and on the way to one. */
const MOST_CALLS = 100;
const DEEPEST_CALL = 6;

/** The calls of a scope's module that can be followed, by name. */
export function callsOf(scope: Scope): ReadonlyMap<string, Called> {
  return CALLS.get(scope)?.byName ?? callsIn(scope).byName;
}

/**
 * The calls, and whether they are all that there are, whoever asks first: while they are still being followed there are only
 * some of them, and so it is where what decides on a call asks for another one.
 */
interface Calls {
  readonly byName: ReadonlyMap<string, Called>;
  readonly isWhole: boolean;
}

function callsIn(scope: Scope): Calls {
  const byName = new Map<string, Called>();
  const reads = new Set<string>();
  CALLS.set(scope, { byName, isWhole: false });
  for (const file of scope.files) {
    for (const call of file.calls) {
      const called = byName.has(call.name) ? undefined : followed(call, file, scope, reads);
      if (called) byName.set(call.name, called);
    }
  }
  const calls = { byName, isWhole: scope.family.size <= MOST_CALLS && !reads.has(UNSETTLED) };
  CALLS.set(scope, calls);
  return calls;
}

const CALLS = new WeakMap<Scope, Calls>();
/** The folders on the way to a scope. */
const WAYS = new WeakMap<Scope, readonly string[]>();

function followed(call: Call, file: TerraformFile, caller: Scope, reads: Set<string>): Called | undefined {
  const own = folderOf(file.source.path);
  const folder = resolved(own, `${call.folder}/`);
  const way = WAYS.get(caller) ?? [own];
  const { family } = caller;
  if (folder === undefined || way.includes(folder) || way.length > DEEPEST_CALL || family.size > MOST_CALLS)
    return undefined;
  const files = caller.library.folder(folder);
  if (files.length === 0 || isNone(call.block, file, caller, reads)) return undefined;
  const prefix = `${caller.prefix.replace(': ', '.')}module.${call.name}: `;
  const inner = scopeIn(files, caller);
  const providers = attributeOf(call.block, 'providers') ? prefix : caller.providers;
  const settings = argumentsOf(call, file, caller, inner);
  const scope: Scope = { ...inner, settings, prefix, providers, family, known: new Map(), read: new Map() };
  family.set(prefix, scope);
  WAYS.set(scope, [...way, folder]);
  const several = (attributeOf(call.block, 'count') ?? attributeOf(call.block, 'for_each')) !== undefined;
  return { scope, name: prefix.slice(0, -2), span: spanIn(file.source, call.block.span), several };
}

/** What names mean in a module that is called, before anybody calls it. */
function scopeIn(files: readonly TerraformFile[], { library }: Scope): Scope {
  const known = SCOPES.get(files) ?? scopeOf(files, library);
  SCOPES.set(files, known);
  return known;
}

const SCOPES = new WeakMap<readonly TerraformFile[], Scope>();

/** What each variable of the module is given: by the call, else by its default. */
function argumentsOf(call: Call, file: TerraformFile, caller: Scope, inner: Scope): ReadonlyMap<string, Definition> {
  const settings = new Map<string, Definition>();
  const address = `${caller.prefix}module.${call.name}`;
  const bindings = bindingsOf({ address, block: call.block }, file, caller);
  for (const [name, { variable, file: declaring }] of inner.variables) {
    const given = attributeOf(call.block, name);
    if (given) settings.set(name, { file, attribute: given, scope: caller, bindings });
    else if (variable.standard) settings.set(name, { file: declaring, attribute: variable.standard, bindings: NONE });
  }
  return settings;
}

/** The expression of an output of a module that is called once, in the scope of the call. */
export function outputOf(name: string, output: string, evaluation: Evaluation): Definition | undefined {
  ask('module', evaluation);
  const { byName, isWhole } = CALLS.get(evaluation.scope) ?? callsIn(evaluation.scope);
  if (!isWhole) evaluation.reads.add(UNSETTLED);
  const called = byName.get(name);
  if (!called || called.several) return undefined;
  const definition = called.scope.outputs.get(output);
  return definition && { ...definition, scope: called.scope };
}

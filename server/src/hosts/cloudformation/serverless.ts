/** Statements without a document around them in files of the Serverless Framework. Source: its documentation, "IAM permissions for functions"; serverless-iam-roles-per-function. */
import type { PolicyKind } from '../../policy/module.ts';
import { entryOf, type Value } from '../../value/value.ts';
import { isServerless } from './scope.ts';

/** A list of statements and what it is. */
export interface BareStatements {
  readonly value: Value;
  readonly address: string;
  readonly kind: PolicyKind;
}

/** The statements of a file, in order. */
export function serverlessStatements(root: Value): readonly BareStatements[] {
  if (!isServerless(root)) return [];
  const found: BareStatements[] = [];
  const add = (path: readonly string[], kind: PolicyKind) => {
    const value = path.reduce<Value | undefined>(memberOf, root);
    if (value?.kind === 'list' && value.items.length > 0) found.push({ value, address: path.join('.'), kind });
  };
  add(['provider', 'iamRoleStatements'], 'identity');
  add(['provider', 'iam', 'role', 'statements'], 'identity');
  add(['provider', 'resourcePolicy'], 'resource');
  add(['provider', 'apiGateway', 'resourcePolicy'], 'resource');
  const functions = memberOf(root, 'functions');
  for (const { key } of functions?.kind === 'object' ? functions.entries : []) {
    add(['functions', key.flat, 'iamRoleStatements'], 'identity');
    add(['functions', key.flat, 'iam', 'role', 'statements'], 'identity');
  }
  return found;
}

function memberOf(value: Value | undefined, key: string): Value | undefined {
  return value?.kind === 'object' ? entryOf(value, key)?.value : undefined;
}

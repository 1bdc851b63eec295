/** What a hover says of a statement as a whole, of its elements and of a policy's version, in plain English. Judges nothing. */
import type { Clause, Policy, PrincipalClause, PrincipalItem, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { conditionPhrase } from './condition-hover.ts';
import { blocks, bullets, code, series } from './markdown.ts';
import type { ElementName } from './subject.ts';

/** The statement as a sentence, in Markdown. */
export function statementHover(statement: Statement): string {
  const sid = statement.sid ? ` ${code(displayText(statement.sid.text))}` : '';
  const maybe = statement.presence === 'sometimes' ? 'Whether this statement is there is decided at deploy time.' : '';
  const conditions = statement.conditions.map(conditionPhrase);
  if (statement.conditionsOpen) conditions.push('conditions hold that are known at deploy time only');
  const lead = `**Statement ${statement.index + 1}${sid}** ${verb(statement)} ${who(statement)}${what(statement.action, 'action')} on ${what(statement.resource, 'resource') || 'this resource'}`;
  const [only] = conditions;
  if (conditions.length === 0) return blocks([`${lead}.`, maybe]);
  if (conditions.length === 1 && only !== undefined) return blocks([`${lead}, if ${only}.`, maybe]);
  return blocks([`${lead}, if all of these hold:`, bullets(conditions), maybe]);
}

function verb(statement: Statement): string {
  switch (statement.effect.answer) {
    case 'Allow':
      return 'allows';
    case 'Deny':
      return 'denies';
    case 'unknown':
      return 'allows or denies (decided at deploy time)';
    case 'missing':
      return 'has no effect that AWS accepts: it would allow or deny';
    case 'invalid':
      return 'has an effect that AWS refuses: it would allow or deny';
  }
}

function who(statement: Statement): string {
  const { principal } = statement;
  if (!principal) return '';
  const names = principal.items.map(principalPhrase);
  if (principal.open) names.push('others that are known at deploy time only');
  const listed = series(names, 5) || 'nobody';
  return principal.negated ? `everybody except ${listed} ` : `${listed} `;
}

function principalPhrase(item: PrincipalItem): string {
  const text = displayText(item.text);
  if (knownText(item.text) === '*')
    return item.type === '*' || item.type === 'AWS' ? 'everybody' : `every ${code(item.type)} principal`;
  if (item.type === 'AWS') {
    const account = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
    return account ? `the account ${code(account)}` : code(text);
  }
  return item.type === 'Service' ? `the service ${code(text)}` : code(text);
}

function what(clause: Clause | PrincipalClause | undefined, word: 'action' | 'resource'): string {
  if (!clause) return word === 'action' ? 'nothing' : '';
  const names = clause.items.map((item) =>
    knownText(item.text) === '*' ? `every ${word}` : code(displayText(item.text)),
  );
  if (clause.open) names.push(`${word}s that are known at deploy time only`);
  const listed = series(names, 8) || `no ${word}`;
  return clause.negated ? `every ${word} except ${listed}` : listed;
}

/** The policy's `Version`, in Markdown. */
export function versionHover(policy: Policy): string {
  const text = literalOf(policy.version?.value);
  if (text === '2012-10-17')
    return '**Version 2012-10-17** is the current policy language: variables such as `${aws:username}` are filled in for each request.';
  if (text === '2008-10-17')
    return '**Version 2008-10-17** is the earlier policy language: `${aws:username}` is not a variable there but plain letters.';
  return 'The version of the policy language, not of this document. AWS knows `2012-10-17`, the current one, and `2008-10-17`, in which variables are plain letters.';
}

/** A key of a statement, in Markdown. */
export function elementHover(name: ElementName): string {
  return `**${code(name)}** ${ELEMENTS[name]}`;
}

const ELEMENTS: Readonly<Record<ElementName, string>> = {
  Action: 'lists the actions that the statement is about. Wildcards also take in what AWS adds later.',
  NotAction:
    'stands for every action except those listed, of every service, also what AWS adds later. It denies nothing by itself: in an Allow it grants all the rest.',
  Resource:
    'lists the resources that the statement is about, as ARNs. An action that works on none of them is not granted.',
  NotResource:
    'stands for every resource except those listed, in every account and service. In an Allow it grants all the rest.',
  Principal:
    'lists who the statement is about. An account stands for every identity in it that its own policies allow.',
  NotPrincipal:
    'stands for everybody except those listed. In an Allow that is nearly the whole world; in a Deny every ARN of the caller must be listed, session and account included. `aws:PrincipalArn` with `ArnNotLike` says the same more safely.',
  Condition:
    'narrows the statement. All operators and all keys must hold (AND); of several values of one key one is enough (OR), for negated operators all must differ.',
};

/** What a hover says of a principal. Source: IAM User Guide, "AWS JSON policy elements: Principal". Asks nobody whether it exists. */
import { arnOf, isAccountId } from '../policy/arn.ts';
import type { PrincipalItem } from '../policy/policy.ts';
import { displayText, hasHole, knownText } from '../text/text.ts';
import { blocks, code } from './markdown.ts';

/** One principal of a Principal or NotPrincipal clause, in Markdown. */
export function principalHover(item: PrincipalItem): string {
  const shown = `**${code(displayText(item.text))}**`;
  if (knownText(item.text) === '*') return everyone(item.type);
  switch (item.type) {
    case 'AWS':
      return aws(item, shown);
    case 'Service':
      return blocks([
        `${shown} is an AWS service that acts by itself or for its customers.`,
        'Conditions on `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID` say for whose resources it may act; without one it may be led to act for anybody\u2019s.',
      ]);
    case 'Federated':
      return federated(item.text.flat, shown);
    case 'CanonicalUser':
      return `${shown} is the canonical user id of an AWS account, as Amazon S3 and CloudFront know it.`;
    default:
      return hasHole(item.text) ? `${shown} is known at deploy time only.` : shown;
  }
}

function everyone(type: string): string {
  if (type === 'Service') return '**`*`** is every AWS service.';
  if (type === 'Federated') return '**`*`** is everybody whom any identity provider vouches for.';
  return blocks([
    '**`*`** is everybody: every identity in every AWS account, and callers without credentials.',
    'In an Allow only the conditions narrow it: `aws:PrincipalOrgID`, `aws:PrincipalAccount`, `aws:SourceVpce` and their like.',
  ]);
}

function aws(item: PrincipalItem, shown: string): string {
  const text = knownText(item.text);
  if (text !== undefined && isAccountId(text)) return account(text, shown);
  if (text !== undefined && /^(AIDA|AROA|ANPA|AGPA)[A-Z0-9]{8,}$/.test(text)) {
    return `${shown} is the unique id of a user or role. AWS writes it in place of an ARN whose user or role was deleted: it matches nobody any more.`;
  }
  const arn = arnOf(item.text);
  if (!arn) return hasHole(item.text) ? `${shown} is known at deploy time only.` : shown;
  const owner = code(displayText(arn.account));
  const [, kind = '', name = ''] = /^([^/]*)\/?(.*)$/.exec(displayText(arn.resource)) ?? [];
  if (kind === 'root') return account(displayText(arn.account), shown);
  switch (kind) {
    case 'role':
      return `The role ${code(name)} of account ${owner}: every session of it. Permissions that are granted to a role can be narrowed by the session\u2019s own policy.`;
    case 'user':
      return `The user ${code(name)} of account ${owner}. The role of a workload is preferred: users carry credentials that do not expire.`;
    case 'assumed-role':
      return `One session of the role ${code(name.replace(/\/.*$/, ''))} of account ${owner}, by its session name. Wildcards are not read here.`;
    case 'federated-user':
      return `A session that a user of account ${owner} made for somebody else with \`GetFederationToken\`.`;
    case 'group':
      return `${shown}: a group cannot be a principal.`;
    default:
      return `${shown}, in account ${owner}.`;
  }
}

function account(id: string, shown: string): string {
  return blocks([
    `${shown} is the whole account ${code(id)}, not its root user alone.`,
    'It hands the decision over: every identity there can use the permission once a policy in that account allows it.',
  ]);
}

function federated(provider: string, shown: string): string {
  if (provider.includes(':saml-provider/')) {
    return blocks([
      `${shown} is everybody whom this SAML identity provider vouches for.`,
      'Conditions on `saml:aud` and `saml:sub` say who and for what.',
    ]);
  }
  const host = /:oidc-provider\/(.+)$/.exec(provider)?.[1] ?? (provider.startsWith('arn:') ? undefined : provider);
  if (host === undefined) return `${shown} is an identity provider.`;
  const [aud, sub] = [code(`${host}:aud`), code(`${host}:sub`)];
  return blocks([
    `${shown} is everybody whom this OpenID Connect provider vouches for.`,
    `Conditions on ${aud} and ${sub} say for what and who. Where the provider serves the public, one without a condition on ${sub} lets in everybody with an account there.`,
  ]);
}

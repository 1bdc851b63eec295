/** Providers of which any token gets in: no condition asks for a claim that tells one customer from another, or one asks for a claim of somebody else. */
import type { OidcProvider } from '../../catalog/oidc-providers.ts';
import { demands, keyName, operatorOf } from '../../policy/condition.ts';
import { federationOf } from '../../policy/federation.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { displayText } from '../../text/text.ts';
import type { Draft, RuleContext } from '../rule.ts';
import { demandClaims, demandSaml, demandSignIn } from './fixes.ts';
import {
  type ClaimTest,
  claimTests,
  issuerOf,
  mayDenyStrangers,
  type Provider,
  providerOfIssuer,
  providersOf,
  takesInAction,
} from './statement.ts';

/** Looks at an Allow; silent where a condition or a Deny that cannot be seen may ask for a claim. */
export function* unboundProviders(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  if (statement.conditionsOpen || mayDenyStrangers(policy.statements)) return;
  const providers = providersOf(statement, context);
  if (takesInAction(statement, 'sts:assumerolewithwebidentity')) {
    const tests = claimTests(statement);
    for (const provider of providers) yield* unbound(provider, tests, statement, context);
  }
  if (takesInAction(statement, 'sts:assumerolewithsaml')) yield* withoutRecipient(providers, statement);
}

function* unbound(
  provider: Provider,
  tests: readonly ClaimTest[],
  statement: Statement,
  context: RuleContext,
): Iterable<Draft> {
  const { federation } = provider;
  if (federation.kind !== 'oidc' && federation.kind !== 'unknown') return;
  const issuer = issuerOf(provider, tests);
  if (issuer === undefined && (tests.length > 0 || federation.kind === 'unknown')) return;
  const known = providerOfIssuer(issuer);
  const own = tests.filter(({ claim }) => claim.issuer === issuer);
  const foreign = foreignTest(tests, statement);
  if (foreign && own.length === 0) yield neverThere(foreign, provider);
  else if (own.length === 0) yield* untested(provider, known, statement, context);
  else if (known) yield* wrongClaims(provider, known, own, statement, context);
}

/** No claim of the issuer is tested. GitHub has a code of its own, which Access Analyzer gives beside the common one. */
function* untested(
  { item }: Provider,
  known: OidcProvider | undefined,
  statement: Statement,
  context: RuleContext,
): Iterable<Draft> {
  const name = displayText(item.text);
  const tied = statement.conditions.some(
    (condition) => BY_OTHER_MEANS.test(keyName(condition) ?? '') && demands({ ...condition, presence: 'always' }),
  );
  const draft: Draft = {
    message: `\`${name}\` is trusted without a condition on its tokens, so ${known?.admits ?? 'whoever has one'} gets in`,
    span: item.span,
    level: tied ? 'info' : 'warning',
    fixes: () => demandClaims(statement, item, known, []),
  };
  const isGitHub = known?.name === GITHUB;
  const isAnalyzer = context.config.preset === 'access-analyzer';
  if (!isGitHub || isAnalyzer) yield { ...draft, ...warning('MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL') };
  if (isGitHub)
    yield { ...draft, ...warning('MISSING_GITHUB_REPO_CONDITION_KEY'), message: withoutClaim(GITHUB_ISSUER, known) };
}

/** The provider for whose tokens Access Analyzer has codes of their own. */
const GITHUB = 'GitHub Actions';
const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** What a provider may pass on from its tokens under keys of AWS. */
const BY_OTHER_MEANS = /^(aws:(requesttag|principaltag)\/|sts:(rolesessionname|sourceidentity)$)/;

/** Claims are tested, but none that tells strangers apart. */
function* wrongClaims(
  { item }: Provider,
  known: OidcProvider,
  own: readonly ClaimTest[],
  statement: Statement,
  context: RuleContext,
): Iterable<Draft> {
  const isAnalyzer = context.config.preset === 'access-analyzer' && known.name === GITHUB;
  const binding = isAnalyzer ? ['sub'] : [...known.required, ...known.tying];
  const isBound = own.some(
    ({ claim, condition }) => binding.includes(claim.name) && operatorOf(condition.operator)?.base !== 'Null',
  );
  const [first] = own;
  const [claim = 'sub'] = known.required;
  if (isBound || !first) {
    if (isBound && known.required[0] === 'aud') yield* withoutSignIn(own, statement);
    return;
  }
  yield {
    message: withoutClaim(issuerName(first), known),
    span: item.span,
    related: own.flatMap(({ claim: { name }, condition }) =>
      name === 'aud' && claim !== 'aud'
        ? [{ span: condition.keySpan, message: 'the audience says whom a token is for, not whom it was issued to' }]
        : [],
    ),
    level: known.unbound,
    ...(known.name === GITHUB ? warning('MISSING_GITHUB_REPO_CONDITION_KEY') : {}),
    fixes: () => demandClaims(statement, item, known, own),
  };
}

function withoutClaim(issuer: string, { required, admits }: OidcProvider): string {
  return `no condition asks for \`${issuer}:${required[0] ?? 'sub'}\`, so ${admits} gets in`;
}

/** The issuer as the key spells it. */
function issuerName({ condition: { key } }: ClaimTest): string {
  return key.flat.slice(0, key.flat.lastIndexOf(':'));
}

/** A pool of Cognito may give identities to people who have not signed in. */
function* withoutSignIn(own: readonly ClaimTest[], statement: Statement): Iterable<Draft> {
  const audience = own.find(({ claim }) => claim.name === 'aud');
  if (!audience?.claim.issuer?.startsWith('cognito-identity') || own.some(({ claim }) => claim.name !== 'aud')) return;
  const key = `${issuerName(audience)}:amr`;
  yield {
    message: `no condition asks for \`${key}\`, so identities that have not signed in get in too, where the pool has such`,
    span: audience.condition.keySpan,
    level: 'info',
    fixes: () => demandSignIn(statement, key),
  };
}

/** A claim of an issuer that none of the principals is: it is in no token that can come. */
function foreignTest(tests: readonly ClaimTest[], { principal }: Statement): ClaimTest | undefined {
  if (!principal || principal.open) return undefined;
  const issuers = principal.items.map((item) => (item.type === 'Federated' ? federationOf(item) : undefined));
  const known = issuers.flatMap((one) => (one?.kind === 'oidc' && one.issuer !== undefined ? [one.issuer] : []));
  if (known.length < principal.items.length) return undefined;
  return tests.find(
    ({ claim, condition }) => claim.issuer !== undefined && !known.includes(claim.issuer) && demands(condition),
  );
}

function neverThere(foreign: ClaimTest, { item }: Provider): Draft {
  return {
    message: `\`${foreign.condition.key.flat}\` is no claim of \`${displayText(item.text)}\`, so nobody gets in`,
    span: foreign.condition.keySpan,
    related: [{ span: item.span, message: 'its tokens have keys that begin with its own address' }],
    ...warning('MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL'),
  };
}

function* withoutRecipient(providers: readonly Provider[], statement: Statement): Iterable<Draft> {
  const saml = providers.find(({ federation }) => federation.kind === 'saml');
  if (!saml || statement.conditions.some((condition) => keyName(condition) === 'saml:aud')) return;
  yield {
    message: `no condition asks for \`SAML:aud\`, the address that an assertion of \`${displayText(saml.item.text)}\` is meant for`,
    span: saml.item.span,
    level: 'info',
    fixes: () => demandSaml(statement, saml.item),
  };
}

function warning(code: string): Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'> {
  return { accessAnalyzer: code, accessAnalyzerType: 'SECURITY_WARNING' };
}

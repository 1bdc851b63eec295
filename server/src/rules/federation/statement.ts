/**
 * Federated statements: the providers that an Allow lets in, and what its conditions ask of their tokens. Certain knowledge
 * only: what is said to be missing is missing whatever the holes stand for. Shared by the rules on trust policies.
 */
import { type OidcProvider, oidcProvider } from '../../catalog/oidc-providers.ts';
import { operatorOf } from '../../policy/condition.ts';
import { type Claim, claimOf, type Federation, federationOf } from '../../policy/federation.ts';
import { globMatches } from '../../policy/pattern.ts';
import type { Condition, PrincipalItem, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import type { RuleContext } from '../rule.ts';

/** A `Federated` principal that is always there. */
export interface Provider {
  readonly item: PrincipalItem;
  readonly federation: Federation;
}

/** A condition on a claim. */
export interface ClaimTest {
  readonly claim: Claim;
  readonly condition: Condition;
}

/** The `Federated` principals that are always there; none of a NotPrincipal. A reference to an OIDC provider of the module is one, whatever its issuer. */
export function providersOf({ principal }: Statement, context: RuleContext): readonly Provider[] {
  if (!principal || principal.negated) return [];
  return principal.items.flatMap((item) =>
    item.type === 'Federated' && item.presence === 'always'
      ? [{ item, federation: isOidcReference(item, context) ? OIDC : federationOf(item) }]
      : [],
  );
}

const OIDC: Federation = { kind: 'oidc', issuer: undefined };

function isOidcReference({ text }: PrincipalItem, { things, catalog }: RuleContext): boolean {
  const [only, ...others] = text.parts;
  if (only?.kind !== 'hole' || others.length > 0) return false;
  const { symbol = '' } = only;
  const thing = things.find(({ id }) => symbol.startsWith(id) && !/^\w/.test(symbol.slice(id.length)));
  return thing !== undefined && catalog.typeOfThing(thing.type)?.key === 'oidc-provider';
}

/** Whether an item of the Action clause that is always there takes the action in (in lower case, with prefix). */
export function takesInAction({ action }: Statement, name: string): boolean {
  return (
    action?.negated === false &&
    action.items.some(
      ({ text, presence }) => presence === 'always' && globMatches(knownText(text)?.toLowerCase() ?? '', name),
    )
  );
}

/** The conditions on claims of identity providers. */
export function claimTests({ conditions }: Statement): readonly ClaimTest[] {
  return conditions.flatMap((condition) => {
    const claim = claimOf(condition);
    return claim ? [{ claim, condition }] : [];
  });
}

/**
 * Whose tokens a provider takes. Where the principal is a reference, a key that names the issuer tells it: with another
 * issuer the statement would let nobody in.
 */
export function issuerOf({ federation }: Provider, tests: readonly ClaimTest[]): string | undefined {
  if (federation.kind === 'oidc' && federation.issuer !== undefined) return federation.issuer;
  if (federation.kind !== 'oidc' && federation.kind !== 'unknown') return undefined;
  const named = new Set(tests.map(({ claim }) => claim.issuer));
  const [only] = named;
  return named.size === 1 ? only : undefined;
}

/** What the table knows of an issuer. */
export function providerOfIssuer(issuer: string | undefined): OidcProvider | undefined {
  return issuer === undefined ? undefined : oidcProvider(issuer);
}

/** Whether a condition lets values in by name: not `Not…`, and not `Null`. An unknown operator does not, for certain. */
export function isPositive({ operator }: Condition): boolean {
  const found = operatorOf(operator);
  return found !== undefined && !found.negated && found.base !== 'Null';
}

/** Whether a Deny of the policy asks for a claim, or may: it may shut out what an Allow leaves open. */
export function mayDenyStrangers(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.effect.answer !== 'Allow' && (statement.conditionsOpen || statement.conditions.some(isClaim)),
  );
}

function isClaim(condition: Condition): boolean {
  return claimOf(condition) !== undefined || /^saml:/i.test(condition.key.flat);
}

/**
 * Judged: what the rules of the first wave found in the very same policy before. A host hands on policies of which nothing has
 * changed or moved, so that they are judged once, also where there is something to say. Knows no rules.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Thing } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import { fingerprint } from '../value/fingerprint.ts';
import type { Charge } from './charge.ts';
import type { RuleContext } from './rule.ts';

/** What was found under one catalog and configuration. */
interface Judged {
  readonly catalog: Catalog;
  readonly config: Config;
  /** The things of the module that findings or their fixes may rest on; undefined where there are no findings, and no rule looked. */
  readonly things: string | undefined;
  readonly charges: readonly Charge[];
}

const JUDGED = new WeakMap<Policy, Judged>();

/** What is known of the policies of one module; `things` are the module's, by name. */
export interface Docket {
  /** What was found in the policy before; undefined where it may be otherwise now. */
  readonly recall: (policy: Policy) => readonly Charge[] | undefined;
  readonly keep: (policy: Policy, charges: readonly Charge[], hasLooked: boolean) => void;
}

/** The docket of a module's things under a context. */
export function docketOf(all: readonly Thing[], { catalog, config }: Pick<RuleContext, 'catalog' | 'config'>): Docket {
  let named: string | undefined;
  const things = () => {
    named ??= fingerprint(
      all.map(({ id, type, name, several }) => `${id} ${type} ${name}${several ? ' +' : ''}`).join('\n'),
    );
    return named;
  };
  return {
    recall: (policy) => {
      const known = JUDGED.get(policy);
      if (known?.catalog !== catalog || known.config !== config) return undefined;
      return known.things === undefined || known.things === things() ? known.charges : undefined;
    },
    keep: (policy, charges, hasLooked) => {
      JUDGED.set(policy, { catalog, config, things: charges.length > 0 || hasLooked ? things() : undefined, charges });
    },
  };
}

/** A context that tells how often somebody has looked at the module's things. */
export function watched(context: RuleContext): { readonly context: RuleContext; readonly looks: () => number } {
  let looks = 0;
  return {
    context: {
      ...context,
      get things() {
        looks++;
        return context.things;
      },
    },
    looks: () => looks,
  };
}

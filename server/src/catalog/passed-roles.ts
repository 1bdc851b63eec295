/** Passed roles: which service gets the role that an action passes, from a table kept by hand. Knows no policies. */
import data from '../../data/passed-roles.json' with { type: 'json' };

/** The service principals of the table, in its order, each with the full names of the actions that pass it a role, as AWS spells them. */
export function roleReceivers(): readonly RoleReceiver[] {
  receivers ??= Object.entries(data.services).map(([principal, actions]) => ({ principal, actions }));
  return receivers;
}

/** A service that gets roles: `lambda.amazonaws.com` by `lambda:CreateFunction`. */
export interface RoleReceiver {
  readonly principal: string;
  readonly actions: readonly string[];
}

let receivers: readonly RoleReceiver[] | undefined;

/** What stands in edits for what only a person knows. Knows no rules and no editors. */

/** What opens each part that is left to be filled in. */
export const PLACEHOLDER = 'REPLACE_ME_';

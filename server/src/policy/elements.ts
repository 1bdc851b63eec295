/** Elements: the names that IAM's policy language has for the parts of a policy. Plain data. Source: IAM User Guide, "Grammar of the IAM JSON policy language". */

/** What a document may hold. */
export const DOCUMENT_ELEMENTS: readonly string[] = ['Version', 'Id', 'Statement'];

/** What a statement may hold. */
export const STATEMENT_ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

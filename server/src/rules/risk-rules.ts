/** Risk rules: those that judge dangerous actions, for rules that say the same of a whole statement. Holds names only. */

/** Their ids. */
export const RISK_RULES: readonly string[] = [
  'audit-tampering',
  'credentials-exposure',
  'data-exfiltration',
  'destructive-access',
  'infrastructure-modification',
  'resource-exposure',
];

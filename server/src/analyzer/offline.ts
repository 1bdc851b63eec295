/** Offline: what our own engine answers to a check of AWS's, on the very documents that were sent. For the log only; finds nothing. */
import { compareDocuments, readDocument } from '../access/documents.ts';
import { type Granting, grants } from '../access/grants.ts';
import { publicAccess } from '../access/public-access.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Input } from './shapes.ts';

/** The answer in AWS's words; `unknown` also for what is no check. Remembered as long as the question is. */
export function offlineResult(input: Input, kind: PolicyKind): 'PASS' | 'FAIL' | 'unknown' {
  const known = KNOWN.get(input);
  if (known) return known;
  const result = resultOf(input, kind);
  KNOWN.set(input, result);
  return result;
}

const KNOWN = new WeakMap<Input, 'PASS' | 'FAIL' | 'unknown'>();

function resultOf(input: Input, kind: PolicyKind): 'PASS' | 'FAIL' | 'unknown' {
  switch (input.operation) {
    case 'ValidatePolicy':
      return 'unknown';
    case 'CheckNoNewAccess': {
      const { existingPolicyDocument: existing, newPolicyDocument: proposed } = input;
      const { verdict } = compareDocuments({ existing, proposed, kind });
      return verdict === 'unknown' ? 'unknown' : verdict === 'new-access' ? 'FAIL' : 'PASS';
    }
    case 'CheckAccessNotGranted': {
      const { actions, resources } = input.access;
      const statements = readDocument(input.policyDocument, kind);
      const asked = { ...(actions.length > 0 ? { actions } : {}), ...(resources.length > 0 ? { resources } : {}) };
      return typeof statements === 'string' ? 'unknown' : inWords(grants(statements, asked));
    }
    case 'CheckNoPublicAccess': {
      const statements = readDocument(input.policyDocument, kind);
      return typeof statements === 'string' ? 'unknown' : inWords(publicAccess(statements, input.resourceType));
    }
  }
}

function inWords({ answer }: Granting): 'PASS' | 'FAIL' | 'unknown' {
  return answer === 'yes' ? 'FAIL' : answer === 'no' ? 'PASS' : 'unknown';
}

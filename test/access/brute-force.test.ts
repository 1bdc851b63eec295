/** Compares the engine with a checker that tries every request of small universes, and its evaluation with the checker's. */
import { expect, test } from 'vitest';
import { compareDocuments, evaluateDocuments } from '../../server/src/access/documents.ts';
import { allows, findNew } from './plain-checker.ts';
import { diceOf, draw } from './random-policies.ts';

const ROUNDS = Number(process.env.LEASTWISE_ROUNDS ?? 1_000);

test(`the engine and a checker that tries everything agree on ${ROUNDS} pairs of policies`, () => {
  const seen = { 'no-new-access': 0, 'new-access': 0, unknown: 0 };
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const { existing, proposed, universe } = draw(diceOf(seed));
    const answer = compareDocuments({ existing: JSON.stringify(existing), proposed: JSON.stringify(proposed) });
    seen[answer.verdict] += 1;
    const told = `seed ${seed}: ${JSON.stringify({ existing, proposed })}`;
    if (answer.verdict === 'new-access') {
      const { action, resource, context } = answer.witness;
      expect(allows(proposed, { action, resource, context }), `${told} ${JSON.stringify(answer.witness)}`).toBe(true);
      expect(allows(existing, { action, resource, context }), `${told} ${JSON.stringify(answer.witness)}`).toBe(false);
    } else if (answer.verdict === 'no-new-access') {
      expect(findNew(existing, proposed, universe), told).toBeUndefined();
    }
  }
  expect(seen['no-new-access']).toBeGreaterThan(ROUNDS / 10);
  expect(seen['new-access']).toBeGreaterThan(ROUNDS / 10);
  expect(seen.unknown).toBeLessThan(ROUNDS / 50);
});

test('both evaluate single requests alike', () => {
  const seen = { allowed: 0, refused: 0 };
  for (let seed = 1; seed <= Math.min(ROUNDS, 4000); seed++) {
    const dice = diceOf(seed + 1_000_000);
    const { existing, universe } = draw(dice);
    const policy = JSON.stringify(existing);
    for (let i = 0; i < 4; i++) {
      const request = {
        action: universe.actions[dice(universe.actions.length)] ?? '',
        resource: universe.resources[dice(universe.resources.length)] ?? '',
        context: universe.contexts[dice(universe.contexts.length)] ?? {},
      };
      const wanted = allows(existing, request);
      seen[wanted ? 'allowed' : 'refused'] += 1;
      const { decision } = evaluateDocuments({ policy, request });
      expect(decision === 'allowed', `seed ${seed}: ${policy} ${JSON.stringify(request)}`).toBe(wanted);
    }
  }
  expect(seen.allowed).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(1000);
});

/** Reads the duties and conflicts that a configuration adds to those of its packs. Never throws; what cannot be read is left out. */
import { knownText } from '../text/text.ts';
import type { Value } from '../value/value.ts';
import type { Conflict, Duty, Power } from './config.ts';
import { didYouMean } from './nearest.ts';
import { entries, fields, list, oneOf, type Report, text, texts, wordOf } from './shape.ts';

/** The keys of a duty, of one way to hold it, of what it requires, and of a conflict. */
export const DUTY_KEYS = ['title', 'anyOf', 'requires', 'environment'] as const;
export const POWER_KEYS = ['actions', 'resources', 'when'] as const;
export const REQUIREMENT_KEYS = ['actions', 'services'] as const;
export const CONFLICT_KEYS = ['between', 'severity', 'meet', 'because'] as const;

/** How grave a conflict is. */
export const SEVERITIES: readonly Conflict['severity'][] = ['critical', 'high', 'medium'];

/** Where the two grants of a conflict must meet. */
export const MEETINGS: readonly Conflict['meet'][] = ['any', 'same-resource', 'same-environment'];

/** Where a grant must reach for a duty to be held. */
export const ENVIRONMENTS = ['any', 'production'] as const;

/** The value of `duties`. Actions and condition keys are lowered, as those of the packs are; no resources are all resources. */
export function readDuties(value: Value, report: Report): readonly Duty[] {
  return entries(value, '`duties`', report).map((entry) => {
    const id = entry.key.flat;
    const duty = fields(entry.value, `the duty \`${id}\``, DUTY_KEYS, report);
    if (entry.value.kind === 'object' && !duty.anyOf)
      report(wordOf(entry.value), `the duty \`${id}\` has no \`anyOf\``);
    return {
      id,
      title: text(duty.title, '`title`', report) ?? id,
      anyOf: list(duty.anyOf, '`anyOf`', report).flatMap((item) => readPower(item, report) ?? []),
      requires: list(duty.requires, '`requires`', report).map((item) => readRequirement(item, report)),
      production: oneOf(duty.environment, '`environment`', ENVIRONMENTS, report) === 'production',
    };
  });
}

function readPower(value: Value, report: Report): Power | undefined {
  const power = fields(value, 'an item of `anyOf`', POWER_KEYS, report);
  if (value.kind !== 'object') return undefined;
  if (!power.actions) report(wordOf(value), 'an item of `anyOf` has no `actions`');
  const when = power.when ? entries(power.when, '`when`', report) : [];
  return {
    actions: texts(power.actions, '`actions`', report).map((action) => action.toLowerCase()),
    resources: power.resources ? texts(power.resources, '`resources`', report) : [],
    when: Object.fromEntries(
      when.map((entry) => [
        (knownText(entry.key) ?? '').toLowerCase(),
        texts(entry.value, `\`${entry.key.flat}\``, report),
      ]),
    ),
  };
}

function readRequirement(value: Value, report: Report): Duty['requires'][number] {
  const requirement = fields(value, 'an item of `requires`', REQUIREMENT_KEYS, report);
  return {
    actions: texts(requirement.actions, '`actions`', report).map((action) => action.toLowerCase()),
    services: texts(requirement.services, '`services`', report),
  };
}

/** The value of `conflicts`; `duties` are the ids that one may name. */
export function readConflicts(
  value: Value | undefined,
  duties: readonly string[],
  report: Report,
): readonly Conflict[] {
  return list(value, '`conflicts`', report).flatMap((item) => {
    const conflict = fields(item, 'an item of `conflicts`', CONFLICT_KEYS, report);
    if (item.kind !== 'object') return [];
    const named = texts(conflict.between, '`between`', report, (name) =>
      duties.includes(name) ? undefined : `there is no duty \`${name}\`${didYouMean(name, duties)}`,
    );
    const written = conflict.between?.kind === 'list' ? conflict.between.items.length : 0;
    if (written !== 2) report(wordOf(conflict.between ?? item), 'a conflict is `between` two duties');
    const [one, other] = named;
    const severity = oneOf(conflict.severity, '`severity`', SEVERITIES, report) ?? 'high';
    const meet = oneOf(conflict.meet, '`meet`', MEETINGS, report) ?? 'any';
    const because = text(conflict.because, '`because`', report) ?? '';
    return one !== undefined && other !== undefined && written === 2
      ? [{ between: [one, other], severity, meet, because }]
      : [];
  });
}

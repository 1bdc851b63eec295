/** References: resources of the module that an action can be scoped to, by the table of what is whose ARN. Spells nothing. */
import type { ResourceType } from '../../catalog/service.ts';
import type { RuleContext } from '../rule.ts';
import { type Narrowed, withStreams } from './arns.ts';

/** More things of one type than this are no choice to be made for the reader. */
const MOST_THINGS = 3;

/** The things of the type, or those that resources of the type lie in (objects in a bucket, streams of a log group); undefined where there are none or too many. */
export function referencesFor(type: ResourceType, { things, catalog }: RuleContext): readonly Narrowed[] | undefined {
  const [template = ''] = type.arns;
  const found = things.flatMap((thing): readonly Narrowed[] => {
    const own = thing.several ? undefined : catalog.typeOfThing(thing.type);
    const [outer = ''] = own?.arns ?? [];
    if (!own || own.service !== type.service || outer === '' || !template.startsWith(outer)) return [];
    const below = template.slice(outer.length);
    if (below !== '' && !/^[:/]/.test(below)) return [];
    return [{ thing: thing.id, glob: withStreams(type, below.replace(/\$\{[^}]*\}/g, '*')) }];
  });
  return found.length > 0 && found.length <= MOST_THINGS ? found : undefined;
}

/** RCP services: the services whose actions resource control policies can name, from a table kept by hand. Knows no policies. */
import data from '../../data/rcp-services.json' with { type: 'json' };

/** Whether resource control policies can name actions with that prefix, letter case aside. */
export function supportsRcp(prefix: string): boolean {
  services ??= new Set(data.services);
  return services.has(prefix.toLowerCase());
}

/** The day on which the list was what AWS documents, `2026-09-26`; AWS adds services now and then. */
export const RCP_SERVICES_DATE: string = data.date;

let services: ReadonlySet<string> | undefined;

/** ARN: the six colon-separated parts of an Amazon Resource Name, with places. Knows no services. Source: IAM User Guide, "Amazon Resource Names". */
import { knownText, sliceText, type Text } from '../text/text.ts';

/** The parts as Texts: any may hold wildcards and holes. */
export interface Arn {
  readonly partition: Text;
  readonly service: Text;
  readonly region: Text;
  readonly account: Text;
  /** All after the fifth colon. */
  readonly resource: Text;
}

/** The ARN's parts; undefined where the text does not begin with a literal `arn:` or has fewer than five colons. */
export function arnOf(text: Text): Arn | undefined {
  const bounds = arnBounds(text.flat);
  if (!bounds) return undefined;
  const [partition, service, region, account, resource] = bounds;
  if (knownText(sliceText(text, 0, 4)) !== 'arn:') return undefined;
  return {
    partition: sliceText(text, partition[0], partition[1]),
    service: sliceText(text, service[0], service[1]),
    region: sliceText(text, region[0], region[1]),
    account: sliceText(text, account[0], account[1]),
    resource: sliceText(text, resource[0], resource[1]),
  };
}

type Bound = readonly [from: number, to: number];

/** Where partition, service, region, account and resource stand in a flat ARN; undefined as for {@link arnOf}. */
export function arnBounds(flat: string): readonly [Bound, Bound, Bound, Bound, Bound] | undefined {
  if (!flat.startsWith('arn:')) return undefined;
  const service = flat.indexOf(':', 4) + 1;
  const region = service && flat.indexOf(':', service) + 1;
  const account = region && flat.indexOf(':', region) + 1;
  const resource = account && flat.indexOf(':', account) + 1;
  if (!resource) return undefined;
  return [
    [4, service - 1],
    [service, region - 1],
    [region, account - 1],
    [account, resource - 1],
    [resource, flat.length],
  ];
}

/** The twelve digits of an account id. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** Request: what somebody asks of AWS, as plain data, and the principals who ask. Reads no policy. Source: IAM User Guide, "Processing the request context". */

/** Who asks: nobody in particular (`*`), an ARN or account id, a service, a provider, or a canonical user. */
export type Principal =
  | '*'
  | { readonly AWS: string }
  | { readonly Service: string }
  | { readonly Federated: string }
  | { readonly CanonicalUser: string };

/**
 * One request. `resource` is an ARN, or `*` for actions that name none. A context key without an entry, or with an empty
 * list, is missing; letter case of keys does not count. Nothing is derived: a key that a policy asks for stands in `context`.
 */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly principal?: Principal;
  readonly resourceAccount?: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A request made ready for many questions: action in lower case, context by lower-case key, lists as lists. */
export interface ReadyRequest {
  readonly action: string;
  readonly resource: string;
  readonly principal: Principal | undefined;
  readonly resourceAccount: string | undefined;
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** Makes a request ready. Of two keys that differ in letter case only, the last counts; numbers and booleans are their texts. */
export function readyRequest(request: Request): ReadyRequest {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(request.context ?? {})) {
    const values = textsIn(value);
    if (values.length === 0) context.delete(key.toLowerCase());
    else context.set(key.toLowerCase(), values);
  }
  return {
    action: request.action.toLowerCase(),
    resource: request.resource,
    principal: principalIn(request.principal),
    resourceAccount: request.resourceAccount,
    context,
  };
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return ['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : [];
}

/** A bare text is an ARN or an account id; what has no known type is nobody that a policy can name. */
function principalIn(principal: unknown): Principal | undefined {
  if (principal === undefined || principal === null) return undefined;
  if (typeof principal === 'string') return principal === '*' ? '*' : { AWS: principal };
  if (typeof principal !== 'object') return '*';
  if ('AWS' in principal && typeof principal.AWS === 'string') return { AWS: principal.AWS };
  if ('Service' in principal && typeof principal.Service === 'string') return { Service: principal.Service };
  if ('Federated' in principal && typeof principal.Federated === 'string') return { Federated: principal.Federated };
  return 'CanonicalUser' in principal && typeof principal.CanonicalUser === 'string'
    ? { CanonicalUser: principal.CanonicalUser }
    : '*';
}

/** The one value of a key, for policy variables: a key with several values cannot be one. */
export function singleValue(request: ReadyRequest, key: string): string | undefined {
  const values = request.context.get(key);
  return values?.length === 1 ? values[0] : undefined;
}

/** The account of an ARN or an account id; undefined where it has none. */
export function accountOf(arn: string): string | undefined {
  if (/^\d{12}$/.test(arn)) return arn;
  const account = arn.startsWith('arn:') ? arn.split(':')[4] : undefined;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

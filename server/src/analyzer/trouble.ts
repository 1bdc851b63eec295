/** Trouble: what went wrong with a call, as one sentence that says what to do. Never repeats what may hold a credential or an account id. */

/**
 * What kind of trouble it is. `policy`: AWS cannot take this one policy; all others would stop every further call too.
 * `cancelled`: by the user, which is no trouble to tell of.
 */
export type TroubleKind =
  | 'cancelled'
  | 'credentials'
  | 'permission'
  | 'throttled'
  | 'quota'
  | 'policy'
  | 'proxy'
  | 'network'
  | 'clock'
  | 'timeout'
  | 'settings'
  | 'aws';

/** Thrown by every call that does not succeed. */
export class Trouble extends Error {
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How the profile that was used signs in. */
export type SignIn = 'no such profile' | 'SSO' | 'process' | 'otherwise';

/** What a call was about. */
export interface CallContext {
  readonly operation: string;
  readonly settings: {
    readonly profile: string | undefined;
    readonly region: string | undefined;
    readonly endpoint: string | undefined;
    readonly attempts?: number;
  };
  readonly isAborted: boolean;
  readonly signIn: SignIn;
}

/** Whatever the SDK throws, in words. */
export function troubleOf(error: unknown, context: CallContext): Trouble {
  if (error instanceof Trouble) return error;
  const facts = factsOf(error);
  if (context.isAborted || facts.name === 'AbortError') return new Trouble('cancelled', 'Cancelled.');
  return (
    ofCredentials(facts, context) ??
    ofSettings(facts, context) ??
    ofTransport(facts, context) ??
    ofAnswer(facts, context) ??
    new Trouble('aws', `${context.operation} failed: ${redacted(facts.message) || facts.name}.`)
  );
}

interface Facts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly reason: string;
  readonly fields: readonly string[];
}

/** What the SDK says of an error. A connection may be tried at several addresses, whose errors come together. */
function factsOf(error: unknown): Facts {
  const of = members(error);
  const inner = Array.isArray(of.errors) ? members(of.errors[0]) : {};
  const cause = members(of.cause);
  return {
    name: String(of.name ?? 'Error'),
    message: String(of.message ?? inner.message ?? ''),
    code: String(of.code ?? inner.code ?? cause.code ?? ''),
    status: statusOf(of),
    reason: String(of.reason ?? ''),
    fields: Array.isArray(of.fieldList) ? of.fieldList.map((field) => String(members(field).message ?? '')) : [],
  };
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function statusOf(error: Readonly<Record<string, unknown>>): number | undefined {
  const status = members(error.$metadata).httpStatusCode ?? members(error.$response).statusCode;
  return typeof status === 'number' ? status : undefined;
}

function ofCredentials({ name, message }: Facts, { settings, signIn }: CallContext): Trouble | undefined {
  const profile = settings.profile ?? process.env.AWS_PROFILE;
  const named = profile === undefined ? '' : ` --profile ${profile}`;
  const whose = profile === undefined ? '' : ` of profile ${profile}`;
  const is = (sentence: string) => new Trouble('credentials', sentence);
  const isOurs = /^(CredentialsProviderError|TokenProviderError|ProviderError|SSOTokenProviderFailure)$/.test(name);
  if ((isOurs && signIn === 'SSO') || name === 'SSOTokenProviderFailure' || (isOurs && /SSO session/.test(message)))
    return is(`The SSO session${whose} has expired or never began: run \`aws sso login${named}\`.`);
  if (isOurs && signIn === 'process')
    return is(`The credential process${whose} failed: run the command of \`credential_process\` by hand to see why.`);
  if (isOurs && profile !== undefined)
    return is(
      signIn === 'no such profile'
        ? `There is no profile ${profile}: choose another one, or run \`aws configure${named}\`.`
        : `There are no credentials in profile ${profile}: run \`aws configure${named}\`, or choose another profile.`,
    );
  if (isOurs) return is('There are no AWS credentials: run `aws configure` or `aws sso login`, or choose a profile.');
  if (/^Expired(Token|TokenException)$/.test(name))
    return is(
      `The credentials${whose} have expired: run \`aws sso login${named}\`, or get new ones where you got these.`,
    );
  if (/UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|MissingAuthentication/.test(name))
    return is(
      `AWS does not know the credentials${whose}: they are mistyped, deleted or of another partition; sign in anew.`,
    );
  return undefined;
}

function ofSettings({ message, code, name }: Facts, { settings }: CallContext): Trouble | undefined {
  if (/Region is missing/i.test(message))
    return new Trouble('settings', 'No Region is set: choose one, or set `region` in the profile or AWS_REGION.');
  if (/Invalid (region|Configuration)|EndpointError/i.test(`${message} ${name}`) && settings.region !== undefined)
    return new Trouble('settings', `There is no Region ${settings.region}: choose another one.`);
  if (code === 'ERR_INVALID_URL' || /Invalid URL/.test(message))
    return new Trouble('settings', `The endpoint ${settings.endpoint ?? ''} is no URL: it has to begin with https://.`);
  return undefined;
}

function ofTransport(
  { name, message, code, status }: Facts,
  { settings, operation }: CallContext,
): Trouble | undefined {
  if (/^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|ECONNRESET|EPIPE|ECONNABORTED)$/.test(code))
    return new Trouble(
      'network',
      `${whereOf(settings)} cannot be reached (${code}): check the network, the Region and the proxy.`,
    );
  if (name === 'TimeoutError' || code === 'ETIMEDOUT')
    return new Trouble(
      'timeout',
      `${operation} got no answer in time: check the network and the proxy, and try again.`,
    );
  if (/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS)/.test(code))
    return new Trouble(
      'proxy',
      `The certificate of ${whereOf(settings)} is not trusted (${code}): a proxy stands between; name its certificate in NODE_EXTRA_CA_CERTS.`,
    );
  if (name === 'SyntaxError' || /Unexpected token|is not valid JSON/.test(message))
    return new Trouble(
      'proxy',
      `What answered is not AWS${status === undefined ? '' : ` (HTTP ${status})`}: a proxy or a sign-in page stands between; check the network.`,
    );
  return undefined;
}

function whereOf({ endpoint, region }: CallContext['settings']): string {
  return endpoint !== undefined
    ? `The endpoint ${endpoint}`
    : `IAM Access Analyzer in ${region ?? 'the Region of the profile'}`;
}

function ofAnswer(facts: Facts, { operation, settings }: CallContext): Trouble | undefined {
  const { name, message, status, reason, fields } = facts;
  if (/RequestTimeTooSkewed|RequestExpired|InvalidSignature|SignatureDoesNotMatch|RequestInTheFuture/.test(name))
    return /expired|not yet|skew|future|date/i.test(`${name} ${message}`)
      ? new Trouble('clock', 'The clock of this machine is wrong: set it, and try again.')
      : new Trouble(
          'credentials',
          'AWS does not accept the signature: the secret key is mistyped, or a proxy changes requests.',
        );
  if (/^(AccessDenied|AccessDeniedException|NotAuthorized|UnauthorizedException)$/.test(name) || status === 403)
    return new Trouble('permission', deniedSentence(operation, message, settings.region));
  if (/Throttling|TooManyRequests|SlowDown/.test(name) || status === 429)
    return new Trouble(
      'throttled',
      `AWS asks to slow down, also after ${settings.attempts ?? 'several'} attempts: wait a minute, and ask about fewer policies at once.`,
    );
  if (/ServiceQuotaExceeded|LimitExceeded/.test(name) || status === 402)
    return new Trouble(
      'quota',
      `A quota of IAM Access Analyzer is used up${operation === 'StartPolicyGeneration' ? ' (one generation at a time, and a few a day)' : ''}: wait, or ask for more under Service Quotas.`,
    );
  if (name === 'ConflictException' || status === 409)
    return new Trouble('aws', 'Another policy generation for this principal is under way: wait for it, or cancel it.');
  if (name === 'ResourceNotFoundException' || status === 404)
    return new Trouble(
      'aws',
      `${operation} found nothing of that name in this Region: check the job, the trail and the Region.`,
    );
  if (name === 'UnprocessableEntityException' || status === 422)
    return new Trouble('policy', `AWS cannot decide ${operation} for this policy: ${said(message)}.`);
  if (/ValidationException|InvalidParameterException/.test(name) || status === 400)
    return new Trouble(
      'policy',
      refusedSentence(operation, [message, ...fields].map(redacted).filter(Boolean).join('; '), reason),
    );
  if (status !== undefined && status >= 500)
    return new Trouble(
      'aws',
      `IAM Access Analyzer has trouble of its own (HTTP ${status}), also after several attempts: try again later.`,
    );
  return undefined;
}

function deniedSentence(operation: string, message: string, region: string | undefined): string {
  const action = `access-analyzer:${operation}`;
  if (/service control policy|resource control policy/i.test(message))
    return `A policy of the organization denies \`${action}\`${region === undefined ? '' : ` in ${region}`}: choose another Region, or ask for an exception.`;
  if (/iam:PassRole/.test(message))
    return 'You may not use `iam:PassRole` on the role that reads the trail: docs/aws.md has the policy.';
  return `You may not use \`${action}\`: docs/aws.md has the policy that it takes.`;
}

function refusedSentence(operation: string, message: string, reason: string): string {
  if (/too (large|long)|maximum|length/i.test(message) || /^InvalidPolicy\b/.test(message))
    return `${operation} does not take this policy: it is too large, or no policy to AWS (${message}); split it.`;
  return `${operation} does not take this: ${message || reason || 'no reason is given'}.`;
}

function said(message: string): string {
  return redacted(message).replace(/\.$/, '') || 'no reason is given';
}

/** The text without what looks like an account, an access key or a session token. */
export function redacted(text: string): string {
  return text
    .replace(/\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}/g, '…')
    .replace(/\b\d{12}\b/g, '…')
    .replace(/[A-Za-z0-9+/=]{40,}/g, '…')
    .slice(0, 400);
}

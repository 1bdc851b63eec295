/**
 * Global condition keys in our own words: what each tells, and when a request carries it. Facts from the IAM User Guide,
 * "AWS global condition context keys". Knows no policies.
 */

/** `meaning`: what the value is. `present`: when the request carries it. One sentence each, no Markdown but backticks. */
export interface GlobalKeyText {
  readonly meaning: string;
  readonly present: string;
}

/** The text on a key by its name in any letter case, with or without what follows its slash; undefined for keys of services. */
export function globalKeyText(name: string): GlobalKeyText | undefined {
  const lower = name.toLowerCase().replace(/\/.*$/, '/');
  const found = TEXTS[lower];
  return found ? { meaning: found[0], present: found[1] } : undefined;
}

const ALWAYS = 'In every request.';
const SIGNED = 'In every request with credentials; not in anonymous ones.';
const ORGANIZED = 'Only if the caller\u2019s account belongs to an organization.';
const BY_SERVICE =
  'Only if an AWS service calls directly, as itself, on behalf of a resource; not in requests of users and roles.';
const RESOURCE =
  'In most requests, if the service tells whose resource it is; a few services and cross-service reads leave it out.';
const ENDPOINT = 'Only if the request comes through a VPC endpoint.';
const SESSION = 'Only in requests with temporary credentials.';
const INSTANCE = 'Only in requests with the role credentials of an EC2 instance.';

const TEXTS: Readonly<Record<string, readonly [meaning: string, present: string]>> = {
  'aws:assumedroot': [
    'Whether the caller took on short-lived root access to a member account with `sts:AssumeRoot`.',
    'Only in sessions of `sts:AssumeRoot`.',
  ],
  'aws:calledvia': [
    'The AWS services, first to last, that passed the request on in the caller\u2019s name.',
    'Only if at least one service made a further request with the caller\u2019s credentials.',
  ],
  'aws:calledviaawsmcp': [
    'The service name of the AWS-managed MCP server that passed the request on.',
    'Only if such a server made the request for the caller.',
  ],
  'aws:calledviafirst': [
    'The first service in the chain of `aws:CalledVia`.',
    'Only if at least one service made a further request with the caller\u2019s credentials.',
  ],
  'aws:calledvialast': [
    'The last service in the chain of `aws:CalledVia`.',
    'Only if at least one service made a further request with the caller\u2019s credentials.',
  ],
  'aws:chatbotsourcearn': [
    'The ARN of the chat configuration through which the request was made.',
    'Only in requests that come from a chat channel.',
  ],
  'aws:currenttime': ['The time of the request, as a date in ISO 8601.', ALWAYS],
  'aws:ec2instancesourceprivateipv4': [
    'The private IPv4 address of the instance to which the credentials were delivered.',
    INSTANCE,
  ],
  'aws:ec2instancesourcevpc': ['The VPC of the instance to which the credentials were delivered.', INSTANCE],
  'aws:epochtime': ['The time of the request, in seconds since 1970 or as a date.', ALWAYS],
  'aws:federatedprovider': [
    'The identity provider that vouched for the caller when the session began.',
    'Only in sessions of federated callers, such as those that began with `AssumeRoleWithWebIdentity`.',
  ],
  'aws:ismcpserviceaction': [
    'Whether the request is an action of an AWS MCP server itself.',
    'In requests to AWS-managed MCP servers.',
  ],
  'aws:multifactorauthage': [
    'Seconds since the caller proved a second factor.',
    'Only in sessions that began with a second factor; not with long-lived access keys.',
  ],
  'aws:multifactorauthpresent': [
    'Whether a second factor was proved when the session began.',
    'Only in requests with temporary credentials; long-lived access keys do not carry it, so `Bool` with `false` does not catch them: use `BoolIfExists`.',
  ],
  'aws:principalaccount': ['The account of the caller.', SIGNED],
  'aws:principalarn': ['The ARN of the caller; of an assumed role the ARN of the role, not of its session.', SIGNED],
  'aws:principalisawsservice': [
    'Whether an AWS service calls as itself, with its service principal.',
    'In every request with credentials.',
  ],
  'aws:principalorgid': ['The id of the organization of the caller\u2019s account.', ORGANIZED],
  'aws:principalorgpaths': [
    'The path of the caller\u2019s account in its organization: organization, root, organizational units.',
    ORGANIZED,
  ],
  'aws:principalservicename': ['The service principal that calls.', BY_SERVICE],
  'aws:principalservicenameslist': ['All service principals that belong to the service that calls.', BY_SERVICE],
  'aws:principaltag/': [
    'The tag of the calling user, role or session.',
    'Only if the caller carries a tag of that key.',
  ],
  'aws:principaltype': ['What calls: `Account`, `User`, `FederatedUser`, `AssumedRole` or `Anonymous`.', ALWAYS],
  'aws:referer': [
    'The `Referer` header, which any caller can set as it likes: not a protection.',
    'Only if the caller sends the header.',
  ],
  'aws:requestedregion': ['The Region that the request goes to; global services answer as `us-east-1` mostly.', ALWAYS],
  'aws:requesttag/': ['The value that the request gives to a tag.', 'Only if the request carries a tag of that key.'],
  'aws:resourceaccount': ['The account that owns the resource.', RESOURCE],
  'aws:resourceorgid': [
    'The organization of the account that owns the resource.',
    'Only if that account belongs to an organization and the service tells whose resource it is.',
  ],
  'aws:resourceorgpaths': [
    'The path of the resource\u2019s account in its organization.',
    'Only if that account belongs to an organization and the service tells whose resource it is.',
  ],
  'aws:resourcetag/': [
    'The tag that the resource carries.',
    'Only if the resource exists, carries a tag of that key, and the service supports authorization by tags.',
  ],
  'aws:securetransport': ['Whether the request came over TLS.', ALWAYS],
  'aws:sourceaccount': ['The account of the resource for which an AWS service calls.', BY_SERVICE],
  'aws:sourcearn': ['The ARN of the resource for which an AWS service calls.', BY_SERVICE],
  'aws:sourceidentity': [
    'The name that whoever assumed the first role set for the session; it cannot be changed afterwards.',
    'Only in sessions in which one was set.',
  ],
  'aws:sourceip': [
    'The public address that the request came from.',
    'Not if the request comes through a VPC endpoint (`aws:VpcSourceIp` then); if a service calls in the caller\u2019s name, it can be the service\u2019s address.',
  ],
  'aws:sourceorgid': ['The organization of the resource for which an AWS service calls.', BY_SERVICE],
  'aws:sourceorgpaths': [
    'The path in its organization of the account for whose resource an AWS service calls.',
    BY_SERVICE,
  ],
  'aws:sourceowner': [
    'The owner of the resource for which a service calls; an older name, kept by Amazon SNS and few others.',
    'Only in calls of a few AWS services.',
  ],
  'aws:sourcevpc': ['The VPC of the endpoint that the request came through.', ENDPOINT],
  'aws:sourcevpcarn': ['The ARN of the VPC of the endpoint that the request came through.', ENDPOINT],
  'aws:sourcevpce': ['The id of the VPC endpoint that the request came through.', ENDPOINT],
  'aws:tagkeys': ['The keys of the tags in the request, without their values.', 'Only if the request carries tags.'],
  'aws:tokenissuetime': ['When the temporary credentials were made.', SESSION],
  'aws:useragent': [
    'The `User-Agent` header, which any caller can set as it likes: not a protection.',
    'In nearly every request.',
  ],
  'aws:userid': [
    'The unique id of the caller; of a role `AROA…:session-name`; `anonymous` without credentials.',
    ALWAYS,
  ],
  'aws:username': [
    'The name of the calling IAM user.',
    'Only for IAM users: not for roles, federated users or the root user.',
  ],
  'aws:viaawsmcpservice': [
    'Whether an AWS-managed MCP server made the request for the caller.',
    'Only in requests that passed such a server.',
  ],
  'aws:viaawsservice': ['Whether an AWS service made the request with the caller\u2019s credentials.', ALWAYS],
  'aws:vpceaccount': ['The account that owns the VPC endpoint.', ENDPOINT],
  'aws:vpceorgid': ['The organization of the account that owns the VPC endpoint.', ENDPOINT],
  'aws:vpceorgpaths': ['The path in its organization of the account that owns the VPC endpoint.', ENDPOINT],
  'aws:vpcsourceip': ['The private address that the request came from, inside of the VPC.', ENDPOINT],
  'ec2:roledelivery': [
    'The version of the instance metadata service that delivered the credentials: `1.0` or `2.0`.',
    INSTANCE,
  ],
  'ec2:sourceinstancearn': ['The ARN of the instance to which the credentials were delivered.', INSTANCE],
  'glue:credentialissuingservice': [
    'Says that AWS Glue made the credentials: `glue.amazonaws.com`.',
    'Only in requests of Glue jobs.',
  ],
  'glue:roleassumedby': [
    'The service that assumed the role for a Glue job.',
    'Only in requests of Glue jobs and the like.',
  ],
  'identitystore:userid': [
    'The id of the person in IAM Identity Center.',
    'Only in sessions that carry an identity from IAM Identity Center.',
  ],
  'lambda:sourcefunctionarn': [
    'The ARN of the Lambda function whose code makes the request.',
    'Only in requests with the execution role\u2019s credentials from inside of a function.',
  ],
  'ssm:sourceinstancearn': [
    'The ARN of the managed instance to which the credentials were delivered.',
    'Only in requests with credentials that Systems Manager delivered.',
  ],
};

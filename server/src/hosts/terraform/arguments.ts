/** Which arguments of Terraform's AWS provider hold IAM policies, and of what kind. Plain tables; reads no expressions but literals. */
import { hintOfPath } from '../../policy/kind.ts';
import type { PolicyKind, Site } from '../../policy/module.ts';
import type { NamedBlock, TerraformFile } from './file.ts';
import { attributeOf } from './file.ts';
import type { Attribute, Body } from './hcl/syntax.ts';
import { blocksIn, literalOf } from './walk.ts';

/** An argument that holds a policy: its kind, where the place dictates one, and how people name it within the block. */
export interface PolicyArgument {
  readonly attribute: Attribute;
  readonly path: string;
  readonly kind: PolicyKind | undefined;
  readonly hint: Site['hint'];
}

/** The arguments of a block that hold policies, those of nested blocks included. `bounding` holds the addresses of what some `permissions_boundary` names. */
export function policyArguments(
  named: NamedBlock,
  file: TerraformFile,
  bounding: ReadonlySet<string>,
): readonly PolicyArgument[] {
  return policyPlaces(named.mode, named.type).flatMap(([path, kind]) =>
    attributesAt(named.block.body, path.split('.')).flatMap((attribute) => {
      const dictated = dictate(named, file, kind, bounding);
      return dictated ? [{ attribute, path, ...dictated }] : [];
    }),
  );
}

/** The paths of a resource's or data source's arguments that hold policies, names of blocks and argument with dots between, and what kind the place dictates. */
export function policyPlaces(mode: NamedBlock['mode'], type: string): readonly Row[] {
  return PLACES.get(mode === 'data' ? `data.${type}` : type) ?? [];
}

/** Whether the argument of a resource holds something that looks like a policy and is in another language. */
export function isForeignArgument(type: string, argument: string): boolean {
  return FOREIGN.get(type)?.includes(argument) ?? false;
}

function attributesAt(body: Body, path: readonly string[]): readonly Attribute[] {
  const [name, ...rest] = path;
  if (name === undefined) return [];
  if (rest.length > 0) return blocksIn(body, name).flatMap((use) => attributesAt(use.body, rest));
  return body.items.filter((item): item is Attribute => item.kind === 'attribute' && item.name === name);
}

type Dictated = Pick<PolicyArgument, 'kind' | 'hint'>;

/** The kind of one block's argument; undefined where it holds no IAM policy. A managed policy may also be meant as a boundary. */
function dictate(
  named: NamedBlock,
  file: TerraformFile,
  kind: PolicyKind,
  bounding: ReadonlySet<string>,
): Dictated | undefined {
  const hint = hintOfPath(file.source.path);
  if (named.type === 'aws_organizations_policy') return organizationKind(named, file, hint);
  if (named.type !== 'aws_iam_policy') return { kind, hint };
  const bounds = bounding.has(named.address) || isBoundaryName(named.name) || hint === 'boundary';
  return bounds ? { kind: undefined, hint: 'boundary' } : { kind, hint };
}

/** Whether a name says that what it names is a permissions boundary. */
export function isBoundaryName(name: string): boolean {
  return /boundar(y|ies)/i.test(name);
}

/** An organization has policies in many languages; an absent `type` is a service control policy. */
function organizationKind(named: NamedBlock, file: TerraformFile, hint: Site['hint']): Dictated | undefined {
  const type = attributeOf(named.block, 'type')?.value;
  if (!type) return { kind: 'scp', hint };
  const word = literalOf(type, file.source.text);
  if (word === undefined) return { kind: undefined, hint: hint ?? 'scp' };
  const known = organizationPolicyKind(word);
  return known && { kind: known, hint };
}

/** The kind of an organization's policy by its type; undefined where it is no IAM policy. */
export function organizationPolicyKind(type: string): 'scp' | 'rcp' | undefined {
  return type === 'SERVICE_CONTROL_POLICY' ? 'scp' : type === 'RESOURCE_CONTROL_POLICY' ? 'rcp' : undefined;
}

type Row = readonly [path: string, kind: PolicyKind];

/** Resources without `aws_` whose argument `policy` is the policy of a resource. */
const RESOURCE_POLICY =
  `acmpca_policy api_gateway_domain_name api_gateway_rest_api api_gateway_rest_api_policy backup_vault_policy
  bedrockagentcore_resource_policy cloudwatch_event_bus_policy codebuild_resource_policy dsql_cluster_policy dynamodb_resource_policy
  ecr_registry_policy ecr_repository_policy ecrpublic_repository_policy efs_file_system_policy glacier_vault_lock glue_resource_policy
  kinesis_resource_policy kms_external_key kms_key kms_key_policy kms_replica_external_key kms_replica_key lambda_resource_policy
  media_store_container_policy msk_cluster_policy networkfirewall_resource_policy oam_sink_policy osis_resource_policy
  pinpointsmsvoicev2_resource_policy redshift_resource_policy redshiftserverless_resource_policy s3_access_point s3_bucket
  s3_bucket_policy s3control_access_grants_instance_resource_policy s3control_access_point_policy s3control_bucket_policy
  s3control_object_lambda_access_point_policy s3files_file_system_policy s3vectors_vector_bucket_policy schemas_registry_policy
  secretsmanager_secret secretsmanager_secret_policy ses_identity_policy sesv2_email_identity_policy sns_topic sns_topic_policy
  sqs_queue sqs_queue_policy vpclattice_auth_policy vpclattice_resource_policy`.split(/\s+/);

/** Source: the schemas and documentation of the provider up to 6.55. */
const PLACES: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>([
  ...RESOURCE_POLICY.map((type) => [`aws_${type}`, [['policy', 'resource']]] as const),
  ['aws_iam_policy', [['policy', 'identity']]],
  ['aws_iam_role_policy', [['policy', 'identity']]],
  ['aws_iam_user_policy', [['policy', 'identity']]],
  ['aws_iam_group_policy', [['policy', 'identity']]],
  [
    'aws_iam_role',
    [
      ['assume_role_policy', 'trust'],
      ['inline_policy.policy', 'identity'],
    ],
  ],
  ['aws_ssoadmin_permission_set_inline_policy', [['inline_policy', 'identity']]],
  ['aws_organizations_policy', [['content', 'scp']]],
  ['aws_organizations_resource_policy', [['content', 'resource']]],
  ['aws_s3control_multi_region_access_point_policy', [['details.policy', 'resource']]],
  ['aws_s3tables_table_bucket_policy', [['resource_policy', 'resource']]],
  ['aws_s3tables_table_policy', [['resource_policy', 'resource']]],
  ['aws_sagemaker_model_package_group_policy', [['resource_policy', 'resource']]],
  ['aws_ecr_repository_creation_template', [['repository_policy', 'resource']]],
  ['aws_glacier_vault', [['access_policy', 'resource']]],
  ['aws_opensearch_domain', [['access_policies', 'resource']]],
  ['aws_opensearch_domain_policy', [['access_policies', 'resource']]],
  ['aws_elasticsearch_domain', [['access_policies', 'resource']]],
  ['aws_elasticsearch_domain_policy', [['access_policies', 'resource']]],
  ['aws_cloudsearch_domain_service_access_policy', [['access_policy', 'resource']]],
  ['aws_cloudwatch_log_resource_policy', [['policy_document', 'resource']]],
  ['aws_cloudwatch_log_destination_policy', [['access_policy', 'resource']]],
  ['aws_cloudwatch_log_delivery_destination_policy', [['delivery_destination_policy', 'resource']]],
  ['aws_codeartifact_domain_permissions_policy', [['policy_document', 'resource']]],
  ['aws_codeartifact_repository_permissions_policy', [['policy_document', 'resource']]],
  ['aws_prometheus_resource_policy', [['policy_document', 'resource']]],
  ['aws_xray_resource_policy', [['policy_document', 'resource']]],
  ['aws_vpc_endpoint', [['policy', 'endpoint']]],
  ['aws_vpc_endpoint_policy', [['policy', 'endpoint']]],
  ['aws_odb_network', [['s3_policy_document', 'endpoint']]],
  ['aws_transfer_user', [['policy', 'session']]],
  ['aws_transfer_access', [['policy', 'session']]],
  ['aws_rolesanywhere_profile', [['session_policy', 'session']]],
  ['aws_eks_pod_identity_association', [['policy', 'session']]],
  [
    'data.aws_iam_principal_policy_simulation',
    [
      ['additional_policies_json', 'identity'],
      ['permissions_boundary_policies_json', 'boundary'],
      ['resource_policy_json', 'resource'],
    ],
  ],
]);

/** Documents with statements and effects that IAM does not read, and a permission of RAM, which is one statement without principal and resource. */
const FOREIGN: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws_iot_policy', ['policy']],
  ['aws_organizations_policy', ['content']],
  ['aws_cloudformation_stack', ['policy_body']],
  ['aws_sns_topic_data_protection_policy', ['policy']],
  ['aws_cloudwatch_log_data_protection_policy', ['policy_document']],
  ['aws_cloudwatch_log_account_policy', ['policy_document']],
  ['aws_verifiedpermissions_policy', ['definition']],
  ['aws_ram_permission', ['policy_template']],
]);

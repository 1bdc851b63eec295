/** Kinds: what Access Analyzer calls a policy of ours, and the resource that holds it. Pure tables. Source: API Reference, ValidatePolicy and CheckNoPublicAccess. */
import type { PolicyKind } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyType } from './shapes.ts';

/** How a policy is named in questions. Types of resources are absent where Access Analyzer has none for the place. */
export interface AwsKind {
  readonly policyType: PolicyType;
  readonly validateAs?: string;
  readonly publicAs?: string;
}

const TRUST = 'AWS::IAM::AssumeRolePolicyDocument';

/** What the policy is to Access Analyzer. A word in the path counts where nothing else tells the kind. */
export function awsKindOf(policy: Policy): AwsKind {
  const { site, kind } = policy;
  const policyType = TYPES[site.kind === undefined && kind === 'identity' ? (site.hint ?? kind) : kind];
  if (kind === 'trust') return { policyType, validateAs: TRUST, publicAs: TRUST };
  const row =
    kind === 'resource' ? HOLDERS.find(({ types }) => types.split(' ').includes(site.holder ?? '')) : undefined;
  return {
    policyType,
    ...(row && VALIDATED.has(row.type) ? { validateAs: row.type } : {}),
    ...(row && PUBLIC_TYPES.includes(row.type) ? { publicAs: row.type } : {}),
  };
}

const TYPES: Readonly<Record<PolicyKind, PolicyType>> = {
  identity: 'IDENTITY_POLICY',
  boundary: 'IDENTITY_POLICY',
  session: 'IDENTITY_POLICY',
  resource: 'RESOURCE_POLICY',
  trust: 'RESOURCE_POLICY',
  endpoint: 'RESOURCE_POLICY',
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
};

/** The types that ValidatePolicy has checks of their own for, trust policies aside. */
const VALIDATED: ReadonlySet<string> = new Set([
  'AWS::S3::Bucket',
  'AWS::S3::AccessPoint',
  'AWS::S3::MultiRegionAccessPoint',
  'AWS::S3ObjectLambda::AccessPoint',
  'AWS::DynamoDB::Table',
]);

/** The types that CheckNoPublicAccess takes. */
export const PUBLIC_TYPES: readonly string[] = [
  'AWS::ApiGateway::RestApi',
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Dashboard',
  'AWS::CloudTrail::EventDataStore',
  'AWS::CodeArtifact::Domain',
  'AWS::DynamoDB::Stream',
  'AWS::DynamoDB::Table',
  'AWS::EFS::FileSystem',
  TRUST,
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::Lambda::Function',
  'AWS::OpenSearchService::Domain',
  'AWS::S3::AccessPoint',
  'AWS::S3::Bucket',
  'AWS::S3::Glacier',
  'AWS::S3Express::AccessPoint',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Outposts::AccessPoint',
  'AWS::S3Outposts::Bucket',
  'AWS::S3Tables::Table',
  'AWS::S3Tables::TableBucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
];

/** What hosts name as the holder of a policy, by the type that Access Analyzer knows the resource by. */
const HOLDERS: readonly { readonly type: string; readonly types: string }[] = [
  { type: 'AWS::S3::Bucket', types: 'aws_s3_bucket aws_s3_bucket_policy AWS::S3::BucketPolicy' },
  {
    type: 'AWS::S3::AccessPoint',
    types: 'aws_s3_access_point aws_s3control_access_point_policy AWS::S3::AccessPoint',
  },
  {
    type: 'AWS::S3::MultiRegionAccessPoint',
    types: 'aws_s3control_multi_region_access_point_policy AWS::S3::MultiRegionAccessPointPolicy',
  },
  {
    type: 'AWS::S3ObjectLambda::AccessPoint',
    types: 'aws_s3control_object_lambda_access_point_policy AWS::S3ObjectLambda::AccessPointPolicy',
  },
  { type: 'AWS::S3Express::DirectoryBucket', types: 'AWS::S3Express::BucketPolicy' },
  { type: 'AWS::S3Express::AccessPoint', types: 'AWS::S3Express::AccessPoint' },
  { type: 'AWS::S3Outposts::Bucket', types: 'aws_s3control_bucket_policy AWS::S3Outposts::BucketPolicy' },
  { type: 'AWS::S3Outposts::AccessPoint', types: 'AWS::S3Outposts::AccessPoint' },
  { type: 'AWS::S3Tables::TableBucket', types: 'aws_s3tables_table_bucket_policy AWS::S3Tables::TableBucketPolicy' },
  { type: 'AWS::S3Tables::Table', types: 'aws_s3tables_table_policy AWS::S3Tables::TablePolicy' },
  { type: 'AWS::S3::Glacier', types: 'aws_glacier_vault aws_glacier_vault_lock' },
  {
    type: 'AWS::DynamoDB::Table',
    types: 'aws_dynamodb_resource_policy AWS::DynamoDB::Table AWS::DynamoDB::GlobalTable',
  },
  {
    type: 'AWS::SQS::Queue',
    types: 'aws_sqs_queue aws_sqs_queue_policy AWS::SQS::QueuePolicy AWS::SQS::QueueInlinePolicy',
  },
  {
    type: 'AWS::SNS::Topic',
    types: 'aws_sns_topic aws_sns_topic_policy AWS::SNS::TopicPolicy AWS::SNS::TopicInlinePolicy',
  },
  {
    type: 'AWS::KMS::Key',
    types:
      'aws_kms_key aws_kms_key_policy aws_kms_external_key aws_kms_replica_key aws_kms_replica_external_key AWS::KMS::Key AWS::KMS::ReplicaKey',
  },
  {
    type: 'AWS::SecretsManager::Secret',
    types: 'aws_secretsmanager_secret aws_secretsmanager_secret_policy AWS::SecretsManager::ResourcePolicy',
  },
  { type: 'AWS::EFS::FileSystem', types: 'aws_efs_file_system_policy AWS::EFS::FileSystem' },
  { type: 'AWS::Kinesis::Stream', types: 'aws_kinesis_resource_policy AWS::Kinesis::ResourcePolicy' },
  {
    type: 'AWS::OpenSearchService::Domain',
    types:
      'aws_opensearch_domain aws_opensearch_domain_policy aws_elasticsearch_domain aws_elasticsearch_domain_policy AWS::OpenSearchService::Domain AWS::Elasticsearch::Domain',
  },
  { type: 'AWS::CodeArtifact::Domain', types: 'aws_codeartifact_domain_permissions_policy AWS::CodeArtifact::Domain' },
  {
    type: 'AWS::ApiGateway::RestApi',
    types: 'aws_api_gateway_rest_api aws_api_gateway_rest_api_policy AWS::ApiGateway::RestApi AWS::Serverless::Api',
  },
  { type: 'AWS::Backup::BackupVault', types: 'aws_backup_vault_policy AWS::Backup::BackupVault' },
  { type: 'AWS::CloudTrail::EventDataStore', types: 'AWS::CloudTrail::ResourcePolicy' },
  { type: 'AWS::Lambda::Function', types: 'AWS::Lambda::Permission' },
];

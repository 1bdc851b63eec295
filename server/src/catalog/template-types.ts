/** The types of IAM resource behind CloudFormation's types of resource, from a table kept by hand. Knows no templates. */
import data from '../../data/cloudformation-arns.json' with { type: 'json' };
import { memo } from './memo.ts';

/** `s3:bucket` for `AWS::S3::Bucket`: what its own ARN is of; undefined where it has none. */
export function templateType(type: string): string | undefined {
  return type.startsWith('AWS::') ? types().get(type.slice('AWS::'.length)) : undefined;
}

const types = memo(
  () =>
    new Map(
      data.types.map((line) => {
        const [type = '', , , resource = ''] = line.split(' ', 4);
        return [type, resource] as const;
      }),
    ),
);

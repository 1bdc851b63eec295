/** The commands and their flags as data: arguments are read by it, help is printed from it. */
import { PRESETS } from '../config/read.ts';
import { POLICY_KINDS } from '../policy/module.ts';

/** A flag. One without `value` is a switch. */
export interface Flag {
  readonly name: string;
  /** `many`: may be given more than once, and takes the words that follow too, of a closed list those of the list. */
  readonly value?: { readonly placeholder: string; readonly words?: readonly string[]; readonly many?: boolean };
  readonly help: string;
}

/** A command. `operands` is how help shows what follows the flags, and how many there may be. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly operands: { readonly shown: string; readonly least: number; readonly most: number };
  readonly flags: readonly Flag[];
  readonly notes: readonly string[];
}

/** The formats of findings. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

/** The levels, gravest first. */
export const LEVELS = ['error', 'warning', 'info'] as const;

/** The checks of AWS's that can be asked for beside its validation. */
export const CHECKS = ['no-new-access', 'no-public-access', 'access-not-granted'] as const;

/** Flags of every command that reads files for their policies. */
const READING: readonly Flag[] = [
  {
    name: 'format',
    value: { placeholder: 'FORMAT', words: FORMATS },
    help: 'How to print the findings (default: text).',
  },
  {
    name: 'policy-type',
    value: { placeholder: 'KIND', words: POLICY_KINDS },
    help: 'Take every JSON file for a policy of this kind.',
  },
  {
    name: 'level',
    value: { placeholder: 'LEVEL', words: LEVELS },
    help: 'The lowest level that fails the run (default: warning).',
  },
  {
    name: 'preset',
    value: { placeholder: 'PRESET', words: PRESETS },
    help: 'Which rules speak, whatever the configuration says.',
  },
  { name: 'config', value: { placeholder: 'FILE' }, help: 'Use this configuration for all files.' },
];

/** Flags that say which files these are, where no path does. */
const NAMING: readonly Flag[] = [
  {
    name: 'files-from',
    value: { placeholder: 'FILE' },
    help: 'Check the paths that this file lists, one a line; - is standard input.',
  },
  { name: 'stdin-filename', value: { placeholder: 'PATH' }, help: 'The name of what - reads from standard input.' },
];

/** Flags of every command that asks AWS. */
const SIGNING_IN: readonly Flag[] = [
  {
    name: 'aws-profile',
    value: { placeholder: 'PROFILE' },
    help: 'Whose credentials to use (default: as the AWS CLI decides).',
  },
  {
    name: 'region',
    value: { placeholder: 'REGION' },
    help: 'The Region to ask (default: as the AWS CLI decides).',
  },
  { name: 'endpoint', value: { placeholder: 'URL' }, help: 'Where to ask instead of AWS, for tests.' },
];

/** Every command, in the order of help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'check',
    summary: 'Checks the policies in files and folders.',
    operands: { shown: '[PATH...]', least: 0, most: Number.POSITIVE_INFINITY },
    flags: [
      ...READING,
      { name: 'fix', help: 'Apply the fixes that keep access the same.' },
      { name: 'fix-dry-run', help: 'Print what --fix would change, as a diff.' },
      { name: 'fixes', help: 'Add every fix to the JSON.' },
      { name: 'baseline', value: { placeholder: 'FILE' }, help: 'Leave out the findings that stand in this file.' },
      { name: 'write-baseline', value: { placeholder: 'FILE' }, help: 'Write all findings to this file.' },
      ...NAMING,
      { name: 'stats', help: 'Print what the run did and how long it took, to standard error.' },
    ],
    notes: [
      'Without a path, the working folder is checked. - reads standard input.',
      'Exit code 0: nothing at or above the level. 1: findings. 2: the job could not be done.',
    ],
  },
  {
    name: 'compare',
    summary: 'Tells whether a policy allows anything that another does not.',
    operands: { shown: 'EXISTING PROPOSED', least: 2, most: 2 },
    flags: [
      {
        name: 'format',
        value: { placeholder: 'FORMAT', words: ['text', 'json'] },
        help: 'How to print the answer (default: text).',
      },
      {
        name: 'policy-type',
        value: { placeholder: 'KIND', words: POLICY_KINDS },
        help: 'What both policies are; without it, their shape tells.',
      },
      { name: 'difference', help: 'List what is gained and what is lost, by access level.' },
      { name: 'typed', help: 'Make the request that is newly allowed one of actions and resources that AWS has.' },
    ],
    notes: [
      'Both are files with one policy document; - is standard input.',
      'Exit code 0: nothing new is allowed. 1: something is, or it cannot be told. 2: the job could not be done.',
    ],
  },
  {
    name: 'can',
    summary: 'Tells whether policies allow a request.',
    operands: { shown: '', least: 0, most: 0 },
    flags: [
      { name: 'identity', value: { placeholder: 'FILE', many: true }, help: 'The policies that the identity holds.' },
      { name: 'resource-policy', value: { placeholder: 'FILE' }, help: 'The policy of the resource.' },
      { name: 'boundary', value: { placeholder: 'FILE' }, help: 'The permissions boundary.' },
      { name: 'session', value: { placeholder: 'FILE' }, help: 'The session policy.' },
      { name: 'scp', value: { placeholder: 'FILE', many: true }, help: 'Service control policies, one level each.' },
      { name: 'action', value: { placeholder: 'ACTION' }, help: 'The action, as in s3:GetObject.' },
      { name: 'resource', value: { placeholder: 'ARN' }, help: 'The ARN of the resource, or *.' },
      {
        name: 'principal',
        value: { placeholder: 'PRINCIPAL' },
        help: 'Who asks: an ARN, an account id, a service such as lambda.amazonaws.com, or *.',
      },
      {
        name: 'context',
        value: { placeholder: 'KEY=VALUE', many: true },
        help: 'A condition key of the request; again for a second value.',
      },
      {
        name: 'format',
        value: { placeholder: 'FORMAT', words: ['text', 'json'] },
        help: 'How to print the answer (default: text).',
      },
    ],
    notes: ['Exit code 0: allowed. 1: denied, not granted, or it cannot be told. 2: the job could not be done.'],
  },
  {
    name: 'narrow',
    summary: 'Proposes what narrows, as a diff with its proof.',
    operands: { shown: 'PATH...', least: 1, most: Number.POSITIVE_INFINITY },
    flags: [
      {
        name: 'format',
        value: { placeholder: 'FORMAT', words: ['text', 'json'] },
        help: 'How to print the proposals (default: text).',
      },
      {
        name: 'level',
        value: { placeholder: 'LEVEL', words: LEVELS },
        help: 'The lowest level of findings to propose something for (default: warning).',
      },
      ...READING.filter(({ name }) => name === 'policy-type' || name === 'config'),
      ...NAMING,
    ],
    notes: [
      'Changes no file: patch -p1 or git apply takes what is printed. What only you know is written REPLACE_ME_….',
      'Exit code 0: nothing to narrow. 1: proposals. 2: the job could not be done.',
    ],
  },
  {
    name: 'validate',
    summary: 'Checks policies, and asks AWS IAM Access Analyzer about them too.',
    operands: { shown: '[PATH...]', least: 0, most: Number.POSITIVE_INFINITY },
    flags: [
      ...SIGNING_IN,
      {
        name: 'check',
        value: { placeholder: 'CHECK', words: CHECKS, many: true },
        help: 'Also make these checks; AWS bills each by call.',
      },
      {
        name: 'reference',
        value: { placeholder: 'FILE' },
        help: 'What no-new-access compares with (default: the last commit of git).',
      },
      {
        name: 'action',
        value: { placeholder: 'ACTION', many: true },
        help: 'What access-not-granted looks for (default: never in leastwise.json).',
      },
      { name: 'resource', value: { placeholder: 'ARN', many: true }, help: 'The resources that it looks for.' },
      {
        name: 'resource-type',
        value: { placeholder: 'TYPE' },
        help: 'What policies hang on whose place does not say it, as AWS::S3::Bucket.',
      },
      ...READING,
      ...NAMING,
      { name: 'stats', help: 'Print what AWS and the rules say of each policy, to standard error.' },
    ],
    notes: [
      'Sends the policies to AWS, and nothing else; docs/aws.md tells what that takes and costs.',
      'Exit code 0: nothing at or above the level. 1: findings. 2: the job could not be done.',
    ],
  },
  {
    name: 'generate',
    summary: 'Has AWS read off CloudTrail what a principal did, and narrows a policy to that.',
    operands: { shown: '[FILE]', least: 0, most: 1 },
    flags: [
      { name: 'principal', value: { placeholder: 'ARN' }, help: 'The role or user whose activity counts.' },
      { name: 'trail', value: { placeholder: 'ARN' }, help: 'The trail to read.' },
      { name: 'access-role', value: { placeholder: 'ARN' }, help: 'The role by which AWS may read it.' },
      { name: 'days', value: { placeholder: 'N' }, help: 'How many days back (default: 30, at most 90).' },
      { name: 'job', value: { placeholder: 'ID' }, help: 'Take what this job gives, instead of starting one.' },
      { name: 'jobs', help: 'List the jobs, and do nothing else.' },
      ...SIGNING_IN,
    ],
    notes: [
      'FILE holds one policy, that of the principal. Prints it with the actions that were used, proved to allow nothing new;',
      'without FILE, what AWS generated. Changes nothing. Exit code 0: done. 2: the job could not be done.',
    ],
  },
  {
    name: 'explain',
    summary: 'Explains a rule.',
    operands: { shown: 'RULE', least: 1, most: 1 },
    flags: [],
    notes: [],
  },
  {
    name: 'rules',
    summary: 'Lists the rules.',
    operands: { shown: '', least: 0, most: 0 },
    flags: [
      {
        name: 'format',
        value: { placeholder: 'FORMAT', words: ['text', 'json'] },
        help: 'How to print the list (default: text).',
      },
    ],
    notes: [],
  },
  {
    name: 'lsp',
    summary: 'Starts the language server, for an editor.',
    operands: { shown: '', least: 0, most: 0 },
    flags: [{ name: 'stdio', help: 'Speak over standard input and output.' }],
    notes: [],
  },
];

/** OIDC providers: who issues tokens, what their subjects look like, and which claims tell one customer from another. Hand-kept data with its sources; no judgement here. */
import data from '../../data/oidc-providers.json' with { type: 'json' };
import { globMatches } from '../policy/pattern.ts';

/** A provider of OpenID Connect tokens that many use. */
export interface OidcProvider {
  readonly name: string;
  /** Who gets in where no claim is tested, as in "any workflow on GitHub". */
  readonly admits: string;
  /** Whether many customers have the same issuer, so that only claims tell them apart. */
  readonly shared: boolean;
  /** Claims of which AWS, or for issuers of one customer an expert, wants one tested; the first is the usual one. In lower case. */
  readonly required: readonly string[];
  /** Further claims that shut strangers out. */
  readonly tying: readonly string[];
  /** How grave it is to test none of them. */
  readonly unbound: 'warning' | 'info';
  /** The audience that its tokens for AWS have unless somebody asks for another one. */
  readonly audience: string | undefined;
  /** The forms of `sub`. */
  readonly subjects: readonly Subject[];
  /** Narrow ends of a subject, with `<…>` for what is to be filled in, in place of its last field. */
  readonly proposals: readonly string[];
}

/** A form of `sub`. Invariant: `literals` has one text before each field. */
export interface Subject {
  readonly literals: readonly string[];
  readonly fields: readonly SubjectField[];
}

/** A field of a subject. `loose` is how grave it is to leave all of it open, `partial` its end; undefined where it is no flaw. */
export interface SubjectField {
  readonly name: string;
  readonly sample: string;
  /** Who is admitted, as in "admits every repository". */
  readonly of: string;
  readonly loose: 'warning' | 'info' | undefined;
  readonly partial: 'warning' | 'info' | undefined;
  /** What the field may be, where that is not anything, with who is admitted by that. */
  readonly starts: readonly { readonly sample: string; readonly of: string }[];
}

/** The provider with that issuer, its address without `https://` in lower case; undefined for those that the table does not know. */
export function oidcProvider(issuer: string): OidcProvider | undefined {
  return providers().find(({ issuers }) => issuers.some((glob) => globMatches(glob, issuer)));
}

/** All forms of `sub` that begin with a word of their own, by which they are known whoever issues them. */
export function knownSubjects(): readonly { readonly provider: OidcProvider; readonly subject: Subject }[] {
  return providers().flatMap((provider) =>
    provider.subjects
      .filter(({ literals }) => /^[a-z_]{4,}:/.test(literals[0] ?? ''))
      .map((subject) => ({ provider, subject })),
  );
}

interface Row {
  readonly name: string;
  readonly issuers: readonly string[];
  readonly admits: string;
  readonly shared: boolean;
  readonly required: readonly string[];
  readonly tying?: readonly string[];
  readonly unbound?: string;
  readonly audience?: string;
  readonly subjects: readonly string[];
  readonly proposals?: readonly string[];
}

interface FieldRow {
  readonly sample: string;
  readonly of: string;
  readonly loose?: string;
  readonly partial?: string;
  readonly starts?: readonly (readonly string[])[];
}

type Known = OidcProvider & { readonly issuers: readonly string[] };

let read: readonly Known[] | undefined;

/** The table, read when first asked for. */
function providers(): readonly Known[] {
  const rows: readonly Row[] = data.providers;
  read ??= rows.map((row) => ({
    name: row.name,
    issuers: row.issuers,
    admits: row.admits,
    shared: row.shared,
    required: row.required,
    tying: row.tying ?? [],
    unbound: row.shared ? 'warning' : (gravity(row.unbound) ?? 'info'),
    audience: row.audience,
    subjects: row.subjects.map(readSubject),
    proposals: row.proposals ?? [],
  }));
  return read;
}

const FIELDS: ReadonlyMap<string, FieldRow> = new Map(Object.entries<FieldRow>(data.fields));

/** `repo:<owner>/…`: what stands before each field, and the fields. */
function readSubject(form: string): Subject {
  const parts = form.split(/<([\w-]+)>/);
  const names = parts.filter((_, index) => index % 2 === 1);
  return {
    literals: parts.filter((_, index) => index % 2 === 0 && index < names.length * 2),
    fields: names.map(readField),
  };
}

function readField(name: string): SubjectField {
  const row = FIELDS.get(name);
  return {
    name: name.replace(/^(hcp|circleci|bitbucket)-/, ''),
    sample: row?.sample ?? name,
    of: row?.of ?? name,
    loose: gravity(row?.loose),
    partial: gravity(row?.partial),
    starts: (row?.starts ?? []).map(([start = '', of = '']) => ({ sample: start, of })),
  };
}

function gravity(word: string | undefined): 'warning' | 'info' | undefined {
  return word === 'warning' || word === 'info' ? word : undefined;
}

/** Templates over plain files: which files are some, which of their marks are holes, and whose they are. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are marks of templates
import { describe, expect, test } from 'vitest';
import { isTerraformTemplate, looksLikeTemplate, templateText, unescapedIn } from '../server/src/hosts/template.ts';
import { displayText } from '../server/src/text/text.ts';
import { analyzeText } from './context.ts';
import { drawModule, untrueSpans } from './terraform-model.ts';

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":RESOURCE}]}';
const drawn = (path: string, resource: string) => {
  const module = analyzeText(
    path,
    POLICY.replace('RESOURCE', () => resource),
  )?.module;
  if (module) expect(untrueSpans(module).lies).toEqual([]);
  return module && drawModule(module).replace(/^.*"Resource": (.*)\}\]\}/s, '$1');
};

describe('holes', () => {
  test.each([
    ['p.json.tpl', '"${bucket}/${aws:username}/*"', '"${bucket}/${aws:username}/*"'],
    ['p.tpl', '${jsonencode(arns)}', '${jsonencode(arns)}'],
    ['p.json', '${arns}', '${arns}'],
    ['p.json', '["a/${name}", "b/${aws:username}", "${*}"]', '["a/${name}", "b/${aws:username}", "${*}"]'],
    ['p.json', '["a", %{ for a in more ~} "${a}/*", %{ endfor ~}]', '["a", "${a}/*"?, …]'],
  ])('%s: %s', (path, resource, expected) => {
    expect(drawn(path, resource)).toBe(expected);
  });

  test('the escape for a sign and a brace makes a file a template, and is read as what it stands for', () => {
    expect(looksLikeTemplate('{"a": "$${aws:username}"}')).toBe(true);
    expect(looksLikeTemplate('{"a": "${aws:username}"}')).toBe(false);
    expect(looksLikeTemplate('{"a": ${b}}')).toBe(true);
    expect(drawn('p.json', '"$${aws:username}/${bucket}"')).toBe('"${aws:username}/${bucket}"');
    expect(displayText(templateText('p', 'a $${b} %%{c}', 'all'))).toBe('a ${b} %{c}');
  });
});

describe('whose marks they are', () => {
  test('a name, a directive or the escape tells that they are those of Terraform', () => {
    for (const [path, content] of [
      ['p.tftpl', ''],
      ['p.tpl', 'a $${b}'],
      ['p.json', '%{ if a }'],
      ['p.json', '%{~for a in b}'],
    ] as const)
      expect(isTerraformTemplate(path, content), content).toBe(true);
    for (const [path, content] of [
      ['p.tpl', '${a}'],
      ['p.json', '%{ a }'],
    ] as const)
      expect(isTerraformTemplate(path, content), content).toBe(false);
  });

  test('variables of IAM that are not escaped', () => {
    const text =
      '${aws:username} $${aws:username} ${name} ${a ? "b:c" : d} ${SHELL:-word} ${*} ${token.example.com:sub}';
    const found = unescapedIn('p', text).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(['${aws:username}', '${*}', '${token.example.com:sub}']);
  });

  test('outside of policies nothing is said', () => {
    const module = analyzeText(
      'p.tftpl',
      `{ "a": "\${aws:username}", "p": ${POLICY.replace('RESOURCE', '"*"')} }`,
    )?.module;
    expect(module?.sites).toHaveLength(1);
    expect(module?.problems).toEqual([]);
  });
});

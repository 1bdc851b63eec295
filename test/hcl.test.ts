/** The HCL reader: trees as compact text, recovery, and the laws that hold for every text. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHcl } from '../server/src/hosts/terraform/hcl/parse.ts';
import type {
  BodyItem,
  Expression,
  HclFile,
  HclSpan,
  ObjectKey,
  Step,
  TemplatePart,
} from '../server/src/hosts/terraform/hcl/syntax.ts';

/** One line of text for a tree: attributes `name=…`, blocks `type.label{…}`, strings as their parts. */
function draw(text: string): string {
  return parseHcl(text)
    .body.items.map((item) => drawItem(text, item))
    .join(' ');
}

/** The value of the attribute `a`, which must be all there is and without a problem. */
function value(expression: string): string {
  const text = `a = ${expression}\n`;
  const { problems, body } = parseHcl(text);
  expect(problems).toEqual([]);
  expect(body.items).toHaveLength(1);
  return draw(text).slice('a='.length);
}

function drawItem(text: string, item: BodyItem): string {
  if (item.kind === 'attribute') return `${item.name}=${drawExpression(text, item.value)}`;
  const head = [item.type, ...item.labels.map((label) => label.text)].join('.');
  const inside = item.body.items.map((inner) => drawItem(text, inner)).join(' ');
  return `${head}{${inside}}${item.closed ? '' : '!'}`;
}

function drawExpression(text: string, node: Expression | ObjectKey): string {
  const inner = (child: Expression) => drawExpression(text, child);
  const all = (children: readonly Expression[]) => children.map(inner).join(',');
  switch (node.kind) {
    case 'identifier':
    case 'variable':
      return node.name;
    case 'number':
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    case 'template':
      return `"${drawParts(text, node.parts)}"${node.closed ? '' : '!'}`;
    case 'heredoc':
      return `<${node.marker}:${drawParts(text, node.parts)}>${node.closed ? '' : '!'}`;
    case 'list':
      return `[${all(node.items)}]${node.closed ? '' : '!'}`;
    case 'object': {
      const entries = node.entries.map((entry) => `${drawExpression(text, entry.key)}:${inner(entry.value)}`);
      return `{${entries.join(',')}}${node.closed ? '' : '!'}`;
    }
    case 'for': {
      const names = node.variables.map((variable) => variable.name).join(',');
      const key = node.key === undefined ? '' : `${inner(node.key)}=>`;
      const condition = node.condition === undefined ? '' : ` if ${inner(node.condition)}`;
      const held = `for ${names} in ${inner(node.collection)}:${key}${inner(node.value)}${node.grouping ? '...' : ''}`;
      return `${node.form}(${held}${condition})${node.closed ? '' : '!'}`;
    }
    case 'conditional':
      return `(${inner(node.condition)}?${inner(node.consequent)}:${inner(node.alternative)})`;
    case 'binary':
      return `(${inner(node.left)}${node.operator}${inner(node.right)})`;
    case 'unary':
      return `(${node.operator}${inner(node.operand)})`;
    case 'call':
      return `${node.name}(${all(node.arguments)}${node.expand ? '...' : ''})${node.closed ? '' : '!'}`;
    case 'traversal':
      return inner(node.root) + node.steps.map((step) => drawStep(text, step)).join('');
    case 'paren':
      return `paren ${inner(node.expression)}`;
    case 'invalid':
      return `<?${text.slice(node.span.start, node.span.end)}>`;
  }
}

function drawStep(text: string, step: Step): string {
  if (step.kind === 'attribute') return `.${step.name}`;
  if (step.kind === 'splat') return step.full ? '[*]' : '.*';
  return `[${drawExpression(text, step.key)}]`;
}

function drawParts(text: string, parts: readonly TemplatePart[]): string {
  const source = (span: HclSpan) => JSON.stringify(text.slice(span.start, span.end)).slice(1, -1);
  return parts
    .map((part) => {
      if (part.kind === 'literal') return source(part.span);
      if (part.kind === 'escape') return `‹${JSON.stringify(part.text).slice(1, -1)}›`;
      const strip = `${part.stripLeft ? '~' : ''}${part.stripRight ? '~' : ''}`;
      const held = part.expression === undefined ? '' : drawExpression(text, part.expression);
      if (part.kind === 'interpolation') return `\${${strip}${held}}`;
      const names = part.variables.map((variable) => variable.name).join(',');
      return `%{${strip}${part.keyword} ${names}${names && ' in '}${held}}`;
    })
    .join('|');
}

describe('expressions', () => {
  test.each([
    ['1.5e3', '1500'],
    ['-1', '(-1)'],
    ['true', 'true'],
    ['null', 'null'],
    ['a-b', 'a-b'],
    ['a - b', '(a-b)'],
    ['日本é_1-x', '日本é_1-x'],
    ['1 + 2 * 3 - 4', '((1+(2*3))-4)'],
    ['!a && b || c == d', '(((!a)&&b)||(c==d))'],
    ['a < b == c >= d % 2 / 3', '((a<b)==(c>=((d%2)/3)))'],
    ['c ? a : d ? e : f', '(c?a:(d?e:f))'],
    ['var.a.b[0].c["k"].0.d', 'var.a.b[0].c["k"][0].d'],
    ['a[*].b', 'a[*].b'],
    ['a.*.b', 'a.*.b'],
    ['f(x).y[local.i]', 'f(x).y[local.i]'],
    ['(a).b', 'paren a.b'],
    ['[1, 2][0]', '[1,2][0]'],
    ['(a\n + b)', 'paren (a+b)'],
    ['[]', '[]'],
    ['[\n  "a", # one\n  "b", /* two */\n  // three\n]', '["a","b"]'],
    ['f()', 'f()'],
    ['f(\n  a,\n  b...\n)', 'f(a,b...)'],
    ['provider::aws::arn_parse(x)', 'provider::aws::arn_parse(x)'],
    ['{}', '{}'],
    ['{ a = 1, "b" : 2, (c) = 3, true = 4 }', '{a:1,"b":2,paren c:3,true:4}'],
    ['{\n  a = 1\n  "${b}x" = {\n    c = 2 }\n\n  d.e = 3\n}', '{a:1,"${b}|x":{c:2},d.e:3}'],
    ['f({\n  a = [\n    1,\n    2\n  ]\n  b = 1\n})', 'f({a:[1,2],b:1})'],
    ['[for v in c : v.x]', 'list(for v in c:v.x)'],
    ['[\n for i, v in c :\n "${i}" if v != ""\n]', 'list(for i,v in c:"${i}" if (v!=""))'],
    ['{ for k, v in c : k => v... if v }', 'object(for k,v in c:k=>v... if v)'],
    ['{\n  for k in c : k =>\n    k\n}', 'object(for k in c:k=>k)'],
  ])('%s', (source, tree) => {
    expect(value(source)).toBe(tree);
  });
});

describe('templates', () => {
  test.each([
    ['""', '""'],
    ['"a"', '"a"'],
    ['"${x}"', '"${x}"'],
    ['"a${ x }b${~ y ~}"', '"a|${x}|b|${~~y}"'],
    ['"a\\n\\"\\\\\\u00e9\\U0001F600"', '"a|‹\\n›|‹\\"›|‹\\\\›|‹é›|‹😀›"'],
    ['"$${a} %%{b} $ $$ % $x"', '"‹${›|a} |‹%{›|b} $ $$ % $x"'],
    ['"$$${a}"', '"$|‹${›|a}"'],
    ['"${f("${g("a")}", {b = "}"})}c"', '"${f("${g("a")}",{b:"}"})}|c"'],
    ['"${\n  x\n}y"', '"${x}|y"'],
    ['"%{ if a }b%{ else ~}c%{~ endif }"', '"%{if a}|b|%{~else }|c|%{~endif }"'],
    ['"%{ for k, v in m }${k}%{ endfor }"', '"%{for k,v in m}|${k}|%{endfor }"'],
    ['"a # b // c /* d"', '"a # b // c /* d"'],
  ])('%s', (source, tree) => {
    expect(value(source)).toBe(tree);
  });

  test.each([
    ['<<EOT\na\n\\n ${x} $${y}\n  EOT', '<EOT:a\\n\\\\n |${x}| |‹${›|y}\\n>'],
    ['<<-EOT\n    a\n      b ${x}\n\n    ${y}\n  EOT', '<EOT:a\\n|  b |${x}|\\n|\\n|${y}|\\n>'],
    ['<<-EOT\n  a\n${y}\n  EOT', '<EOT:  a\\n|${y}|\\n>'],
    ['<<-EOT\n\ta\n\t%{ if b }\n\tc\n\t%{ endif }\n\tEOT', '<EOT:a\\n|%{if b}|\\n|c\\n|%{endif }|\\n>'],
    ['f(<<A, 1)\nx\nA\n', ''],
    ['f(<<A\nx\nA\n, <<B\ny\nB\n)', 'f(<A:x\\n>,<B:y\\n>)'],
    ['<<EOT\nEOT', '<EOT:>'],
    ['<<EOT\nEOTX\nX EOT\n${x}EOT\nEOT', '<EOT:EOTX\\nX EOT\\n|${x}|EOT\\n>'],
    ['<<E\n${f(<<E\nx\nE\n)}\nE', '<E:${f(<E:x\\n>)}|\\n>'],
    ['<<EOT\r\na\r\nEOT\r', '<EOT:a\\r\\n>'],
  ])('%j', (source, tree) => {
    if (tree === '') expect(parseHcl(`a = ${source}`).problems.length).toBeGreaterThan(0);
    else expect(value(source)).toBe(tree);
  });

  test('what is no expression stays an interpolation, and the string goes on', () => {
    const text = 'a = "x/${aws:username}/*"\nb = "${}"\nc = "${~ a b ~}z"\nd = "%{ elsif x }"\ne = 1';
    const tree = 'a="x/|${<?aws:username>}|/*" b="${<?>}" c="${~~<?a b>}|z" d="%{invalid <?elsif x>}" e=1';
    expect(draw(text)).toBe(tree);
    expect(problems(text)).toHaveLength(4);
  });

  test('an unknown escape is literal text with a problem', () => {
    expect(draw('a = "\\d\\u12"')).toBe('a="\\\\d\\\\u12"');
    expect(problems('a = "\\d\\u12"')).toEqual([
      '`\\d` is no escape sequence; a backslash is written `\\\\`',
      '`\\u` is no escape sequence; a backslash is written `\\\\`',
    ]);
  });
});

describe('bodies', () => {
  test.each([
    ['', ''],
    ['\uFEFFa = 1\r\nb = 2\r\n', 'a=1 b=2'],
    ['locals { a = 1 }', 'locals{a=1}'],
    ['resource "a" "b" {\n  c {\n  }\n  d "e" f { g = 1 }\n}\n', 'resource.a.b{c{} d.e.f{g=1}}'],
    ['a = 1 # x\n/* y\n*/ b = 2 // z\n# end', 'a=1 b=2'],
  ])('%j', (source, tree) => {
    expect(draw(source)).toBe(tree);
    expect(problems(source)).toEqual([]);
  });

  test('spans are those of the source', () => {
    const text = 'é = 1\nresource "a" "b" { c = "d" } # e';
    const { body, comments } = parseHcl(text);
    const block = body.items[1];
    if (block?.kind !== 'block') throw new Error('no block');
    const words = [block.span, block.typeSpan, block.bodySpan, ...block.labels.map((label) => label.span)];
    expect(words.map((span) => text.slice(span.start, span.end))).toEqual([
      'resource "a" "b" { c = "d" }',
      'resource',
      ' c = "d" ',
      '"a"',
      '"b"',
    ]);
    expect(comments.map(({ span }) => text.slice(span.start, span.end))).toEqual(['# e']);
  });

  test('every comment is kept once, in order, also where text is read twice', () => {
    const text = '// 1\na = [ # 2\n "${b /* 3 */ c}", # 4\n "x${[ # 5\n"y" # 6\n]\n';
    const found = parseHcl(text).comments.map(({ span }) => text.slice(span.start, span.end));
    expect(found).toEqual(['// 1', '# 2', '# 4', '# 6']);
  });
});

describe('recovery', () => {
  const next = '\nresource "b" "c" {\n  d = 1\n}\n';
  const rest = 'resource.b.c{d=1}';
  test.each([
    ['data "p" "q" {\n  actions = [ "s3:Get', 'data.p.q{actions=["s3:Get"!]!}!'],
    ['data "p" "q" {\n  actions = [ "s3:Get\n  e = "*"\n}', 'data.p.q{actions=["s3:Get"!]! e="*"}'],
    [
      'data "p" "q" {\n  actions = [\n    "s3:Get",\n    "s3:Put]\n  e = ["*"]\n}',
      'data.p.q{actions=["s3:Get","s3:Put]"!]! e=["*"]}',
    ],
    ['data "p" "q" {\n  actions = [\n  statement {\n  }\n}', 'data.p.q{actions=[]! statement{}}'],
    ['data "p" "q" {\n  actions = \n  e = 1\n}', 'data.p.q{actions=<?> e=1}'],
    ['data "p" "q" {\n  acti\n  e = 1\n}', 'data.p.q{e=1}'],
    ['data "p" "q" {\n  a = "x\n}', 'data.p.q{a="x"!}'],
    ['data "p" "q" {\n  a = "${var.\n}', 'data.p.q{a="${var.}"!}'],
    ['data "p" "q" {\n  a = "${var.x"\n}', 'data.p.q{a="${var.x}"}'],
    ['data "p" "q" {\n  a = "${var.x\n}', 'data.p.q{a="${var.x}"!}'],
    ['data "p" "q" {\n  a = ["${var.x", "y"]\n}', 'data.p.q{a=["${var.x}","y"]}'],
    ['data "p" "q" {\n  a = f({\n    b = 1\n}', 'data.p.q{a=f({b:1})!}!'],
    [
      'data "p" "q" {\n  a = f({\n    b = [{\n    c = "x\n    "d": 1\n    }]\n  })\n}',
      'data.p.q{a=f({b:[{c:"x"!,"d":1}]})}',
    ],
    [
      'data "p" "q" {\n  a = f({ "Action": ["x",\n "Resource": "*" })\n}',
      'data.p.q{a=f({"Action":["x"]!,"Resource":"*"})}',
    ],
    ['data "p" "q" {\n  a = 1\n', 'data.p.q{a=1}!'],
    ['data "p" "q" {\n  s {\n    a = 1\n', 'data.p.q{s{a=1}!}!'],
    ['data "p" "q" {\n  a = 1\n}}\n)]', 'data.p.q{a=1}'],
    ['data "p" "q" {\n  a = [1, )2]\n  b = (1 ]\n}', 'data.p.q{a=[1,2] b=paren 1}'],
    ['data "p" "q" {\n  a = <<EOF\n{ "x": 1 }', 'data.p.q{a=<EOF:{ \\"x\\": 1 }>!}!'],
    ['data "p" "q" {\n  a = <<EOF', 'data.p.q{a=<EOF:>!}!'],
    ['data "p" "q" {\n  a = {\n    x\n    y =\n    z = 1\n  }\n}', 'data.p.q{a={x:<?>,y:<?>,z:1}}'],
    ['data "p" "q" {\n  a = { x = 1 y = 2, , z = 3 $ }\n}', 'data.p.q{a={x:1,y:2,z:3}}'],
    ['data "p" "q" {\n  a = var.\n  b = [var.\n  ]\n  c = 1\n}', 'data.p.q{a=var. b=[var.] c=1}'],
    ['data "p" "q" {\n  a = b[\n  c = 1\n}', 'data.p.q{a=b[<?>] c=1}'],
    ['data "p" "q" {\n  a = ["x" "y"\n  "z"]\n  b = [x ? ]\n}', 'data.p.q{a=["x","y","z"] b=[(x?<?>:<?>)]}'],
    ['data "p" "q" {\n  a = 1 b = 2, c = 3 4\n  d : 5\n}', 'data.p.q{a=1 b=2 c=3 d=5}'],
    ['data "p" "q" {\n  $ % \0\n  "k" = { \n 1 }\n  a = 1\n}', 'data.p.q{a=1}'],
    ['data "p" "q', ''],
    ['/* half', ''],
    ['data "p" "q" {\n  a = [for x in y : x\n}', 'data.p.q{a=list(for x in y:x)!}'],
    ['data "p" "q" {\n  a = [for\n}', 'data.p.q{a=[for]!}'],
  ])('%j leaves the next block alive', (source, tree) => {
    expect(draw(source + next)).toBe(tree === '' ? rest : `${tree} ${rest}`);
    expect(problems(source + next).length).toBeGreaterThan(0);
  });

  test('a heredoc ends at its terminator even where a header stands before it', () => {
    expect(value('<<E\nresource "a" "b" {\nE')).toBe('<E:resource \\"a\\" \\"b\\" {\\n>');
  });

  test('a lone half-typed line gives a problem and no item', () => {
    expect(parseHcl('resource').body.items).toEqual([]);
    expect(problems('resource')).toEqual(['Expected `=` or `{`']);
  });
});

const RICH = `# head
terraform { required_version = ">= 1.5" }
/* block
comment */
data "aws_iam_policy_document" "é😀" {
  statement {
    actions   = concat(["s3:Get*", "s3:\${var.verb}Object"], var.more...) // tail
    resources = [aws_s3_bucket.a.arn, "\${aws_s3_bucket.a.arn}/*", local.x[*].arn, a.0.b.*.c]
    condition {
      test   = "StringLike"
      values = ["$\${aws:username}\\n\\u00e9", "\${aws:oops}", "%{ if a ~}x%{ endif }"]
    }
  }
}
resource "aws_iam_policy" "b" {
  policy = jsonencode({ Version = "2012-10-17", "Statement" : [{ (k) = !x ? -1 : 2 * 3 }] })
  other  = { for k, v in m : k => v... if v != null }
  doc    = <<-EOT
    { "Resource": [ \${join(",", [for a in var.arns : "\${a}/*"])} ] }
      $\${x} %{ for i in l }y%{ endfor }
  EOT
}
locals {\r
  a = (1 +\r
    2)\r
}\r
`;

describe('laws', () => {
  test('the rich example has no problem', () => {
    expect(problems(RICH)).toEqual(['`${` does not hold an expression']);
    expect(honest(parseHcl(RICH))).toBeGreaterThan(150);
  });

  test('every prefix, and every text without one character, is answered with true spans', () => {
    for (let cut = 0; cut <= RICH.length; cut++) {
      honest(parseHcl(RICH.slice(0, cut)));
      honest(parseHcl(RICH.slice(0, cut) + RICH.slice(cut + 1)));
    }
  });

  const tokens =
    '{ } [ ] ( ) " \\ \n \r\n ${ %{ $${ } ~} <<E <<-E E\n = == => : ? , . ... * - ! + && < # // /* */ for in if a b-c é 😀 \uD800 \0 1 1.5e \t'
      .split(' ')
      .concat(' ', '\nresource "a" "b" {', 'statement {', 'a = ', '"x"', '"${', '\uFEFF');
  test('any soup of tokens is answered with true spans', () => {
    let nodes = 0;
    const soup = fc.array(fc.constantFrom(...tokens), { maxLength: 60 });
    fc.assert(
      fc.property(soup, (words) => {
        nodes += honest(parseHcl(words.join('')));
      }),
      { numRuns: 5000 },
    );
    expect(nodes).toBeGreaterThan(10_000);
  });

  test('any text is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        honest(parseHcl(text));
      }),
    );
  });

  test.each(['[', '(', '{a=', 'f(', '!', 'a ? ', 'a + ', '"${', '[for a in ', 'a[', '{ for a in b : a => ', '<<E\n${'])(
    '%j nested 5,000 deep ends in a shallow tree',
    (opener) => {
      const file = parseHcl(`a = ${opener.repeat(5000)}\nresource "b" "c" {}\n`);
      expect(honest(file)).toBeGreaterThan(0);
      expect(depthOf(file)).toBeLessThan(2500);
    },
  );

  test('blocks nested 5,000 deep end in a shallow tree, and the next block lives', () => {
    const text = `${'b {\n'.repeat(5000)}${'}\n'.repeat(5000)}resource "b" "c" {}\n`;
    expect(draw(text).endsWith(' resource.b.c{}')).toBe(true);
    expect(depthOf(parseHcl(text))).toBeLessThan(2500);
    expect(draw(`${'b {\n'.repeat(5000)}resource "b" "c" {}\n`).endsWith(' resource.b.c{}')).toBe(true);
  });

  test('a list nested 5,000 deep closes where it should', () => {
    const text = `a = ${'['.repeat(5000)}${']'.repeat(5000)}\nb = 1`;
    expect(draw(text).endsWith(' b=1')).toBe(true);
    expect(problems(text)).toEqual(['This is nested too deep to be read']);
  });

  test.each([
    ['quotes in interpolations', '"${ '],
    ['lists of them', 'a=["${ "${ "${'],
    ['lines of them', 'a = "${[\n'],
    ['calls in them', 'a="${f("${f("\n'],
    ['heredocs of one name', 'resource "a" "b" {\na = <<A\n'],
    ['comments', '/* '],
    ['wrong escapes', '"\\u'],
    ['wrong interpolations', '"${a:b}'],
  ])('%s, repeated without end, are read in the time of the text', (_, piece) => {
    expect(honest(parseHcl(piece.repeat(20_000)))).toBeGreaterThan(-1);
  });

  test('heredocs of 20,000 names, none closed, are read in the time of the text', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `a = <<A${index}\nresource "a" "b" {\n`).join('');
    expect(parseHcl(text).body.items.length).toBeGreaterThan(20_000);
  });
});

function problems(text: string): readonly string[] {
  return parseHcl(text).problems.map((problem) => problem.message);
}

/** Counts the nodes, after checking that spans lie in the text, children in parents, and siblings in order. */
function honest(file: HclFile): number {
  let nodes = 0;
  const visit = (value: unknown, outer: HclSpan): void => {
    if (typeof value !== 'object' || value === null) return;
    const span = 'span' in value ? (value.span as HclSpan) : undefined;
    if (span !== undefined) {
      nodes++;
      if (!(outer.start <= span.start && span.start <= span.end && span.end <= outer.end)) {
        throw new Error(`${JSON.stringify(span)} is not in ${JSON.stringify(outer)}: ${JSON.stringify(file.text)}`);
      }
    }
    if (Array.isArray(value)) inOrder(value);
    for (const [key, child] of Object.entries(value)) {
      if (key.endsWith('Span')) visit({ span: child }, span ?? outer);
      else if (key !== 'span') visit(child, span ?? outer);
    }
  };
  const inOrder = (list: readonly { readonly span?: HclSpan }[]): void => {
    let last = 0;
    for (const { span } of list) {
      if (span === undefined) continue;
      if (span.start < last) throw new Error(`siblings overlap at ${span.start}: ${JSON.stringify(file.text)}`);
      last = span.end;
    }
  };
  const whole = { start: 0, end: file.text.length };
  visit(file.body, whole);
  visit(file.comments, whole);
  for (const problem of file.problems) visit(problem, whole);
  return nodes;
}

function depthOf(root: unknown): number {
  let deepest = 0;
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const child of Object.values(next.value)) waiting.push({ value: child, depth: next.depth + 1 });
  }
  return deepest;
}

import { describe, expect, test } from 'vitest';
import { renderGraph } from '../../src/render/graph.ts';

const HOSTILE = [
  'a"];click x',
  'b\\"-> c',
  'c\nd',
  '<script>',
  '`x`',
  '#35;',
  'end',
  'ünïcode',
  '\u001b[2J',
  'b\udcff',
];

function drawn(names: readonly string[]) {
  const graph = new Map(names.map((name, index) => [name, index === 0 ? [] : [names[index - 1] as string]]));
  return { graph, affected: new Map<string, 'direct' | 'dependent'>([[names[0] as string, 'direct']]) };
}

describe('names that would change the picture', () => {
  test('mermaid: every character that could be syntax is written as its number', () => {
    const lines = renderGraph(drawn(HOSTILE), 'mermaid').trimEnd().split('\n');
    expect(lines).toEqual([
      'graph LR',
      '  i0["a#34;#93;#59;click x"]:::direct',
      '  i1["b#92;#34;-#62; c"]',
      '  i2["c#92;nd"]',
      '  i3["#60;script#62;"]',
      '  i4["#96;x#96;"]',
      '  i5["#35;35#59;"]',
      '  i6["end"]',
      '  i7["ünïcode"]',
      '  i8["#92;u001b#91;2J"]',
      '  i9["b#92;xff"]',
      ...HOSTILE.slice(1).map((_, index) => `  i${index} --> i${index + 1}`),
      '  classDef direct fill:#fc6d26,color:#000',
      '  classDef dependent fill:#fdbc60,color:#000',
    ]);
  });

  test('dot: one quoted word each', () => {
    const lines = renderGraph(drawn(HOSTILE), 'dot').trimEnd().split('\n');
    const word = String.raw`"(?:[^"\\]|\\["\\])*"`;
    for (const line of lines.slice(3, -1)) {
      expect(line).toMatch(
        new RegExp(`^  ${word}(?: -> ${word}| \\[style=filled, fillcolor="#[0-9a-f]{6}"\\])?;$`),
      );
    }
    expect(lines).toContain(String.raw`  "b\\\"-> c" -> "c\\nd";`);
    expect(lines).toHaveLength(4 + HOSTILE.length + HOSTILE.length - 1);
  });

  test('json: the names as they are', () => {
    const { images } = JSON.parse(renderGraph(drawn(HOSTILE), 'json')) as { images: { name: string }[] };
    expect(images.map(({ name }) => name)).toEqual(HOSTILE);
  });
});

test.each([
  ['mermaid', 'graph LR\n'],
  ['dot', 'digraph images {\n  rankdir=LR;\n  node [shape=box];\n}\n'],
  ['json', '{\n  "images": []\n}\n'],
] as const)('%s of no images', (format, expected) => {
  expect(renderGraph({ graph: new Map(), affected: new Map() }, format)).toBe(expected);
});

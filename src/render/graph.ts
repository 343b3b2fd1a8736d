import type { ImageGraph } from '../images/graph.ts';
import { printable, printableJson } from './printable.ts';

/** An image graph to draw: who is built from whom, and which images are affected. */
export interface DrawnGraph {
  graph: ImageGraph;
  affected: ReadonlyMap<string, 'direct' | 'dependent'>;
}

export type GraphFormat = 'mermaid' | 'dot' | 'json';

export function renderGraph(drawn: DrawnGraph, format: GraphFormat): string {
  switch (format) {
    case 'mermaid':
      return mermaid(drawn);
    case 'dot':
      return dot(drawn);
    case 'json':
      return json(drawn);
  }
}

/** Arrows go from an image to those built from it, the way a build goes. */
function edgesOf(graph: ImageGraph): [string, string][] {
  return [...graph].flatMap(([name, needed]) => needed.map((base): [string, string] => [base, name]));
}

function mermaid({ graph, affected }: DrawnGraph): string {
  const ids = new Map([...graph.keys()].map((name, index) => [name, `i${index}`]));
  const lines = ['graph LR'];
  for (const [name, id] of ids) {
    const style = affected.get(name);
    lines.push(`  ${id}["${mermaidText(name)}"]${style === undefined ? '' : `:::${style}`}`);
  }
  for (const [base, name] of edgesOf(graph)) lines.push(`  ${ids.get(base)} --> ${ids.get(name)}`);
  if (affected.size > 0) {
    lines.push('  classDef direct fill:#fc6d26,color:#000', '  classDef dependent fill:#fdbc60,color:#000');
  }
  return `${lines.join('\n')}\n`;
}

/** Mermaid reads `#nn;` as a character, so everything that could be its syntax becomes one. */
function mermaidText(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N} ._/-]/gu, (character) => `#${character.codePointAt(0)};`);
}

function dot({ graph, affected }: DrawnGraph): string {
  const fill = { direct: '#fc6d26', dependent: '#fdbc60' };
  const lines = ['digraph images {', '  rankdir=LR;', '  node [shape=box];'];
  for (const name of graph.keys()) {
    const style = affected.get(name);
    lines.push(
      `  ${dotText(name)}${style === undefined ? '' : ` [style=filled, fillcolor="${fill[style]}"]`};`,
    );
  }
  for (const [base, name] of edgesOf(graph)) lines.push(`  ${dotText(base)} -> ${dotText(name)};`);
  return `${[...lines, '}'].join('\n')}\n`;
}

function dotText(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}

function json({ graph, affected }: DrawnGraph): string {
  const images = [...graph].map(([name, dependsOn]) => ({
    name,
    dependsOn,
    affected: affected.get(name) ?? null,
  }));
  return printableJson({ images });
}

/** The first circle of a directed graph, as the names along it, or undefined. Edges to unknown names don't count. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const circle = walk({ edges, done, path: [] }, start);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

interface Walk {
  readonly edges: ReadonlyMap<string, readonly string[]>;
  readonly done: Set<string>;
  readonly path: string[];
}

function walk(state: Walk, name: string): readonly string[] | undefined {
  const { edges, done, path } = state;
  if (path.includes(name)) return path.slice(path.indexOf(name));
  if (done.has(name)) return undefined;
  path.push(name);
  for (const next of edges.get(name) ?? []) {
    const circle = walk(state, next);
    if (circle !== undefined) return circle;
  }
  path.pop();
  done.add(name);
  return undefined;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { treeBefore, underived } from '../../src/git/derived-tree.ts';
import { overlayChanges } from '../../src/git/change-sets.ts';
import { createTree, type TreeEntry } from '../../src/tree.ts';
import { entriesOf } from '../support/tree-entries.ts';

const entry = fc.record({
  mode: fc.constantFrom('100644', '120000'),
  oid: fc.constantFrom('1'.repeat(40), '2'.repeat(40)),
});
const state = fc
  .dictionary(fc.constantFrom('a', 'b', 'd/a', 'd/Dockerfile', 'e/Dockerfile'), entry)
  .map((entries) => new Map(Object.entries(entries)));

test('a tree made from one after the other is the tree itself', () => {
  fc.assert(
    fc.property(fc.array(state, { minLength: 1 }), fc.boolean(), (states, isCrowded) => {
      // More paths at once than are kept in front of a tree.
      const crowd = Array.from({ length: isCrowded ? 300 : 0 }, (_, index) => `crowd/${index}`);
      const trees = states.map((entries, index) => {
        const oid = String(index).padStart(40, '3');
        return new Map([
          ...entries,
          ...crowd.map((path): [string, TreeEntry] => [path, { mode: '100644', oid }]),
        ]);
      });
      let derived = underived(createTree(trees[0] as Map<string, TreeEntry>));
      for (const [index, wanted] of trees.entries()) {
        if (index === 0) continue;
        derived = treeBefore(derived, changesBack(wanted, trees[index - 1] as Map<string, TreeEntry>));
        const plain = createTree(wanted);
        expect(entriesOf(derived.tree)).toEqual(entriesOf(plain));
        expect(derived.tree.links).toEqual(plain.links);
        expect(derived.tree.submodules).toEqual(plain.submodules);
        expect(derived.tree.endingWith('Dockerfile')).toEqual(plain.endingWith('Dockerfile'));
        expect(derived.own.size).toBeLessThan(300);
      }
    }),
  );
});

/** What leads from `before` to `after`. */
function changesBack(before: Map<string, TreeEntry>, after: Map<string, TreeEntry>) {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const dirty = new Map([...paths].map((path) => [path, after.get(path)]));
  return overlayChanges({ changes: [], base: createTree(before), dirty });
}

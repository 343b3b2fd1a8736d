import { spawnSync } from 'node:child_process';

/** A value as Ruby holds it: its class, and its content (pairs for a Hash, items for an Array, else its `to_s`). */
export interface RubyValue {
  readonly class: string;
  readonly text?: string;
  readonly items?: readonly RubyValue[];
  readonly pairs?: readonly (readonly [RubyValue, RubyValue])[];
}

export type PsychResult = { readonly value: RubyValue } | { readonly error: string };

/**
 * Loads YAML with real Ruby in the way GitLab does: aliases and symbols are allowed, no other class, and
 * `!reference` is a tag of its own (it comes back as class `Reference` with its list as `items`). Returns undefined
 * where no `ruby` is on PATH: the caller says so instead of passing. Source: lib/gitlab/config/loader/yaml.rb.
 */
export function psychParse(text: string): PsychResult | undefined {
  const ruby = spawnSync('ruby', ['-ryaml', '-rjson', '-e', PROGRAM], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (ruby.error !== undefined) return undefined;
  if (ruby.status !== 0) throw new Error(`ruby failed: ${ruby.stderr}`);
  return JSON.parse(ruby.stdout) as PsychResult;
}

const PROGRAM = String.raw`
class Reference
  attr_reader :items
  def init_with(coder) = @items = coder.seq
end
Psych.add_tag('!reference', Reference)

def describe(value)
  case value
  when Hash then { class: 'Hash', pairs: value.map { |pair| pair.map { |item| describe(item) } } }
  when Array then { class: 'Array', items: value.map { |item| describe(item) } }
  when Reference then { class: 'Reference', items: value.items.to_a.map { |item| describe(item) } }
  else { class: value.class.name, text: value.to_s }
  end
end

begin
  text = STDIN.read.force_encoding('UTF-8')
  value = YAML.safe_load(text, permitted_classes: [Symbol, Reference], aliases: true)
  puts JSON.generate(value: describe(value))
rescue Psych::Exception, ArgumentError => error
  puts JSON.generate(error: error.message)
end
`;

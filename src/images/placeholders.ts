const PLACEHOLDER = /(?<!\$)\{([A-Za-z_]\w*)\}/;

/**
 * Patterns with `{placeholders}`, as `names` and `references` in the config use them: a placeholder stands for one or
 * more characters other than `/`, everything else for itself. `docker/base/{x}` matches `docker/base/java`, x = `java`.
 * The config's schema sees to it that no placeholder stands twice in a pattern.
 */
export function compilePlaceholders(
  pattern: string,
): (text: string) => Readonly<Record<string, string>> | undefined {
  // Splitting at a capturing expression puts the placeholders' names at the odd places.
  const parts = pattern.split(PLACEHOLDER);
  const names = parts.filter((_, index) => index % 2 === 1);
  const source = parts.map((part, index) => (index % 2 === 1 ? '([^/]+)' : escapeRegExp(part))).join('');
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const match = expression.exec(text);
    if (!match) return undefined;
    return Object.fromEntries(names.map((name, index) => [name, match[index + 1] as string]));
  };
}

/** Puts the values where their placeholders stand. */
export function fillPlaceholders(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(new RegExp(PLACEHOLDER, 'g'), (part, name: string) => values[name] ?? part);
}

/** Whether each placeholder of the pattern has a value. */
export function placeholdersFilled(pattern: string, values: Readonly<Record<string, string>>): boolean {
  return pattern.split(PLACEHOLDER).every((part, index) => index % 2 === 0 || Object.hasOwn(values, part));
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

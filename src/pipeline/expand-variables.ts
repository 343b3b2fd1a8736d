/** `$NAME` and `${NAME}` with what the variables hold; `missing` are those that hold nothing, which become nothing. */
export function expandVariables(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): { text: string; missing: readonly string[] } {
  const missing: string[] = [];
  const expanded = text.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (_, plain?: string, braced?: string) => {
    const name = plain ?? (braced as string);
    const value = variables[name];
    if (!value) missing.push(name);
    return value ?? '';
  });
  return { text: expanded, missing };
}

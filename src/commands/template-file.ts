/** Where a repository keeps the hidden jobs its images are built by. */
export const TEMPLATE_DIRECTORY = 'ci-templates';

export function isTemplateFile(path: string): boolean {
  return path.startsWith(`${TEMPLATE_DIRECTORY}/`) && /\.ya?ml$/.test(path);
}

// Git's own short form for ssh, `user@host:path` (BuildKit util/sshutil).
const SCP_STYLE = /^[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:/;
const GIT_URL = /^(?:git|ssh):\/\/|^https?:\/\/[^?#]*\.git(?:[?#]|$)/i;
const FILE_URL = /^(?:https?|ftp):\/\//;

/**
 * Whether an ADD source comes from elsewhere than the build context: a file at a URL, or a git repository (BuildKit
 * frontend/dockerfile/dfgitutil, ParseGitRef). `github.com/owner/name` is a path.
 */
export function isRemote(source: string): boolean {
  return FILE_URL.test(source) || GIT_URL.test(source) || SCP_STYLE.test(source);
}

import { createRepository, type Files, type TestRepository } from '../support/repository.ts';

/** base ← java ← trino by three ways of writing a reference, and an image that stands alone. */
export const PLATFORM = {
  'base/Dockerfile': 'FROM alpine:3.23.5\nCOPY files/ /\n',
  'base/files/motd': 'hello\n',
  'base/README.md': 'about\n',
  'java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nARG TAG=1\nFROM $CI_REGISTRY_IMAGE/base:${TAG}\n',
  'trino/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM ${CI_REGISTRY_IMAGE}/java\nCOPY . /etc/trino\n',
  'trino/.dockerignore': 'README.md\n',
  'trino/README.md': 'about\n',
  'alone/Dockerfile': 'FROM scratch\nCOPY run /run\n',
  'alone/run': '#!/bin/sh\n',
} satisfies Files;

export async function platform(
  more: Readonly<Record<string, string>> = {},
): Promise<{ repository: TestRepository; base: string }> {
  const repository = await createRepository();
  const base = await repository.commit({ ...PLATFORM, ...more });
  return { repository, base };
}

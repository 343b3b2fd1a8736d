import type { Files } from '../support/repository.ts';

const PARENTS = 'ARG REGISTRY=quay.io\nARG OWNER=acme\nARG BASE=$REGISTRY/$OWNER/';

/** Repositories of several shapes, as people have them. */
export const SHAPES = {
  'nothing to do': {
    'base/Dockerfile': 'FROM alpine:3.23\nCOPY files /\n',
    'base/files/motd': 'hello\n',
    'java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:1.2\n',
    'trino/Dockerfile': 'FROM java\nCOPY --from=base /etc/motd /etc/motd\n',
  },
  'by directory': {
    'images/base/Dockerfile': 'FROM ubuntu:24.04\n',
    'images/java/Dockerfile': `${PARENTS}base\nFROM $BASE\n`,
    'images/spark/Dockerfile': `${PARENTS}java:latest\nFROM $BASE\n`,
    'images/spark/cuda/Dockerfile': `${PARENTS}spark\nFROM $BASE\nCOPY --from=quay.io/acme/base / /\n`,
    'binder/Dockerfile': 'FROM quay.io/acme/spark:2026-07-28\nCOPY binder/notes /\n',
    'binder/notes': 'x',
    'tools/Dockerfile': `FROM quay.io/acme/java@sha256:${'0123456789abcdef'.repeat(4)}\n`,
    '.devcontainer/Dockerfile': 'FROM python:3.14\n',
    'examples/one/Dockerfile': 'FROM quay.io/acme/spark\n',
    'examples/two/Dockerfile': 'FROM quay.io/acme/spark\n',
  },
  'literal registry': {
    'base/Dockerfile': 'FROM registry.example.com/linux/alma9:20260205\n',
    'docker/java/Dockerfile':
      'ARG PARENT=v1.2\nFROM registry.example.com/group/platform/base:${PARENT}\nCOPY run.sh /\n',
    'docker/java/run.sh': '',
    'trino/Dockerfile': 'FROM registry.example.com/group/platform/java\n',
  },
  'registry by argument': {
    'docker/base/Dockerfile': 'FROM debian:13\n',
    'docker/java/Dockerfile': 'ARG REGISTRY\nARG TAG\nFROM ${REGISTRY}/base:$TAG\n',
    'docker/trino/Dockerfile': 'ARG REGISTRY\nARG PYTHON\nFROM $REGISTRY/java\nCOPY --from=tools / /\n',
    'docker/tools/Dockerfile': 'ARG PYTHON\nFROM python:$PYTHON\n',
  },
  'several Dockerfiles in one directory': {
    'web/Dockerfile': 'FROM nginx:1\nCOPY site /site\n',
    'web/Dockerfile.alpine': 'FROM nginx:1-alpine\nCOPY site /site\n',
    'web/Dockerfile.alpine.dockerignore': '*.md\n',
    'web/site/index.html': 'x',
    'web/Dockerfile.in': 'FROM @BASE@\n',
    'web/Dockerfile.old': 'FROM nginx:0\n',
    'web/Dockerfile.md': '# About the Dockerfiles\n',
    'web/Containerfile': 'FROM nginx:2\n',
    'tool/debug.Dockerfile': 'FROM acme/web:alpine\n',
    'shop/Dockerfile-slim': 'FROM acme/web\n',
  },
  'variants by tag': {
    'java/17/Dockerfile': 'FROM debian:13\n',
    'java/21/Dockerfile': 'FROM debian:13\n',
    'spark/Dockerfile': 'FROM registry.example.com/data/java:21\n',
    'flink/Dockerfile':
      'FROM registry.example.com/data/java:17\nCOPY --from=registry.example.com/data/spark / /\n',
  },
  'root context': {
    'docker/services/api/Dockerfile': 'FROM scratch\nCOPY src/api /api\n',
    'docker/services/web/Dockerfile': 'FROM scratch\nCOPY src/web/*.js shared /web/\n',
    'docker/batch/Dockerfile': 'FROM scratch\nCOPY run.sh /run.sh\nCOPY target/batch.jar /\n',
    'docker/batch/run.sh': '',
    'src/api/main.go': 'x',
    'src/web/main.js': 'x',
    'shared/theme.css': 'x',
  },
  'versions from bake files': {
    'apps/jackett/Dockerfile': 'FROM debian:13\nARG VERSION\nRUN get $VERSION\n',
    'apps/jackett/docker-bake.hcl': 'variable "VERSION" { default = "1" }\n',
    'apps/plain/Dockerfile': 'ARG TARGETARCH\nFROM debian:13\n',
    'apps/plain/docker-bake.hcl': '',
    'apps/web/Dockerfile': 'FROM nginx:1\nARG SITE=a\n',
    'apps/web/Dockerfile.alpine': 'FROM nginx:1\nARG SITE=a\n',
    'apps/web/docker-bake.json': '{}',
    'apps/web/docker-bake.override.json': '{}',
    'tools/a/Dockerfile': 'ARG V=1\nFROM debian:$V\n',
    'tools/b/Dockerfile': 'ARG V=1\nFROM debian:$V\n',
    'docker-bake.hcl': '',
  },
  'pinned only': {
    'base/Dockerfile': 'FROM debian:9\n',
    'name/Dockerfile': 'FROM acme/hadoop-base:2.0.0-java8\n',
    'data/Dockerfile': 'FROM acme/hadoop-base:2.0.0-java8\n',
    'nginx/Dockerfile': 'FROM nginx\n',
  },
  'names of somebody else': {
    'nginx/Dockerfile': 'FROM nginx\n',
    'proxy/Dockerfile': 'FROM nginx\n',
    'python/Dockerfile': 'FROM debian:13\n',
    'job/Dockerfile': 'FROM python:3.12\n',
    'shop/Dockerfile': 'FROM acme/kafka\n',
    'kafka/Dockerfile': 'FROM acme/kafka\n',
    'a/base/Dockerfile': 'FROM scratch\n',
    'b/base/Dockerfile': 'FROM scratch\n',
    'b/java/Dockerfile': 'FROM acme.io/base\nCOPY --from=acme.io/tool / /\n',
    'a/tool/Dockerfile': 'FROM scratch\n',
    'b/more/Dockerfile': 'FROM acme.io/java\n',
    'Upper/Case/Dockerfile': 'FROM scratch\nCOPY ../../a/x /\n',
  },
} satisfies Record<string, Files>;
